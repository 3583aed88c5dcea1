import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { backupsOf, makeBackup } from '../../../electron/store/backups/run-task.ts';
import { dayMs } from '../../../domain/clocks/time.ts';
import { changedAt, backupsFolder, backupsIn } from '../../../electron/store/backups/backup-files.ts';
import { keyFile } from '../../../electron/store/files.ts';
import { communication, draft, fact, factOf, otherKey, temporaryFolder, testKey } from './examples.ts';
import { databaseIn, execute, raw, workbench } from './workbench.ts';

// Each test starts threads and programs and waits for the disk; a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const { child, opened, workerFile, written } = workbench();
const now = Date.parse('2025-03-04T14:02:00.000Z');
const usual = { now, keepMs: null, alone: false };

const placeOf = (folder: string, key = testKey()) => ({ folder, key, workerFile: workerFile() });
const names = (folder: string): string[] => backupsIn(folder).map(({ name }) => name);

describe('a backup', () => {
  it('is made beside the running database, has what that had, and opens as a database of its own', async () => {
    const folder = temporaryFolder();
    const database = await opened(folder);
    await database.commit(factOf(communication()), [communication()]);
    await database.saveDraft(draft());
    const made = await makeBackup(placeOf(folder), usual);
    expect(made).toMatchObject({ at: now, facts: 1, records: 1 });
    await database.commit(fact(), []);
    expect(await backupsOf(placeOf(folder))).toEqual([made]);

    const other = temporaryFolder();
    await execute('cp', [path.join(backupsFolder(folder), made.name), databaseIn(other)]);
    const backup = await opened(other);
    expect((await backup.recollect()).drafts).toEqual([draft()]);
    expect(await backup.verify()).toMatchObject({ whole: true, facts: 1 });
  });

  it('is encrypted, for its owner alone, and has the key it needs beside it, kept as before', async () => {
    const folder = await written();
    writeFileSync(keyFile(folder), '{"as":"it is"}', { mode: 0o600 });
    const { name } = await makeBackup(placeOf(folder), usual);
    const bytes = readFileSync(path.join(backupsFolder(folder), name));
    expect(bytes.length).toBeGreaterThan(4096);
    expect(bytes.includes('a note')).toBe(false);
    expect(bytes.includes('SQLite format')).toBe(false);
    expect(readFileSync(path.join(backupsFolder(folder), 'key.json'), 'utf8')).toBe('{"as":"it is"}');
    expect((await execute('find', [folder, '-perm', '/077'])).stdout).toBe('');
    expect(await backupsOf(placeOf(folder, otherKey()))).toEqual([]);
  });

  it('lets older ones go only by the rotation, and all of them after something was deleted', async () => {
    const folder = await written();
    for (const age of [30, 20, 3.2, 3.1, 2, 1])
      await makeBackup(placeOf(folder), { ...usual, now: now - age * dayMs });
    expect(backupsIn(folder).map(({ at }) => (now - at) / dayMs)).toEqual([1, 2, 3.1]);
    const { name } = await makeBackup(placeOf(folder), { ...usual, alone: true });
    expect(names(folder)).toEqual([name]);
  });

  it('of a damaged database is no backup: it says so, and the older ones stay', async () => {
    const folder = await written();
    const { name } = await makeBackup(placeOf(folder), usual);
    raw(folder, (engine) => engine.exec("UPDATE drafts SET json = replace(json, 'a note', 'another')"));
    await expect(
      makeBackup(placeOf(folder), { ...usual, now: now + dayMs, alone: true }),
    ).rejects.toMatchObject({
      code: 'damaged',
    });
    expect(names(folder)).toEqual([name]);
    expect(readdirSync(backupsFolder(folder))).toEqual([name]);
  });

  it('is not made where it would take the room of the database itself', async () => {
    const folder = temporaryFolder();
    const said = await child(folder, 'backup', `mount -t tmpfs -o size=4m,mode=700 none "${folder}"`);
    expect(said.find((line) => line['problem'] !== undefined)).toMatchObject({ problem: 'full' });
    expect(said.at(-1)).toEqual({ closed: true });
  });

  it('that was interrupted is never taken for one, and is cleared away by the next', async () => {
    const folder = await written();
    mkdirSync(backupsFolder(folder));
    writeFileSync(path.join(backupsFolder(folder), 'memory-2025-03-04T10-00-00.000Z.db.tmp'), 'half');
    expect(await backupsOf(placeOf(folder))).toEqual([]);
    const { name } = await makeBackup(placeOf(folder), usual);
    expect(readdirSync(backupsFolder(folder))).toEqual([name]);
  });

  it('holds up no write', async () => {
    const folder = temporaryFolder();
    const database = await opened(folder);
    for (let number = 0; number < 400; number += 1) {
      await database.commit(fact({ body: 'x'.repeat(20_000), refusal: 'not JSON' }), []);
    }
    const copying = { under: true };
    const made = makeBackup(placeOf(folder), usual).finally(() => (copying.under = false));
    let meanwhile = 0;
    while (copying.under) {
      await database.commit(fact(), []);
      meanwhile += 1;
    }
    expect((await made).facts).toBeGreaterThanOrEqual(400);
    expect(meanwhile).toBeGreaterThan(1);
    expect(await database.verify()).toMatchObject({ whole: true, facts: 400 + meanwhile });
  });
});

describe('the last change', () => {
  it('is known without opening anything', async () => {
    const folder = await written();
    expect(Math.abs(changedAt(folder) - Date.now())).toBeLessThan(60_000);
    expect(changedAt(temporaryFolder())).toBe(0);
  });
});
