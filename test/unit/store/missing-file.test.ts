import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { DatabaseProblem } from '../../../domain/database.ts';
import { openDatabase } from '../../../electron/store/client.ts';
import { backupsOf, makeBackup, restoreDatabase } from '../../../electron/store/backups/run-task.ts';
import { databaseExists, resolveKey } from '../../../electron/store/key.ts';
import { runs } from '../size.ts';
import { noKeyStore, temporaryFolder, testKey } from './examples.ts';
import { databaseIn, execute, parseSaid, workbench } from './workbench.ts';

/** The file of a database is cut off, or gone, while what lies beside it is still there. */

const cuts = runs('CUTS', 2);
vi.setConfig({ testTimeout: Math.max(60_000, cuts.numRuns * 10_000) });
const { opened, refused, writer, workerFile, written } = workbench();

const placeOf = (folder: string) => ({ folder, key: testKey(), workerFile: workerFile() });
const copying = { now: Date.parse('2025-03-04T14:02:00.000Z'), keepMs: null, alone: false };

/** Everything in the folder but the file itself and what every reader of it makes: name and bytes. */
function beside(folder: string): [string, string][] {
  const own = ['memory.db', 'memory.db-shm'];
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile() && !own.includes(entry.name))
    .map((entry): [string, string] => {
      const place = path.join(entry.parentPath, entry.name);
      return [path.relative(folder, place), readFileSync(place, 'latin1')];
    })
    .sort(([a], [b]) => a.localeCompare(b));
}

/** As SIGKILL leaves it after so many facts: the last ones are in the log alone. Answers how many there are. */
async function crashed(upTo: number): Promise<{ folder: string; facts: number }> {
  const folder = temporaryFolder();
  const program = spawn(...writer(folder));
  let facts = 0;
  for await (const line of createInterface({ input: program.stdout })) {
    facts = parseSaid(line).fact ?? facts;
    if (facts === upTo) program.kill('SIGKILL');
  }
  return { folder, facts };
}

const losses = [
  ['gone', (file: string) => rmSync(file)],
  ['empty', (file: string) => truncateSync(file, 0)],
] as const;

describe.each(losses)('a database whose file is %s', (_how, lose) => {
  it('is none that was never begun while its log holds what was acknowledged: nothing is touched', async () => {
    const { folder } = await crashed(30);
    lose(databaseIn(folder));
    const before = beside(folder);
    expect(before.map(([name]) => name)).toContain('memory.db-wal');
    for (const readOnly of [false, true])
      expect(await refused(folder, testKey(), readOnly)).toMatchObject({ code: 'gone' });
    await expect(makeBackup(placeOf(folder), copying)).rejects.toMatchObject({ code: 'gone' });
    expect(beside(folder)).toEqual(before);
    expect(databaseExists(folder)).toBe(true);
  });

  it('is none that was never begun where a seal is left: the seal stays', async () => {
    const folder = await written();
    lose(databaseIn(folder));
    const before = beside(folder);
    expect(before.map(([name]) => name)).toEqual(['memory.seal']);
    for (const readOnly of [false, true])
      expect(await refused(folder, testKey(), readOnly)).toMatchObject({ code: 'gone' });
    expect(beside(folder)).toEqual(before);
  });

  it('gets no new key while there is a backup, and is restored from that', async () => {
    const folder = await written();
    await makeBackup(placeOf(folder), copying);
    rmSync(path.join(folder, 'memory.seal'));
    lose(databaseIn(folder));
    const asked = { folder, keyStore: noKeyStore, preference: 'file', isDemo: true } as const;
    expect(await resolveKey(asked)).toMatchObject({ kind: 'problem', problem: { code: 'missing' } });
    expect(await refused(folder)).toMatchObject({ code: 'gone' });
    const [backup] = await backupsOf(placeOf(folder));
    await restoreDatabase(placeOf(folder), backup?.name ?? null, Date.now());
    expect(await (await opened(folder)).verify()).toMatchObject({ whole: true, facts: 1 });
  });

  it('gives back what its log holds', async () => {
    const { folder, facts } = await crashed(30);
    lose(databaseIn(folder));
    const log = readFileSync(`${databaseIn(folder)}-wal`);
    const restored = await restoreDatabase(placeOf(folder), null, Date.now());
    expect(restored.saved?.facts).toBeGreaterThanOrEqual(facts);
    const database = await opened(folder);
    const { drafts, summary } = await database.recollect();
    expect(await database.verify()).toMatchObject({ whole: true });
    expect(summary.facts).toBeGreaterThanOrEqual(facts);
    expect(drafts.length).toBeGreaterThan(0);
    expect(readFileSync(path.join(restored.kept, 'memory.db-wal')).equals(log)).toBe(true);
  });
});

describe('a database that was begun and never written', () => {
  it('is begun again: an empty file with nothing beside it is what a crash at the first start leaves', async () => {
    const folder = temporaryFolder();
    await execute('touch', [databaseIn(folder)]);
    expect(await (await opened(folder)).verify()).toMatchObject({ whole: true, facts: 0 });
  });
});

/** Null where it cannot be opened or looked at, or is not whole. */
async function factsIfWhole(folder: string): Promise<number | null> {
  try {
    const database = await openDatabase({ ...placeOf(folder), readOnly: true });
    const { whole, facts } = await database.verify().finally(() => database.close());
    return whole ? facts : null;
  } catch (error) {
    expect(error).toBeInstanceOf(DatabaseProblem);
    return null;
  }
}

describe('a file that is cut off anywhere', () => {
  it('down to one byte, which SQLite takes for an empty file, keeps its log', async () => {
    const { folder } = await crashed(300);
    truncateSync(databaseIn(folder), 1);
    const before = beside(folder);
    await expect(opened(folder)).rejects.toMatchObject({ code: 'gone' });
    expect(beside(folder)).toEqual(before);
  });

  it('is refused or found not whole, never taken for a new one, and a backup brings it back', async () => {
    const { folder: original, facts } = await crashed(300);
    await makeBackup(placeOf(original), copying);
    const size = readFileSync(databaseIn(original)).length;
    await fc.assert(
      fc.asyncProperty(fc.nat(size - 1), fc.boolean(), async (length, atPage) => {
        const folder = temporaryFolder();
        await execute('cp', ['-a', `${original}/.`, folder]);
        truncateSync(databaseIn(folder), atPage ? length - (length % 4096) : length);
        const before = beside(folder);
        const found = await factsIfWhole(folder);
        // Where the log has all that was cut off, nothing was lost.
        if (found !== null) expect(found).toBeGreaterThanOrEqual(facts);
        expect(beside(folder)).toEqual(before);
        const [backup] = await backupsOf(placeOf(folder));
        await restoreDatabase(placeOf(folder), backup?.name ?? null, Date.now());
        const database = await opened(folder);
        const verification = await database.verify();
        await database.close();
        expect(verification.problems).toEqual([]);
        expect(verification.facts).toBeGreaterThanOrEqual(facts);
      }),
      cuts,
    );
  });
});
