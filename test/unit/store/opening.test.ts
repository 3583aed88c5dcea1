import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, vi } from 'vitest';
import { DatabaseProblem } from '../../../domain/database.ts';
import { backupsIn } from '../../../electron/store/backups/backup-files.ts';
import { openEngine } from '../../../electron/store/engine.ts';
import { migrate } from '../../../electron/store/migrations/migrate.ts';
import { migrations, versionOf } from '../../../electron/store/migrations/schema-version.ts';
import {
  communication,
  submission,
  draft,
  fact,
  hexOf,
  otherKey,
  temporaryFolder,
  testKey,
} from './examples.ts';
import { databaseIn, execute, parseSaid, raw, workbench } from './workbench.ts';

// Each test starts programs and waits for the disk; a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const { child, opened, refused, writer, written } = workbench();

describe('the key', () => {
  it('that is wrong is recognised, and changes nothing', async () => {
    const folder = await written();
    const before = readFileSync(databaseIn(folder));
    for (const readOnly of [false, true]) {
      expect(await refused(folder, otherKey(), readOnly)).toMatchObject({ code: 'wrong-key' });
    }
    expect(readFileSync(databaseIn(folder)).equals(before)).toBe(true);
    expect(existsSync(path.join(folder, 'memory.seal'))).toBe(true);
    expect((await (await opened(folder)).recollect()).drafts).toEqual([draft()]);
  });

  it('is handed over: the caller keeps none of it', async () => {
    const key = testKey();
    await opened(temporaryFolder(), key);
    expect(key).toEqual(new Uint8Array(32));
  });

  it('is needed for every word: no file of the folder holds one in the clear', async () => {
    const folder = temporaryFolder();
    const database = await opened(folder);
    const canaries = [
      'canary-body',
      'canary-peer',
      'canary-note',
      'canary-code',
      'canary-queue',
      'canary-search',
    ];
    const [body = '', peerName = '', notes = '', code = '', queueName = '', description = ''] = canaries;
    await database.commit(fact({ body: JSON.stringify({ body }) }), [communication({ peerName, queueName })]);
    await database.saveDraft(draft({ key: 'other', notes }));
    await database.decide(submission({ code, notes }));
    await database.cacheCodes('queue/1', {
      codes: [{ id: code, name: code, description }],
      fetchedAt: '2025-03-04T10:00:00.000Z',
    });
    // Read by another process: opening the file here would drop the locks of the database that is open here.
    const everything = async (): Promise<string> =>
      (await execute('sh', ['-c', 'cat "$0"/*', folder], { encoding: 'latin1', maxBuffer: 64 << 20 })).stdout;
    const whileOpen = await everything();
    expect(whileOpen.length).toBeGreaterThan(40_000);
    await database.close();
    const closed = await everything();
    for (const canary of [...canaries, 'conversation-1', 'CREATE TABLE', 'SQLite format']) {
      expect(whileOpen, canary).not.toContain(canary);
      expect(closed, canary).not.toContain(canary);
    }
  });
});

const newest = migrations.at(-1)?.version;

