import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';

/** The place at the end of a line of a trace: `(/…/main.cjs:1:2345)`. */
const place = /((?:file:\/\/)?[^()\s]+\.cjs):(\d+):(\d+)(?=\)?$)/;

/**
 * What was thrown and where, in the lines of our sources: what runs is smaller than those, and its maps lie beside it.
 * They are read only here. A line without a map stays as it is.
 *
 * @param read the text of a file; throws where there is none
 */
export function readableTrace(
  error: unknown,
  read: (file: string) => string = (file) => readFileSync(file, 'utf8'),
): string {
  if (!(error instanceof Error)) return String(error);
  const maps = new Map<string, SourceMap | null>();

  function mapOf(file: string): SourceMap | null {
    const known = maps.get(file);
    if (known !== undefined) return known;
    let map: SourceMap | null = null;
    try {
      map = new SourceMap(JSON.parse(read(`${file}.map`)) as SourceMapPayload);
    } catch {
      // A trace that is harder to read is better than none.
    }
    maps.set(file, map);
    return map;
  }

  return (error.stack ?? error.message)
    .split('\n')
    .map((line) =>
      line.replace(place, (written, file: string, at: string, column: string) => {
        const found = mapOf(file)?.findEntry(Number(at) - 1, Number(column) - 1);
        if (!found || !('originalSource' in found)) return written;
        const source = found.originalSource.replace(/^(?:\.\.?\/)+/, '');
        return `${source}:${String(found.originalLine + 1)}:${String(found.originalColumn + 1)}`;
      }),
    )
    .join('\n');
}
