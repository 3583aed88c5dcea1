import { execFile, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { MemoryProblem } from '../../../domain/memory.ts';
import { openMemory, type OpenedMemory } from '../../../electron/store/client.ts';
import { openDatabase, type Database } from '../../../electron/store/database.ts';
import { copyBefore, migrate, migrations, versionOf } from '../../../electron/store/migrations/index.ts';
import {
  communication,
  decision,
  draft,
  fact,
  hexOf,
  otherKey,
  temporaryFolder,
  testKey,
} from './examples.ts';
import { builtProgram, builtWorker } from './worker-file.ts';

// Each test starts programs and waits for the disk; a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const workerFile = builtWorker();
const childFile = builtProgram('test/unit/store/child.ts', 'child');
const execute = promisify(execFile);

const databaseIn = (folder: string): string => path.join(folder, 'memory.db');

interface Said {
  readonly fact?: number;
  readonly draft?: number;
  readonly decision?: number;
  readonly [name: string]: unknown;
}

const parse = (line: string): Said => JSON.parse(line) as Said;

/** Runs the child to its end, through `sh -c` so that a mount can be arranged around it. */
async function child(folder: string, what: string, before = 'true', launcher = ''): Promise<Said[]> {
  const script = `${before} && exec ${launcher} "$0" "$1" "$2" "$3" "$4"`;
  const args = ['-m', 'sh', '-c', script, process.execPath, childFile(), workerFile(), folder, what];
  // A mount namespace of its own: the mounts go with the process, whatever happens to it.
  const { stdout } = await execute('unshare', args, { maxBuffer: 64 << 20 });
  return stdout.trimEnd().split('\n').map(parse);
}

async function opened(folder: string, key = testKey()): Promise<OpenedMemory> {
  const memory = await openMemory({ folder, key, workerFile: workerFile() });
  onTestFinished(() => memory.close());
  return memory;
}

async function written(): Promise<string> {
  const folder = temporaryFolder();
  const memory = await opened(folder);
  await memory.commit(fact(), [communication()]);
  await memory.saveDraft(draft());
  await memory.close();
  return folder;
}

const refused = async (folder: string, key = testKey(), readOnly = false): Promise<MemoryProblem> => {
  const problem: unknown = await openMemory({ folder, key, workerFile: workerFile(), readOnly }).catch(
    (error: unknown) => error,
  );
  expect(problem).toBeInstanceOf(MemoryProblem);
  return problem as MemoryProblem;
};

const raw = (folder: string, use: (database: Database) => void): void => {
  const database = openDatabase(databaseIn(folder), hexOf(testKey()), false);
  use(database);
  database.close();
};

describe('SIGKILL', () => {
  it('loses nothing that was acknowledged and invents nothing, time after time', async () => {
    const folder = temporaryFolder();
    for (const lines of [1, 40, 173, 512]) {
      const acknowledged = { fact: 0, draft: 0, decision: 0 };
      let seen = 0;
      const program = spawn(process.execPath, [childFile(), workerFile(), folder, 'write']);
      for await (const line of createInterface({ input: program.stdout })) {
        const said = parse(line);
        // What it had acknowledged before is there to go on from.
        if (said['opened'] !== undefined) acknowledged.fact = said['opened'] as number;
        for (const kind of ['fact', 'draft', 'decision'] as const)
          acknowledged[kind] = said[kind] ?? acknowledged[kind];
        seen += 1;
        if (seen === lines) program.kill('SIGKILL');
      }
      const memory = await opened(folder);
      const { drafts, decisions, summary } = await memory.recollect();
      const storedDraft = drafts[0]?.revision ?? 0;
      const storedDecision = Number(decisions.at(-1)?.id.split(' ')[1] ?? 0);
      expect(await memory.verify()).toMatchObject({
        whole: true,
        facts: summary.facts,
        records: summary.facts,
      });
      expect(summary.facts).toBeGreaterThanOrEqual(acknowledged.fact);
      expect(storedDraft).toBeGreaterThanOrEqual(acknowledged.draft);
      expect(storedDecision).toBeGreaterThanOrEqual(acknowledged.decision);
      // Only what was under way may be there without having been acknowledged.
      expect(summary.facts).toBeLessThanOrEqual(acknowledged.fact + 1);
      expect(Math.max(storedDraft, storedDecision)).toBeLessThanOrEqual(summary.facts);
      await memory.close();
      raw(folder, (database) => {
        const bodies = database.all('SELECT CAST(body AS BLOB) AS body FROM journal ORDER BY seq');
        expect(bodies.map(({ body }) => Buffer.from(body as ArrayBuffer).toString())).toEqual(
          Array.from({ length: summary.facts }, (_, index) => `fact ${index + 1}`),
        );
      });
    }
  });

  it('leaves a log that a reader can still read', async () => {
    const folder = temporaryFolder();
    const program = spawn(process.execPath, [childFile(), workerFile(), folder, 'write']);
    let last = 0;
    for await (const line of createInterface({ input: program.stdout })) {
      last = parse(line).fact ?? last;
      if (last === 20) program.kill('SIGKILL');
    }
    const [said] = await child(folder, 'read');
    expect(said).toMatchObject({ whole: true });
    expect(said?.['facts']).toBeGreaterThanOrEqual(last);
  });
});

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
    const memory = await opened(folder);
    const canaries = [
      'canary-body',
      'canary-peer',
      'canary-note',
      'canary-code',
      'canary-queue',
      'canary-search',
    ];
    const [body = '', peerName = '', notes = '', code = '', queueName = '', description = ''] = canaries;
    await memory.commit(fact({ body: JSON.stringify({ body }) }), [communication({ peerName, queueName })]);
    await memory.saveDraft(draft({ key: 'other', notes }));
    await memory.decide(decision({ code, notes }));
    await memory.cacheCodes('queue/1', {
      codes: [{ id: code, name: code, description }],
      fetchedAt: '2025-03-04T10:00:00.000Z',
    });
    // Read by another process: opening the file here would drop the locks of the memory that is open here.
    const everything = async (): Promise<string> =>
      (await execute('sh', ['-c', 'cat "$0"/*', folder], { encoding: 'latin1', maxBuffer: 64 << 20 })).stdout;
    const whileOpen = await everything();
    expect(whileOpen.length).toBeGreaterThan(40_000);
    await memory.close();
    const closed = await everything();
    for (const canary of [...canaries, 'conversation-1', 'CREATE TABLE', 'SQLite format']) {
      expect(whileOpen, canary).not.toContain(canary);
      expect(closed, canary).not.toContain(canary);
    }
  });
});

