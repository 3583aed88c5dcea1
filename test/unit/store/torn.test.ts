import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../../electron/store/client.ts';
import { runs } from '../size.ts';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { testKey } from './values.ts';
import { builtProgram, builtWorker } from './worker-file.ts';
import {
  changed,
  imageBefore,
  record,
  torn,
  type Acknowledged,
  type Image,
  type Interval,
  type Tape,
} from './tape.ts';
import { databaseIn } from './workbench.ts';

/**
 * A power cut in the middle of writing, as SQLite's own crash tests make it: of what was written since the
 * last thing that was synced, any sectors reached the disk and the others did not.
 */

const workerFile = builtWorker();
const paced = builtProgram('test/unit/store/paced.ts', 'paced');
const tears = runs('TEARS', 16);
vi.setConfig({ testTimeout: Math.max(300_000, tears.numRuns * 5_000), hookTimeout: 300_000 });

/** Enough that the log is moved into the file and begins anew, more than once. */
const acknowledgements = 600;

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'sharelight-torn-'));
  folders.push(folder);
  return folder;
}

let tape: Tape = { first: { file: Buffer.alloc(0), log: Buffer.alloc(0) }, intervals: [] };
beforeAll(async () => {
  const folder = newFolder();
  tape = await record([process.execPath, [paced(), workerFile(), folder]], folder, acknowledgements);
  return () => {
    for (const each of folders) rmSync(each, { recursive: true, force: true });
  };
});

const movesLog = ({ file }: Interval): boolean => file.sectors.length > 0;
/**
 * What is written is synced in this order: the log, then what of it is moved into the file, then the log that
 * begins anew. Where all of that is in one interval, it cannot be told what had been synced.
 */
const isClear = (interval: Interval): boolean => !(movesLog(interval) && interval.newRound);

/** Numbers of the intervals a test can use. */
const usable = (use: (interval: Interval) => boolean): number[] =>
  tape.intervals.flatMap((interval, number) => (isClear(interval) && use(interval) ? [number] : []));

/** The files when of what was written in an interval only some sectors reached the disk. */
function stateAt(number: number, what: 'log' | 'file', reached: readonly boolean[]): Image {
  const interval = intervalAt(number);
  const before = imageBefore(tape, number);
  const some = (index: number): boolean => reached[index % reached.length] === true;
  return what === 'log'
    ? { file: before.file, log: torn(before.log, interval.log, some) }
    : { file: torn(before.file, interval.file, some), log: changed(before.log, interval.log) };
}

function intervalAt(number: number): Interval {
  const interval = tape.intervals[number];
  if (!interval) throw new Error(`There is no interval ${number}`);
  return interval;
}

async function reopen({ file, log }: Image, acknowledged: Acknowledged): Promise<void> {
  const folder = newFolder();
  writeFileSync(databaseIn(folder), file, { mode: 0o600 });
  writeFileSync(`${databaseIn(folder)}-wal`, log, { mode: 0o600 });
  const database = await openDatabase({ folder, key: testKey(), workerFile: workerFile() });
  try {
    const { problems, facts, records } = await database.verify();
    expect(problems).toEqual([]);
    const { drafts, submissions } = await database.recollect();
    expect(facts).toBeGreaterThanOrEqual(acknowledged.fact);
    expect(drafts[0]?.revision ?? 0).toBeGreaterThanOrEqual(acknowledged.draft);
    expect(submissions).toHaveLength(Math.max(acknowledged.submission, submissions.length));
    // One step was under way, at most.
    expect(facts).toBeLessThanOrEqual(acknowledged.fact + 1);
    expect(records).toBe(facts);
    expect(submissions.length).toBeLessThanOrEqual(acknowledged.submission + 1);
    const names = (await database.communicationsOf('conversation-1')).map(({ peerName }) => peerName);
    expect(new Set(names)).toEqual(new Set(Array.from({ length: facts }, (_, index) => `fact ${index + 1}`)));
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Among so many, by a number that may be anything. */
const oneOf = (numbers: readonly number[], pick: number): number => numbers[pick % numbers.length] ?? 0;
const reached = fc.array(fc.boolean(), { minLength: 1, maxLength: 64 });

describe('a power cut', () => {
  it('was recorded where it hurts: within a log, as it begins anew, and as it is moved into the file', () => {
    expect(tape.intervals).toHaveLength(acknowledgements);
    expect(tape.intervals.filter(({ newRound }) => newRound).length).toBeGreaterThan(1);
    expect(tape.intervals.filter(isClear).length).toBeGreaterThan(acknowledgements * 0.9);
    expect(usable(movesLog).length).toBeGreaterThan(0);
  });

  it('within the log loses nothing acknowledged, and what is there is whole', async () => {
    const numbers = usable(() => true);
    await fc.assert(
      fc.asyncProperty(fc.nat(), reached, async (pick, sectors) => {
        const number = oneOf(numbers, pick);
        await reopen(stateAt(number, 'log', sectors), intervalAt(number).acknowledged);
      }),
      tears,
    );
  });

  it('while the log is moved into the file loses nothing at all', async () => {
    const numbers = usable(movesLog);
    await fc.assert(
      fc.asyncProperty(fc.nat(), reached, async (pick, sectors) => {
        const number = oneOf(numbers, pick);
        await reopen(stateAt(number, 'file', sectors), intervalAt(number).acknowledged);
      }),
      { ...tears, numRuns: Math.ceil(tears.numRuns / 2) },
    );
  });
});
