import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import Conf from 'conf';
import type { ExportedRecord } from '../../../domain/exported-record.ts';
import { everything, newestFirst, type Ordering, type ReviewOrder } from '../../../domain/review/query.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import { openDatabase } from '../../../electron/store/client.ts';
import { writeExport } from '../../../electron/store/export.ts';
import { pageOfRecords, type RecordPage } from '../../../electron/store/records.ts';
import { find } from '../../../electron/store/review/find.ts';
import { openPlain } from '../plain.ts';
import type { Question } from '../holder.ts';
import { appender, fits, queryOf, recordsIn, sorter, wordsOf, writeLines, type Held } from './held.ts';

/**
 * Records held in several ways, each in a process of its own: `holder.cjs <database|plain|conf|scan> <file> <folder>`.
 * Reads one JSON question a line and answers each with one line. `database` is the product's, `file` its worker
 * and HOLDER_KEY its key; `plain` is SQLite without encryption, asked with the store's own code; the others
 * read `file` as NDJSON. `conf` is what electron-store reads and writes its file with outside of Electron too.
 */
const [, , kind = '', file = '', folder = ''] = process.argv;

const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const unasked = (): never => {
  throw new Error('not asked');
};
const orderOf = (by: Ordering): ReviewOrder => (by === 'time' ? newestFirst : { by, descending: false });

/** Everything in the store's one file: what is not in memory between two questions is read again. */
async function inConf(): Promise<Held> {
  type Stored = Record<string, unknown>;
  const opened = (): Conf =>
    new Conf<Stored>({
      cwd: folder,
      configName: 'held',
      projectName: 'bench',
      accessPropertiesByDotNotation: false,
    });
  const store = opened();
  const all: Record<string, ExportedRecord> = {};
  let number = 0;
  for await (const record of recordsIn(file)) all[`${(number += 1)}`] = record;
  store.store = all;
  const records = (from = store): ExportedRecord[] =>
    Object.values(from.store as Record<string, ExportedRecord>);
  let added = 0;
  return {
    first: (count) => records(opened()).sort(sorter('time')).slice(0, count),
    page: (from, count) =>
      records()
        .sort(sorter('time'))
        .slice(from, from + count),
    search: (text, by, count) => {
      const query = queryOf(text);
      return records()
        .filter((record) => fits(query, record, wordsOf(record)))
        .sort(sorter(by))
        .slice(0, count);
    },
    export: (to) => writeLines(to, records().sort(sorter('time')).reverse()),
    // `set` is how it makes one thing durable: the whole file is written and synced.
    commit: (text) => store.set(`new ${(added += 1)}`, JSON.parse(text)),
    open: unasked,
  };
}

interface Line {
  readonly words: string;
  readonly record: ExportedRecord;
}

async function readAll(): Promise<Line[]> {
  const all: Line[] = [];
  for await (const record of recordsIn(file)) all.push({ words: wordsOf(record), record });
  const newest = sorter('time');
  return all.sort((one, other) => newest(one.record, other.record));
}

/** Sorted and folded beforehand, and kept: the quickest plain look there is, for the price of its memory. */
async function inMemory(): Promise<Held> {
  const all = await readAll();
  const sorted = new Map<Ordering, Line[]>([['time', all]]);
  const inOrder = (by: Ordering): Line[] => {
    const compare = sorter(by);
    const known = sorted.get(by) ?? [...all].sort((one, other) => compare(one.record, other.record));
    sorted.set(by, known);
    return known;
  };
  return {
    first: async (count) => (await readAll()).slice(0, count),
    page: (from, count) => all.slice(from, from + count),
    search: (text, by, count) => {
      const query = queryOf(text);
      const found: ExportedRecord[] = [];
      for (const { words, record } of inOrder(by)) {
        if (!fits(query, record, words)) continue;
        found.push(record);
        if (found.length === count) break;
      }
      return found;
    },
    export: (to) => writeLines(to, reversed(all)),
    commit: appender(path.join(folder, 'log')),
    open: unasked,
  };
}

function* reversed(lines: readonly Line[]): Generator<ExportedRecord> {
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const line = lines[at];
    if (line) yield line.record;
  }
}

function inPlain(): Held {
  const engine = openPlain(file, { readOnly: false });
  async function* records(): AsyncGenerator<ExportedRecord> {
    let after: RecordPage['next'] = -1;
    do {
      const page: RecordPage = await Promise.resolve(pageOfRecords(engine, {}, after, 500));
      yield* page.records;
      after = page.next;
    } while (after !== null);
  }
  return {
    first: (count) => {
      const opened = openPlain(file);
      const page = find(opened, everything, newestFirst, 0, count);
      opened.close();
      return page;
    },
    page: (from, count) => find(engine, everything, newestFirst, from, count),
    search: (text, by, count) => find(engine, queryOf(text), orderOf(by), 0, count),
    export: async (to) => {
      const stream = createWriteStream(to);
      await writeExport(records(), stream, { format: 'ndjson', maskKey: null });
      stream.end();
    },
    commit: (text) => runCall(engine, 'commit', JSON.parse(text)),
    open: (key) => [runCall(engine, 'record', [key]), runCall(engine, 'facts', [key, 0])],
  };
}

async function inTheDatabase(): Promise<Held> {
  const key = Uint8Array.from(Buffer.from(process.env['HOLDER_KEY'] ?? '', 'hex'));
  const { review } = await openDatabase({ folder, key, workerFile: file });
  return {
    first: unasked,
    page: (from, count) => review.find(everything, newestFirst, from, count),
    search: (text, by, count) => review.find(queryOf(text), orderOf(by), 0, count),
    export: unasked,
    commit: unasked,
    open: unasked,
  };
}

async function holding(): Promise<Held> {
  switch (kind) {
    case 'database':
      return inTheDatabase();
    case 'plain':
      return inPlain();
    case 'conf':
      return inConf();
    default:
      return inMemory();
  }
}

function answer(held: Held, question: Question): unknown {
  switch (question.ask) {
    case 'first':
      return held.first(question.count);
    case 'page':
      return held.page(question.from, question.count);
    case 'search':
      return held.search(question.text, question.by, question.count);
    case 'export':
      return held.export(question.file);
    case 'commit':
      return held.commit(question.text);
    case 'open':
      return held.open(question.key);
  }
}

const megabytes = (): number => process.memoryUsage().rss / 2 ** 20;

async function run(): Promise<void> {
  const held = await holding();
  say({ ready: true, megabytes: megabytes() });
  for await (const line of createInterface({ input: process.stdin })) {
    const question = JSON.parse(line) as Question;
    const start = performance.now();
    await answer(held, question);
    say({ ms: performance.now() - start, megabytes: megabytes() });
  }
}

run().catch((error: unknown) => {
  say({ problem: error instanceof Error ? error.message : String(error) });
});
