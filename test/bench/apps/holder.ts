import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import Conf from 'conf';
import type { ExportedRecord } from '../../../domain/record.ts';
import { everything, newestFirst } from '../../../domain/review/query.ts';
import { openMemory } from '../../../electron/store/client.ts';
import { foldedWords } from '../../../domain/words/fold.ts';

/**
 * Records held in several ways, each in a process of its own: `holder.cjs <memory|conf|scan> <file> <folder>`.
 * Reads one JSON question a line and answers each with one line. `memory` is the product's, `file` its worker
 * and HOLDER_KEY its key; the others read `file` as NDJSON. `conf` is what electron-store reads and writes its
 * file with outside of Electron too.
 */
const [, , kind = '', file = '', folder = ''] = process.argv;

interface Held {
  /** The newest records, from a position on. */
  readonly page: (from: number, count: number) => number | Promise<number>;
  /** The newest of those in which every word begins a word. */
  readonly search: (text: string, count: number) => number | Promise<number>;
}

const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const happenedAt = (record: ExportedRecord): number => Date.parse(record.alertedAt ?? record.firstSeenAt);
const wordsOf = ({ peerName, queueName, wrapup }: ExportedRecord): string =>
  ` ${foldedWords([peerName, queueName, wrapup?.name, wrapup?.notes].join(' ')).join(' ')}`;

async function* records(): AsyncGenerator<ExportedRecord> {
  const lines = createInterface({ input: createReadStream(file) });
  for await (const line of lines) yield JSON.parse(line) as ExportedRecord;
}

/** Everything in the store's one file: what is not in memory between two questions is read again. */
async function inConf(): Promise<Held> {
  const store = new Conf<Record<string, unknown>>({
    cwd: folder,
    configName: 'held',
    projectName: 'bench',
    accessPropertiesByDotNotation: false,
  });
  const all: Record<string, ExportedRecord> = {};
  let number = 0;
  for await (const record of records()) all[`${(number += 1)}`] = record;
  store.store = all;
  const newest = (): ExportedRecord[] =>
    Object.values(store.store as Record<string, ExportedRecord>).sort(
      (one, other) => happenedAt(other) - happenedAt(one),
    );
  return {
    page: (from, count) => newest().slice(from, from + count).length,
    search: (text, count) => {
      const asked = foldedWords(text).map((word) => ` ${word}`);
      const fits = (record: ExportedRecord): boolean => {
        const words = wordsOf(record);
        return asked.every((word) => words.includes(word));
      };
      return newest().filter(fits).slice(0, count).length;
    },
  };
}

/** Sorted and folded beforehand, and kept: the quickest plain look there is, for the price of its memory. */
async function inMemory(): Promise<Held> {
  const all: { readonly at: number; readonly words: string; readonly record: ExportedRecord }[] = [];
  for await (const record of records()) {
    all.push({ at: happenedAt(record), words: wordsOf(record), record });
  }
  all.sort((one, other) => other.at - one.at);
  return {
    page: (from, count) => all.slice(from, from + count).length,
    search: (text, count) => {
      const asked = foldedWords(text).map((word) => ` ${word}`);
      const found: ExportedRecord[] = [];
      for (const { words, record } of all) {
        if (!asked.every((word) => words.includes(word))) continue;
        found.push(record);
        if (found.length === count) break;
      }
      return found.length;
    },
  };
}

async function inTheMemory(): Promise<Held> {
  const key = Uint8Array.from(Buffer.from(process.env['HOLDER_KEY'] ?? '', 'hex'));
  const { review } = await openMemory({ folder, key, workerFile: file });
  return {
    page: async (from, count) => (await review.find(everything, newestFirst, from, count)).lines.length,
    search: async (text, count) => {
      const query = { ...everything, words: text.split(' ') };
      return (await review.find(query, newestFirst, 0, count)).lines.length;
    },
  };
}

function holding(): Promise<Held> {
  switch (kind) {
    case 'memory':
      return inTheMemory();
    case 'conf':
      return inConf();
    default:
      return inMemory();
  }
}

async function run(): Promise<void> {
  const held = await holding();
  say({ ready: true, megabytes: process.memoryUsage().rss / 2 ** 20 });
  for await (const line of createInterface({ input: process.stdin })) {
    const question = JSON.parse(line) as { page?: [number, number]; search?: [string, number] };
    const start = performance.now();
    const rows = await (question.page
      ? held.page(...question.page)
      : held.search(...(question.search ?? ['', 0])));
    say({ ms: performance.now() - start, rows, megabytes: process.memoryUsage().rss / 2 ** 20 });
  }
}

run().catch((error: unknown) => {
  say({ problem: error instanceof Error ? error.message : String(error) });
});
