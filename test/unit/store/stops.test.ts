import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDatabase } from '../../../electron/store/client.ts';
import { backupsFolder, backupsIn } from '../../../electron/store/backups/backup-files.ts';
import { finishReplacing } from '../../../electron/store/backups/replace-database.ts';
import { openEngine } from '../../../electron/store/engine.ts';
import { migrations, versionOf } from '../../../electron/store/migrations/schema-version.ts';
import { verify } from '../../../electron/store/verify.ts';
import { runs } from '../size.ts';
import { hexOf, temporaryFolder, testKey } from './examples.ts';
import { databaseIn, execute, parseSaid } from './workbench.ts';
import { builtProgram, builtWorker } from './worker-file.ts';

/**
 * SIGKILL in the middle of what rarely happens: a backup, a restore, a change of the schema, a deletion. In the middle
 * of the last two, a disk of which nothing can be read any more, too.
 */

const workerFile = builtWorker();
const stopped = builtProgram('test/unit/store/stopped.ts', 'stopped');
const stops = runs('STOPS', 2);
vi.setConfig({ testTimeout: Math.max(60_000, stops.numRuns * 10_000) });

const command = (folder: string, what: string): string[] => [stopped(), workerFile(), folder, what];

/** Sixty steps, and a backup of the first forty. */
async function prepared(): Promise<string> {
  const folder = temporaryFolder();
  await execute(process.execPath, command(folder, 'prepare'));
  return folder;
}

/** Starts on a backup of the folder and kills it so many ms after it has begun. Answers the last fact it told of. */
async function killed(
  original: string,
  what: string,
  afterMs: number,
): Promise<{ folder: string; fact: number }> {
  const folder = temporaryFolder();
  await execute('cp', ['-a', `${original}/.`, folder]);
  const program = spawn(process.execPath, command(folder, what));
  let fact = 0;
  for await (const line of createInterface({ input: program.stdout })) {
    const said = parseSaid(line);
    fact = said.fact ?? fact;
    if (said['begun'] === true) setTimeout(() => program.kill('SIGKILL'), afterMs);
  }
  return { folder, fact };
}

/** Starts on a copy of the folder, and from the so-manieth read of the database every one fails. Answers how it ended. */
async function unread(
  original: string,
  what: string,
  reads: number,
): Promise<{ folder: string; problem: unknown }> {
  const folder = temporaryFolder();
  await execute('cp', ['-a', `${original}/.`, folder]);
  const places = ['', '-wal'].flatMap((end) => ['-P', `${databaseIn(folder)}${end}`]);
  const failing = ['-e', 'trace=pread64', '-e', `inject=pread64:error=EIO:when=${reads}+`];
  const args = ['-f', '-qq', '-o', '/dev/null', ...places, ...failing, process.execPath];
  const { stdout } = await execute('strace', [...args, ...command(folder, what)]);
  const said = stdout.trimEnd().split('\n').map(parseSaid);
  const problem = said.find((line) => line['problem'] !== undefined)?.['problem'];
  expect(problem !== undefined || said.some((line) => line['ended'] === true)).toBe(true);
  return { folder, problem };
}

interface Found {
  readonly facts: number;
  readonly records: number;
  readonly drafts: number;
  readonly submissions: number;
}

async function foundIn(folder: string): Promise<Found> {
  finishReplacing(folder);
  const database = await openDatabase({ folder, key: testKey(), workerFile: workerFile() });
  try {
    const { problems, facts, records } = await database.verify();
    expect(problems).toEqual([]);
    const { drafts, submissions } = await database.recollect();
    return { facts, records, drafts: drafts.length, submissions: submissions.length };
  } finally {
    await database.close();
  }
}

/** Every backup is whole, whatever was under way. */
function expectWholeCopies(folder: string, least: number): void {
  const backups = backupsIn(folder);
  expect(backups.length).toBeGreaterThanOrEqual(least);
  for (const { path: place } of backups) {
    const backup = openEngine(place, hexOf(testKey()), true);
    onTestFinished(() => backup.close());
    expect(verify(backup).problems).toEqual([]);
  }
}

