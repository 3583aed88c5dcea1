/** The log as the settings show it. */

export interface LogLine {
  /** As in the file: `2026-11-30 14:02:05.123`, this machine's time of day. */
  readonly at: string;
  readonly level: string;
  /** Of several lines where it is a trace. */
  readonly text: string;
}

const begin = /^\[([\d:. -]+)\] \[(\w+)\]\s*(.*)$/;

/** The latest lines of a log file, newest last; what a cut left of its first line is dropped. */
export function readLogLines(text: string, atMost: number): readonly LogLine[] {
  const lines: LogLine[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, at, level, said = ''] = begin.exec(line) ?? [];
    const last = lines.at(-1);
    if (at !== undefined && level !== undefined) lines.push({ at, level, text: said });
    else if (last && line !== '') lines[lines.length - 1] = { ...last, text: `${last.text}\n${line}` };
  }
  return lines.slice(-atMost);
}