describe('a version', () => {
  it('that is newer is refused, and nothing is changed', async () => {
    const folder = await written();
    raw(folder, (database) => database.exec('PRAGMA user_version = 9990'));
    const before = readFileSync(databaseIn(folder));
    for (const readOnly of [false, true]) {
      expect(await refused(folder, testKey(), readOnly)).toMatchObject({ code: 'newer-version' });
    }
    expect(readFileSync(databaseIn(folder)).equals(before)).toBe(true);
  });

  it('that is older is copied, then brought up to date', async () => {
    const folder = await written();
    const file = databaseIn(folder);
    const next = {
      version: 20,
      name: 'one more',
      sql: 'CREATE TABLE one_more (id INTEGER PRIMARY KEY) STRICT;',
    };
    raw(folder, (database) => {
      migrate(database, [...migrations, next]);
      expect(versionOf(database)).toBe(20);
      expect(database.all('SELECT * FROM one_more')).toEqual([]);
    });
    const copy = openDatabase(copyBefore(file, 10), hexOf(testKey()), true);
    expect(versionOf(copy)).toBe(10);
    expect(copy.first('SELECT count(*) AS facts FROM journal')).toEqual({ facts: 1 });
    copy.close();
    expect(readFileSync(copyBefore(file, 10)).includes('CREATE TABLE')).toBe(false);
  });

  it('stays what it was when a migration fails', async () => {
    const folder = await written();
    const broken = {
      version: 20,
      name: 'broken',
      sql: 'CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1);',
    };
    raw(folder, (database) => {
      expect(() => migrate(database, [...migrations, broken])).toThrow(MemoryProblem);
      expect(versionOf(database)).toBe(10);
    });
    const memory = await opened(folder);
    expect((await memory.recollect()).drafts).toEqual([draft()]);
    expect((await memory.verify()).whole).toBe(true);
  });

  it('counts up in steps of ten', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => (index + 1) * 10));
  });
});

describe('the disk', () => {
  it('that is read-only is said so to a writer, and read from all the same', async () => {
    const folder = await written();
    const readOnly = `mount --bind "${folder}" "${folder}" && mount -o remount,ro,bind "${folder}"`;
    expect(await child(folder, 'write', readOnly)).toMatchObject([{ problem: 'read-only' }]);
    expect(await child(folder, 'read', readOnly)).toMatchObject([
      { exported: 1, whole: true },
      { closed: true },
    ]);
    const empty = path.join(folder, 'empty');
    mkdirSync(empty);
    expect(await child(empty, 'open', readOnly)).toMatchObject([{ problem: 'read-only' }]);
  });

  it('that another account owns is said so', async () => {
    const folder = await written();
    // The child may reach the file but not write it.
    const others = `chmod 755 "${folder}" && chmod 644 "${databaseIn(folder)}"`;
    const nobody = 'setpriv --reuid 65534 --regid 65534 --clear-groups';
    expect(await child(folder, 'open', others, nobody)).toMatchObject([{ problem: 'read-only' }]);
  });

  it('that fills up refuses one write, keeps all before it, and goes on when there is room', async () => {
    const folder = temporaryFolder();
    const said = await child(folder, 'fill', `mount -t tmpfs -o size=1536k,mode=700 none "${folder}"`);
    const problem = said.findIndex((line) => line['problem'] !== undefined);
    expect(said[problem]).toMatchObject({ problem: 'full' });
    const before = Math.max(...said.slice(0, problem).map((line) => line.fact ?? 0));
    expect(before).toBeGreaterThan(10);
    const kept = said[problem + 1]?.['kept'] as number;
    expect(kept).toBe(before);
    expect(said.slice(problem + 2)).toEqual([
      ...[1, 2, 3].flatMap((more) => [
        { fact: kept + more },
        { draft: kept + more },
        { decision: kept + more },
      ]),
      { whole: true, facts: kept + 3, records: kept + 3, problems: [] },
      { closed: true },
    ]);
  });

  it('on which a folder cannot be is said so', async () => {
    const file = path.join(temporaryFolder(), 'a-file');
    writeFileSync(file, '');
    expect(await refused(path.join(file, 'memory'))).toMatchObject({ code: 'io' });
    expect(await refused(temporaryFolder(), testKey(), true)).toMatchObject({ code: 'io' });
  });

  it('that returned garbage is recognised and left alone', async () => {
    const folder = await written();
    writeFileSync(databaseIn(folder), Buffer.alloc(16_384, 0x5a));
    expect(await refused(folder)).toMatchObject({ code: 'wrong-key' });
    expect(readFileSync(databaseIn(folder)).equals(Buffer.alloc(16_384, 0x5a))).toBe(true);
  });
});