describe('a version', () => {
  it('that is newer is refused, and nothing is changed', async () => {
    const folder = await written();
    raw(folder, (engine) => engine.exec('PRAGMA user_version = 9990'));
    const before = readFileSync(databaseIn(folder));
    for (const readOnly of [false, true]) {
      expect(await refused(folder, testKey(), readOnly)).toMatchObject({ code: 'newer-version' });
    }
    expect(readFileSync(databaseIn(folder)).equals(before)).toBe(true);
  });

  it('from before the first release is refused, and no byte of it is changed, not even by its log', async () => {
    const folder = temporaryFolder();
    const program = spawn(...writer(folder));
    for await (const line of createInterface({ input: program.stdout })) {
      if (parseSaid(line).fact === 5) program.kill('SIGKILL');
    }
    const inLog = (): Buffer => readFileSync(`${databaseIn(folder)}-wal`);
    expect(inLog().length).toBeGreaterThan(0);
    // By a process that is killed too: closing well would move the log into the file.
    const asDevelopment = `
      const Libsql = require('libsql');
      const engine = new Libsql(process.argv[1], { encryptionCipher: 'aes256cbc', encryptionKey: process.argv[2] });
      engine.exec('PRAGMA application_id = 0; PRAGMA user_version = 70');
      process.kill(process.pid, 'SIGKILL');`;
    const arranged = execute(process.execPath, ['-e', asDevelopment, databaseIn(folder), hexOf(testKey())]);
    await expect(arranged).rejects.toMatchObject({ signal: 'SIGKILL' });
    const before = [readFileSync(databaseIn(folder)), inLog()];
    for (const readOnly of [false, true]) {
      expect(await refused(folder, testKey(), readOnly)).toMatchObject({ code: 'development-version' });
    }
    expect([readFileSync(databaseIn(folder)), inLog()]).toEqual(before);
  });

  it('that is older is backed up, then brought up to date', async () => {
    const folder = await written();
    const next = {
      version: 990,
      name: 'one more',
      sql: 'CREATE TABLE one_more (id INTEGER PRIMARY KEY) STRICT;',
    };
    raw(folder, (engine) => {
      migrate(engine, [...migrations, next]);
      expect(versionOf(engine)).toBe(990);
      expect(engine.all('SELECT * FROM one_more')).toEqual([]);
    });
    const [made, ...others] = backupsIn(folder);
    expect(made?.before).toBe(newest);
    expect(others).toEqual([]);
    const copyFile = made?.path ?? '';
    const copy = openEngine(copyFile, hexOf(testKey()), true);
    expect(versionOf(copy)).toBe(newest);
    expect(copy.first('SELECT count(*) AS facts FROM journal')).toEqual({ facts: 1 });
    copy.close();
    expect(readFileSync(copyFile).includes('CREATE TABLE')).toBe(false);
  });

  it('stays what it was when a migration fails', async () => {
    const folder = await written();
    const broken = {
      version: 990,
      name: 'broken',
      sql: 'CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1);',
    };
    raw(folder, (engine) => {
      for (let attempt = 0; attempt < 3; attempt += 1)
        expect(() => migrate(engine, [...migrations, broken])).toThrow(DatabaseProblem);
      expect(versionOf(engine)).toBe(newest);
    });
    // Each attempt makes a copy first; one is enough.
    expect(backupsIn(folder).map(({ before }) => before)).toEqual([newest]);
    const database = await opened(folder);
    expect((await database.recollect()).drafts).toEqual([draft()]);
    expect((await database.verify()).whole).toBe(true);
  });

  it('counts up in steps of ten', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => (index + 1) * 10));
  });
});

describe('closing', () => {
  it('moves the log into the file and seals it; a copy of the file alone is whole', async () => {
    const folder = await written();
    const log = `${databaseIn(folder)}-wal`;
    expect(existsSync(log) ? readFileSync(log).length : 0).toBe(0);
    const other = temporaryFolder();
    for (const name of ['memory.db', 'memory.seal'])
      copyFileSync(path.join(folder, name), path.join(other, name));
    const [said] = await child(other, 'read');
    expect(said).toMatchObject({ exported: 1, whole: true });
  });

  it('is undone by the next start: an open database has no seal, and an older copy is noticed', async () => {
    const folder = await written();
    const older = path.join(temporaryFolder(), 'older.db');
    copyFileSync(databaseIn(folder), older);
    const database = await opened(folder);
    expect(existsSync(path.join(folder, 'memory.seal'))).toBe(false);
    await database.commit(fact(), []);
    await database.close();
    copyFileSync(older, databaseIn(folder));
    const [said] = await child(folder, 'read');
    expect(said).toMatchObject({
      whole: false,
      problems: ['seal: the file has changed since it was closed'],
    });
  });

  it('leaves every file for its owner alone', async () => {
    const folder = await written();
    const { stdout } = await execute('find', [folder, '-perm', '/077']);
    expect(stdout).toBe('');
    const database = await opened(folder);
    await database.saveDraft(draft({ revision: 2 }));
    expect((await execute('find', [folder, '-perm', '/077'])).stdout).toBe('');
  });
});