/** The one before, whole, or the one after with a backup of the one before. */
function expectOneSchema(folder: string): void {
  const newest = migrations.at(-1)?.version ?? 0;
  expectWholeCopies(folder, 1);
  const engine = openEngine(databaseIn(folder), hexOf(testKey()), false);
  const version = versionOf(engine);
  const tables = engine.first("SELECT count(*) AS n FROM sqlite_master WHERE name = 'later'");
  expect(tables).toEqual({ n: version === newest ? 0 : 1 });
  expect(verify(engine).problems).toEqual([]);
  engine.close();
  expect([newest, 9990]).toContain(version);
  if (version === 9990) expect(backupsIn(folder).some(({ before }) => before === newest)).toBe(true);
}

/** Every fact counts, and of the records only those are gone that were to be deleted. */
async function expectPartDeleted(folder: string): Promise<void> {
  const { facts, records } = await foundIn(folder);
  expect(facts).toBe(60);
  // The live ones stay in any case.
  expect(records).toBeGreaterThanOrEqual(30);
  expect(records).toBeLessThanOrEqual(60);
}

const moment = (most: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: most });

describe('SIGKILL', () => {
  it('during a backup: the database has everything, the older backups stay, and none is half', async () => {
    const original = await prepared();
    await fc.assert(
      fc.asyncProperty(moment(1_500), async (afterMs) => {
        const { folder, fact } = await killed(original, 'backup', afterMs);
        expectWholeCopies(folder, 1);
        const { facts, drafts } = await foundIn(folder);
        expect(facts).toBeGreaterThanOrEqual(Math.max(60, fact));
        expect(drafts).toBeGreaterThanOrEqual(Math.max(60, fact));
      }),
      stops,
    );
  });

  it('during a restore: what there was, or all of what was restored', async () => {
    const original = await prepared();
    await fc.assert(
      fc.asyncProperty(moment(1_200), async (afterMs) => {
        const { folder } = await killed(original, 'restore', afterMs);
        expect(await foundIn(folder)).toEqual({ facts: 60, records: 60, drafts: 60, submissions: 60 });
        expectWholeCopies(folder, 1);
        for (const name of readdirSync(folder).filter((one) => one.startsWith('replaced-')))
          expect((await foundIn(path.join(folder, name))).facts).toBe(60);
        expect(readdirSync(folder)).not.toContain('restoring');
      }),
      stops,
    );
  });

  it('during a change of the schema: the one before, whole, or the one after; the backup is whole or not there', async () => {
    const original = await prepared();
    await fc.assert(
      fc.asyncProperty(moment(900), async (afterMs) => {
        const { folder } = await killed(original, 'migrate', afterMs);
        expectOneSchema(folder);
      }),
      stops,
    );
  });

  it('during a deletion: whole, with records that are there or gone, and nothing else lost', async () => {
    const original = await prepared();
    await fc.assert(
      fc.asyncProperty(moment(600), async (afterMs) => {
        const { folder } = await killed(original, 'deleteRecords', afterMs);
        await expectPartDeleted(folder);
        expectWholeCopies(folder, 1);
        expect(readdirSync(backupsFolder(folder)).length).toBeGreaterThan(0);
      }),
      stops,
    );
  });
});

describe('a disk of which nothing can be read any more', () => {
  it.each([
    ['during a change of the schema', 'migrate'],
    ['during a deletion', 'deleteRecords'],
  ])('%s: that is a problem in words, and what is on it stays whole', async (_when, what) => {
    const original = await prepared();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 120 }), async (reads) => {
        const { folder, problem } = await unread(original, what, reads);
        if (problem !== undefined) expect(['io', 'damaged', 'wrong-key']).toContain(problem);
        if (what === 'migrate') expectOneSchema(folder);
        else await expectPartDeleted(folder);
      }),
      stops,
    );
  });
});