describe('another process', () => {
  it('reads and verifies while this one writes', async () => {
    const folder = temporaryFolder();
    const memory = await opened(folder);
    await memory.commit(fact(), [communication()]);
    const reading = child(folder, 'read');
    let facts = 1;
    const finished = new AbortController();
    const done = reading.finally(() => finished.abort());
    while (!finished.signal.aborted) ({ facts } = await memory.commit(fact(), [communication()]));
    const [said, end] = await done;
    expect(said).toMatchObject({ exported: 1, whole: true, problems: [] });
    expect(said?.['facts']).toBeLessThanOrEqual(facts);
    expect(end).toEqual({ closed: true });
    expect(await memory.verify()).toMatchObject({ whole: true, facts });
  });

  it('that holds the file too long is said so, and the write can be repeated', async () => {
    const folder = await written();
    const memory = await opened(folder);
    const holder = openDatabase(databaseIn(folder), hexOf(testKey()), false);
    holder.exec('BEGIN IMMEDIATE');
    await expect(memory.commit(fact(), [])).rejects.toMatchObject({ code: 'locked' });
    holder.exec('ROLLBACK');
    holder.close();
    expect(await memory.commit(fact(), [])).toMatchObject({ facts: 2 });
  });
});

describe('the worker', () => {
  it('that dies rejects what waits and what comes, with one problem, told once', async () => {
    const failures: MemoryProblem[] = [];
    const dying = path.join(path.dirname(workerFile()), 'dying.cjs');
    // Opens, then dies in the middle of the next call, as a crash of the engine would.
    writeFileSync(
      dying,
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', ({ id, call }) => {
         if (call !== 'open') throw new Error('out of memory');
         parentPort.postMessage({ id, ok: true, value: null });
       });`,
    );
    const memory = await openMemory({
      folder: temporaryFolder(),
      key: testKey(),
      workerFile: dying,
      onFailure: (problem) => failures.push(problem),
    });
    const waiting = await Promise.allSettled([memory.recollect(), memory.saveDraft(draft())]);
    const later = await Promise.allSettled([memory.codeUses(), memory.close()]);
    const [problem] = failures;
    expect(failures).toHaveLength(1);
    expect(problem).toBeInstanceOf(MemoryProblem);
    for (const result of [...waiting, ...later])
      expect(result).toEqual({ status: 'rejected', reason: problem });
  });

  it('that cannot start is one problem too', async () => {
    const failures: MemoryProblem[] = [];
    const missing = openMemory({
      folder: temporaryFolder(),
      key: testKey(),
      workerFile: path.join(temporaryFolder(), 'nowhere.cjs'),
      onFailure: (problem) => failures.push(problem),
    });
    await expect(missing).rejects.toMatchObject({ code: 'io' });
    expect(failures).toHaveLength(1);
  });

  it('answers what was sent before closing, and refuses what comes after', async () => {
    const memory = await opened(await written());
    const before = memory.recollect();
    const closing = memory.close();
    await expect(memory.recollect()).rejects.toMatchObject({ code: 'closed' });
    expect((await before).drafts).toEqual([draft()]);
    await closing;
    await memory.close();
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

  it('is undone by the next start: an open memory has no seal, and an older copy is noticed', async () => {
    const folder = await written();
    const older = path.join(temporaryFolder(), 'older.db');
    copyFileSync(databaseIn(folder), older);
    const memory = await opened(folder);
    expect(existsSync(path.join(folder, 'memory.seal'))).toBe(false);
    await memory.commit(fact(), []);
    await memory.close();
    copyFileSync(older, databaseIn(folder));
    const [said] = await child(folder, 'read');
    expect(said).toMatchObject({
      whole: false,
      problems: ['seal: the file is not as it was when it was closed'],
    });
  });

  it('leaves every file for its owner alone', async () => {
    const folder = await written();
    const { stdout } = await execute('find', [folder, '-perm', '/077']);
    expect(stdout).toBe('');
    const memory = await opened(folder);
    await memory.saveDraft(draft({ revision: 2 }));
    expect((await execute('find', [folder, '-perm', '/077'])).stdout).toBe('');
  });
});
