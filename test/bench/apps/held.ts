import { closeSync, createReadStream, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ExportedRecord } from '../../../domain/exported-record.ts';
import { everything, type Ordering, type ReviewQuery } from '../../../domain/review/query.ts';
import { parseQuery } from '../../../domain/review/query-parser.ts';
import { searchWords } from '../../../domain/words/search-words.ts';

/** What every way to hold records is asked for; see `../holder.ts`. */
export interface Held {
  /** The first records, of what is not opened or read yet. */
  readonly first: (count: number) => unknown;
  /** Records in order of time, newest first, from a position on. */
  readonly page: (from: number, count: number) => unknown;
  /** The first of those that fit. */
  readonly search: (text: string, by: Ordering, count: number) => unknown;
  /** All records as NDJSON. */
  readonly export: (file: string) => unknown;
  /** One fact and what it changed, JSON, made durable. */
  readonly commit: (text: string) => unknown;
  /** One record with the facts about it; only where there are any. */
  readonly open: (key: string) => unknown;
}

export async function* recordsIn(file: string): AsyncGenerator<ExportedRecord> {
  const lines = createInterface({ input: createReadStream(file) });
  for await (const line of lines) yield JSON.parse(line) as ExportedRecord;
}

export function queryOf(text: string): ReviewQuery {
  const read = parseQuery(text, Date.now());
  return read.ok ? read.query : everything;
}

export const happenedAt = (record: ExportedRecord): number =>
  Date.parse(record.alertedAt ?? record.firstSeenAt);

const begin = (text: string, words: readonly string[]): boolean =>
  words.flatMap(searchWords).every((word) => text.includes(` ${word}`));

/** As far as the questions go: words, a queue, a role. */
export function fits({ words, queue, role }: ReviewQuery, record: ExportedRecord, all: string): boolean {
  return (
    begin(all, words) &&
    (queue.length === 0 || begin(` ${searchWords(record.queueName ?? '').join(' ')}`, queue)) &&
    (role === null || record.role === role)
  );
}

export const wordsOf = ({ peerName, queueName, wrapup }: ExportedRecord): string =>
  ` ${searchWords([peerName, queueName, wrapup?.name, wrapup?.notes].join(' ')).join(' ')}`;

const nameOf = (record: ExportedRecord, by: Ordering): string | null =>
  by === 'peer' ? record.peerName : by === 'code' ? (record.wrapup?.name ?? null) : record.queueName;

/** Newest first, or by name with those of one name newest first. */
export function sorter(by: Ordering): (one: ExportedRecord, other: ExportedRecord) => number {
  const newest = (one: ExportedRecord, other: ExportedRecord): number => happenedAt(other) - happenedAt(one);
  if (by === 'time') return newest;
  return (one, other) => {
    const names = [nameOf(one, by) ?? '\uffff', nameOf(other, by) ?? '\uffff'] as const;
    return names[0] < names[1] ? -1 : names[0] > names[1] ? 1 : newest(one, other);
  };
}

/** The least a disk can do: a line is written and on the disk. */
export function appender(file: string): (text: string) => void {
  const log = openSync(file, 'a');
  return (text) => {
    writeSync(log, `${text}\n`);
    fdatasyncSync(log);
  };
}

export function writeLines(file: string, records: Iterable<ExportedRecord>): void {
  const to = openSync(file, 'w');
  let some: string[] = [];
  const flush = (): void => {
    if (some.length > 0) writeSync(to, some.join(''));
    some = [];
  };
  for (const record of records) {
    if (some.push(`${JSON.stringify(record)}\n`) === 500) flush();
  }
  flush();
  closeSync(to);
}
