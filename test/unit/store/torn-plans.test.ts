import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { backupsOf, makeBackup, restoreDatabase } from '../../../electron/store/backups/run-task.ts';
import { backupsFolder } from '../../../electron/store/backups/backup-files.ts';
import { finishReplacing, preparedFolder } from '../../../electron/store/backups/replace-database.ts';
import { runs } from '../size.ts';
import { communication, factOf, temporaryFolder, testKey } from './examples.ts';
import { databaseIn, execute, workbench } from './workbench.ts';

/**
 * A power cut during a backup or a restore: of what was written or renamed since the last thing that was synced, any
 * part reached the disk and the rest did not.
 */

/** Each starts threads of its own: a tenth of what the log's tears are. */
const some = runs('TEARS', 20);
const tears = { ...some, numRuns: Math.ceil(some.numRuns / 10) };
vi.setConfig({ testTimeout: Math.max(300_000, tears.numRuns * 20_000) });
const { opened, workerFile } = workbench();
const placeOf = (folder: string) => ({ folder, key: testKey(), workerFile: workerFile() });
const at = Date.parse('2025-03-04T14:02:00.000Z');
const kept = 'replaced-2025-03-04T15-02-00.000Z';
const sectorSize = 512;

async function write(folder: string, facts: number): Promise<void> {
  const database = await opened(folder);
  const { summary } = await database.recollect();
  for (let number = summary.facts + 1; number <= facts; number += 1) {
    const changed = communication({ communicationId: `c${number}` });
    await database.commit(factOf(changed), [changed]);
  }
  await database.close();
}

/** A closed database of six facts, with a backup of its first three. */
async function copied(): Promise<{ folder: string; backup: string }> {
  const folder = temporaryFolder();
  await write(folder, 3);
  const { name } = await makeBackup(placeOf(folder), { now: at, keepMs: null, alone: false });
  await write(folder, 6);
  return { folder, backup: name };
}

async function cloneOf(original: string): Promise<string> {
  const folder = temporaryFolder();
  await execute('cp', ['-a', `${original}/.`, folder]);
  return folder;
}

async function factsIn(folder: string): Promise<number> {
  const database = await opened(folder);
  const { problems, facts } = await database.verify();
  await database.close();
  expect(problems).toEqual([]);
  return facts;
}

/** Only these sectors reached the disk; of the others there is nothing. */
function torn(bytes: Buffer, reached: readonly boolean[]): Buffer {
  const state = Buffer.alloc(bytes.length);
  for (let start = 0, index = 0; start < bytes.length; start += sectorSize, index += 1) {
    if (reached[index % reached.length] === true) bytes.copy(state, start, start, start + sectorSize);
  }
  return state;
}

const anySectors = fc.array(fc.boolean(), { minLength: 1, maxLength: 64 });

describe('a power cut', () => {
  it('during a backup leaves none that is half: the older one is what can be gone back to', async () => {
    const { folder: original, backup } = await copied();
    const whole = readFileSync(path.join(backupsFolder(original), backup));
    await fc.assert(
      fc.asyncProperty(anySectors, async (reached) => {
        const folder = await cloneOf(original);
        const unfinished = path.join(backupsFolder(folder), 'memory-2025-03-04T16-00-00.000Z.db.tmp');
        writeFileSync(unfinished, torn(whole, reached));
        expect((await backupsOf(placeOf(folder))).map(({ name }) => name)).toEqual([backup]);
        await makeBackup(placeOf(folder), { now: at + 1_000, keepMs: null, alone: false });
        expect(existsSync(unfinished)).toBe(false);
        expect(await factsIn(folder)).toBe(6);
      }),
      tears,
    );
  });

  it('while a restore is being prepared leaves what there was', async () => {
    const { folder: original, backup } = await copied();
    const whole = readFileSync(path.join(backupsFolder(original), backup));
    await fc.assert(
      fc.asyncProperty(anySectors, fc.nat(60), async (reached, length) => {
        const folder = await cloneOf(original);
        mkdirSync(preparedFolder(folder));
        writeFileSync(databaseIn(preparedFolder(folder)), torn(whole, reached));
        // The plan is synced before it has its name.
        const plan = JSON.stringify({ version: 1, kind: 'restore', kept }).slice(0, length);
        writeFileSync(path.join(folder, 'replacing.json.1.tmp'), plan);
        finishReplacing(folder);
        expect(existsSync(preparedFolder(folder))).toBe(false);
        expect(await factsIn(folder)).toBe(6);
      }),
      tears,
    );
  });

  it('once a restore is decided finishes it, whichever of the renames reached the disk', async () => {
    const { folder: original, backup } = await copied();
    const ofTheDatabase = readdirSync(original).filter((name) => name.startsWith('memory.'));
    expect(ofTheDatabase).toContain('memory.seal');
    const restored = await cloneOf(original);
    await restoreDatabase(placeOf(restored), backup, at + 3_600_000);
    const prepared = readFileSync(databaseIn(restored));
    const expected = await factsIn(restored);
    await fc.assert(
      fc.asyncProperty(fc.subarray(ofTheDatabase), async (moved) => {
        const folder = await cloneOf(original);
        mkdirSync(preparedFolder(folder));
        writeFileSync(databaseIn(preparedFolder(folder)), prepared);
        const plan = JSON.stringify({ version: 1, kind: 'restore', kept });
        writeFileSync(path.join(folder, 'replacing.json'), plan);
        mkdirSync(path.join(folder, kept));
        for (const name of moved) renameSync(path.join(folder, name), path.join(folder, kept, name));
        finishReplacing(folder);
        expect(await factsIn(folder)).toBe(expected);
        expect(readdirSync(path.join(folder, kept)).sort()).toEqual([...ofTheDatabase].sort());
        expect(await factsIn(path.join(folder, kept))).toBe(6);
      }),
      tears,
    );
  });
});
