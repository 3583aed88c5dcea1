import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../../electron/store/client.ts';
import { runs } from '../size.ts';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEngine } from '../../../electron/store/engine.ts';
import { migrations, versionOf } from '../../../electron/store/migrations/schema-version.ts';
import { verify } from '../../../electron/store/verify.ts';
import { hexOf, laterRows, recordsToDelete, testKey } from './values.ts';
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
const tears = runs('TEARS', 6);
vi.setConfig({ testTimeout: Math.max(300_000, tears.numRuns * 5_000), hookTimeout: 300_000 });

/** Enough that the log is moved into the file and begins anew, more than once. */
const acknowledgements = 600;

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'sharelight-torn-'));
  folders.push(folder);
  return folder;
}

const taped = (what: 'write' | 'deleteAll' | 'changeSchema', most: number): Promise<Tape> => {
  const folder = newFolder();
  return record([process.execPath, [paced(), workerFile(), folder, what]], folder, most);
};

let tape: Tape = { first: { file: Buffer.alloc(0), log: Buffer.alloc(0) }, intervals: [] };
beforeAll(async () => {
  tape = await taped('write', acknowledgements);
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
const usable = (use: (interval: Interval) => boolean, of = tape): number[] =>
  of.intervals.flatMap((interval, number) => (isClear(interval) && use(interval) ? [number] : []));

/** The files when of what was written in an interval only some sectors reached the disk. */
function stateAt(number: number, what: 'log' | 'file', reached: readonly boolean[], of = tape): Image {
  const interval = intervalAt(number, of);
  const before = imageBefore(of, number);
  const some = (index: number): boolean => reached[index % reached.length] === true;
  return what === 'log'
    ? { file: before.file, log: torn(before.log, interval.log, some) }
    : { file: torn(before.file, interval.file, some), log: changed(before.log, interval.log) };
}

function intervalAt(number: number, of = tape): Interval {
  const interval = of.intervals[number];
  if (!interval) throw new Error(`There is no interval ${number}`);
  return interval;
}

function folderOf({ file, log }: Image): string {
  const folder = newFolder();
  writeFileSync(databaseIn(folder), file, { mode: 0o600 });
  writeFileSync(`${databaseIn(folder)}-wal`, log, { mode: 0o600 });
  return folder;
}

async function reopen(image: Image, acknowledged: Acknowledged): Promise<void> {
  const folder = folderOf(image);
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
function oneOf<Item>(items: readonly Item[], pick: number): Item {
  const item = items[pick % items.length];
  if (item === undefined) throw new Error('There is none to choose from');
  return item;
}
/** Where a power cut may tear: in the log, or in the file the log is being moved into. */
const placesIn = (of: Tape) => [
  ...usable(() => true, of).map((number) => ({ number, what: 'log' as const })),
  ...usable(movesLog, of).map((number) => ({ number, what: 'file' as const })),
];
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

  it('during a deletion: what was acknowledged as deleted stays so, and nothing else is lost', async () => {
    const deletion = await taped('deleteAll', Infinity);
    expect(deletion.intervals.at(-1)?.acknowledged.deleted).toBe(recordsToDelete);
    const places = placesIn(deletion);
    await fc.assert(
      fc.asyncProperty(fc.nat(), reached, async (pick, sectors) => {
        const { number, what } = oneOf(places, pick);
        const folder = folderOf(stateAt(number, what, sectors, deletion));
        const database = await openDatabase({ folder, key: testKey(), workerFile: workerFile() });
        const { problems, facts, records } = await database.verify();
        await database.close();
        rmSync(folder, { recursive: true, force: true });
        expect(problems).toEqual([]);
        expect(facts).toBe(recordsToDelete);
        const { deleted } = intervalAt(number, deletion).acknowledged;
        const next = deletion.intervals[number + 1]?.acknowledged.deleted ?? deleted;
        expect([recordsToDelete - deleted, recordsToDelete - next]).toContain(records);
      }),
      tears,
    );
  });

  it('during a change of the schema: the one before, whole, or the one after', async () => {
    const change = await taped('changeSchema', Infinity);
    const places = placesIn(change);
    const newest = migrations.at(-1)?.version ?? 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), reached, (pick, sectors) => {
        const { number, what } = oneOf(places, pick);
        const folder = folderOf(stateAt(number, what, sectors, change));
        const engine = openEngine(databaseIn(folder), hexOf(testKey()), false);
        const version = versionOf(engine);
        const isAfter = intervalAt(number, change).acknowledged.migrated === 1;
        expect(isAfter ? [9990] : [newest, 9990]).toContain(version);
        if (version === 9990)
          expect(engine.first('SELECT count(*) AS n FROM later')).toEqual({ n: laterRows });
        expect(verify(engine)).toMatchObject({
          problems: [],
          facts: recordsToDelete,
          records: recordsToDelete,
        });
        engine.close();
        rmSync(folder, { recursive: true, force: true });
        return Promise.resolve();
      }),
      tears,
    );
  });
});
