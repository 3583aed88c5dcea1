import { createReadStream } from 'node:fs';

/** A line of a file. `text` is null where it is longer than anybody may need. */
export interface FileLine {
  /** The first is 1. */
  readonly number: number;
  readonly text: string | null;
}

const lineFeed = 0x0a;
/** Far more than a record with every field there is. */
export const longestLineBytes = 1024 * 1024;

/**
 * The lines of a UTF-8 file, however large it is: no more than one line, or one chunk, is in memory. Empty ones
 * are left out.
 * @throws what reading the file throws, and the signal's reason
 */
export async function* linesOf(file: string, signal: AbortSignal): AsyncGenerator<FileLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 1;

  function finish(): FileLine | null {
    const text = length > longestLineBytes ? null : Buffer.concat(parts).toString('utf8').trim();
    const line = text === '' ? null : { number, text: text?.replace(/^\uFEFF/, '') ?? null };
    parts = [];
    length = 0;
    number += 1;
    return line;
  }
  function take(part: Buffer): void {
    length += part.length;
    // Too long already: it is only read to find where it ends.
    if (length <= longestLineBytes) parts.push(part);
    else parts = [];
  }

  for await (const chunk of createReadStream(file, { signal }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let to = chunk.indexOf(lineFeed); to >= 0; to = chunk.indexOf(lineFeed, from)) {
      take(chunk.subarray(from, to));
      const line = finish();
      if (line) yield line;
      from = to + 1;
    }
    take(chunk.subarray(from));
  }
  const last = finish();
  if (last) yield last;
}
