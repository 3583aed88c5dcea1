import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { openDatabase, type OpenedDatabase } from '../../../electron/store/client.ts';
import { backupsOf, makeBackup, restoreDatabase } from '../../../electron/store/backups/run-task.ts';
import {
  deleteAll,
  dropReplaced,
  finishReplacing,
  isReplacing,
  preparedFolder,
  putAside,
} from '../../../electron/store/backups/replace-database.ts';
import { openEngine } from '../../../electron/store/engine.ts';
import { keyFile } from '../../../electron/store/files.ts';
import { databaseExists } from '../../../electron/store/key.ts';
import { size } from '../size.ts';
import { communication, submission, draft, factOf, hexOf, temporaryFolder, testKey } from './examples.ts';
import { databaseIn, execute, raw, workbench } from './workbench.ts';

// Each test starts threads and waits for the disk; a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const { opened, refused, workerFile } = workbench();
const now = Date.parse('2025-03-04T14:02:00.000Z');
const later = now + 3_600_000;
const pageSize = 4096;

const placeOf = (folder: string) => ({ folder, key: testKey(), workerFile: workerFile() });

async function write(database: OpenedDatabase, from: number, upTo: number): Promise<void> {
  for (let number = from; number <= upTo; number += 1) {
    const changed = communication({
      conversationId: `conversation-${number}`,
      communicationId: `c${number}`,
      peerName: 'x'.repeat((number % 5) * 700),
    });
    await database.commit(factOf(changed), [changed]);
    await database.saveDraft(draft({ key: `draft/${number}/x`, notes: `note ${number}` }));
    await database.decide(submission({ id: `submission ${number}`, key: `a/b/${number}` }));
  }
}

let goneOn = '';
beforeAll(async () => {
  goneOn = mkdtempSync(path.join(tmpdir(), 'sharelight-restore-'));
  const database = await openDatabase({ folder: goneOn, key: testKey(), workerFile: workerFile() });
  await write(database, 1, 20);
  await makeBackup(placeOf(goneOn), { now, keepMs: null, alone: false });
  await write(database, 21, 30);
  await database.close();
  return () => {
    rmSync(goneOn, { recursive: true, force: true });
  };
});

/** A closed database with a backup of its first twenty steps and ten more since. */
const copiedAndGoneOn = (): Promise<string> => copyOf(goneOn);

async function copyOf(original: string): Promise<string> {
  const folder = temporaryFolder();
  await execute('cp', ['-r', `${original}/.`, folder]);
  return folder;
}

/** Numbers of so many pages, evenly spread from `first` on. */
function spread(pages: number, first: number, wanted: number): number[] {
  const count = Math.min(wanted, pages - first);
  return Array.from({ length: count }, (_, index) => first + Math.floor((index * (pages - first)) / count));
}

function destroy(file: string, page: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0x5a, page * pageSize, (page + 1) * pageSize);
  writeFileSync(file, bytes);
}

interface Held {
  readonly facts: number;
  readonly drafts: readonly string[];
  readonly submissions: readonly string[];
}

async function held(folder: string): Promise<Held> {
  const database = await opened(folder);
  expect((await database.verify()).problems).toEqual([]);
  const { drafts, submissions, summary } = await database.recollect();
  await database.close();
  return {
    facts: summary.facts,
    drafts: drafts.map(({ notes }) => notes),
    submissions: submissions.map(({ id }) => id),
  };
}

const numbers = (from: number, upTo: number): number[] =>
  Array.from({ length: upTo - from + 1 }, (_, index) => from + index);

async function newestCopy(folder: string): Promise<string> {
  const [backup] = await backupsOf(placeOf(folder));
  return backup?.name ?? '';
}

describe('a restore', () => {
  it('takes the backup and everything since that is whole, and keeps what it replaces', async () => {
    const folder = await copiedAndGoneOn();
    const before = readFileSync(databaseIn(folder));
    const restored = await restoreDatabase(placeOf(folder), await newestCopy(folder), later);
    expect(restored).toEqual({
      at: now,
      kept: path.join(folder, 'replaced-2025-03-04T15-02-00.000Z'),
      records: 30,
      isBackupWhole: true,
      saved: { facts: 10, records: 10, drafts: 10, submissions: 10 },
    });
    const { facts, drafts, submissions } = await held(folder);
    expect(facts).toBe(30);
    expect([...drafts].sort()).toEqual(
      numbers(1, 30)
        .map((number) => `note ${number}`)
        .sort(),
    );
    expect(submissions).toEqual(numbers(1, 30).map((number) => `submission ${number}`));
    expect(readFileSync(path.join(restored.kept, 'memory.db')).equals(before)).toBe(true);
    expect(readdirSync(folder)).not.toContain('restoring');
  });

  it('makes records anew from their facts where the records themselves are damaged', async () => {
    const folder = await copiedAndGoneOn();
    raw(folder, (engine) => engine.exec("UPDATE communications SET json = json || ' '"));
    const restored = await restoreDatabase(placeOf(folder), await newestCopy(folder), later);
    expect(restored).toMatchObject({ records: 30, saved: { facts: 10, records: 10 } });
    await held(folder);
  });

  it('keeps records whose facts are lost as they stood, in the chain', async () => {
    const folder = await copiedAndGoneOn();
    raw(folder, (engine) => {
      engine.exec('DROP TRIGGER journal_keeps_rows; DELETE FROM journal WHERE seq = 24');
    });
    const restored = await restoreDatabase(placeOf(folder), await newestCopy(folder), later);
    expect(restored).toMatchObject({ records: 30, saved: { facts: 3, records: 10, drafts: 10 } });
    await held(folder);
  });

  it('whatever page is destroyed: whole, nothing of the backup lost, nothing invented, no words on other pages lost', async () => {
    const original = await copiedAndGoneOn();
    const pages = readFileSync(databaseIn(original)).length / pageSize;
    const backup = await newestCopy(original);
    const everything = await held(original);
    const tally = { drafts: 0, facts: 0 };
    const tried = spread(pages, 0, size('PAGES', 8));
    for (const page of tried) {
      const folder = await copyOf(original);
      destroy(databaseIn(folder), page);
      await restoreDatabase(placeOf(folder), backup, later);
      const { facts, drafts, submissions } = await held(folder);
      expect(facts).toBeGreaterThanOrEqual(20);
      for (const number of numbers(1, 20)) {
        expect(drafts).toContain(`note ${number}`);
        expect(submissions).toContain(`submission ${number}`);
      }
      for (const words of drafts) expect(everything.drafts).toContain(words);
      for (const id of submissions) expect(everything.submissions).toContain(id);
      tally.drafts += drafts.length - 20;
      tally.facts += facts - 20;
    }
    // Most pages hold neither: most of the time nothing of the day is lost at all.
    expect(tally.drafts).toBeGreaterThan(tried.length * 6);
    expect(tally.facts).toBeGreaterThan(tried.length * 4);
  });

  it('without any backup saves into an empty database what can be read', async () => {
    const folder = await copiedAndGoneOn();
    await execute('rm', ['-r', path.join(folder, 'backups')]);
    destroy(databaseIn(folder), 9);
    const { at, saved } = await restoreDatabase(placeOf(folder), null, later);
    expect(at).toBeNull();
    expect((saved?.drafts ?? 0) + (saved?.facts ?? 0)).toBeGreaterThan(20);
    await held(folder);
  });

  it('of a file nothing can be read from takes the backup alone', async () => {
    const folder = await copiedAndGoneOn();
    writeFileSync(databaseIn(folder), Buffer.alloc(64 * 1024, 0x5a));
    expect(await refused(folder)).toMatchObject({ code: 'wrong-key' });
    const restored = await restoreDatabase(placeOf(folder), await newestCopy(folder), later);
    expect(restored.saved).toBeNull();
    expect((await held(folder)).facts).toBe(20);
  });

  it('of a database that is gone takes the backup alone', async () => {
    const folder = await copiedAndGoneOn();
    await execute('rm', [databaseIn(folder)]);
    await restoreDatabase(placeOf(folder), await newestCopy(folder), later);
    expect((await held(folder)).facts).toBe(20);
  });

  it('from a backup that is damaged itself passes over what cannot be read of it, whatever page that is', async () => {
    const original = await copiedAndGoneOn();
    const name = await newestCopy(original);
    const everything = await held(original);
    const pages = readFileSync(path.join(original, 'backups', name)).length / pageSize;
    let brought = 0;
    const tried = spread(pages, 1, size('PAGES', 5));
    for (const page of tried) {
      const folder = await copyOf(original);
      destroy(path.join(folder, 'backups', name), page);
      destroy(databaseIn(folder), page);
      // What is damaged in both, or all of the backup, may be lost: never silently, and nothing is invented.
      const restored = await restoreDatabase(placeOf(folder), name, later).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'damaged' });
        return null;
      });
      if (restored === null) continue;
      brought += 1;
      expect(restored.isBackupWhole).toBe(false);
      const { drafts, submissions } = await held(folder);
      for (const words of drafts) expect(everything.drafts).toContain(words);
      for (const id of submissions) expect(everything.submissions).toContain(id);
      expect(drafts.length + submissions.length).toBeGreaterThan(0);
    }
    expect(brought).toBeGreaterThan(tried.length / 2);
  });

  it('from a backup of which a row is damaged brings everything else', async () => {
    const folder = await copiedAndGoneOn();
    const name = await newestCopy(folder);
    const copied = openEngine(path.join(folder, 'backups', name), hexOf(testKey()), false);
    copied.exec(
      "UPDATE communications SET json = json || ' ' WHERE id = (SELECT min(id) FROM communications)",
    );
    copied.checkpoint();
    copied.close();
    await execute('rm', [databaseIn(folder)]);
    const restored = await restoreDatabase(placeOf(folder), name, later);
    expect(restored).toMatchObject({ isBackupWhole: false, records: 20, saved: null });
    const { facts, drafts, submissions } = await held(folder);
    expect([facts, drafts.length, submissions.length]).toEqual([20, 20, 20]);
  });

  it('from a backup of which nothing can be read, or one that is gone, changes nothing', async () => {
    const folder = await copiedAndGoneOn();
    const name = await newestCopy(folder);
    const backup = path.join(folder, 'backups', name);
    const pages = readFileSync(backup).length / pageSize;
    for (let page = 1; page < pages; page += 1) destroy(backup, page);
    const before = await held(folder);
    await expect(restoreDatabase(placeOf(folder), name, later)).rejects.toMatchObject({ code: 'damaged' });
    await expect(restoreDatabase(placeOf(folder), 'memory-gone.db', later)).rejects.toMatchObject({
      code: 'io',
    });
    expect(await held(folder)).toEqual(before);
    expect(isReplacing(folder)).toBe(false);
  });

  it('that a power cut interrupted anywhere is finished by the next start', async () => {
    for (const done of numbers(0, 3)) {
      const folder = await copiedAndGoneOn();
      const before = readFileSync(databaseIn(folder));
      // As a restore leaves it after each of its renames.
      const kept = 'replaced-2025-03-04T15-02-00.000Z';
      mkdirSync(preparedFolder(folder));
      await execute('cp', [
        path.join(folder, 'backups', await newestCopy(folder)),
        databaseIn(preparedFolder(folder)),
      ]);
      writeFileSync(
        path.join(folder, 'replacing.json'),
        JSON.stringify({ version: 1, kind: 'restore', kept }),
      );
      mkdirSync(path.join(folder, kept));
      if (done > 0) renameSync(path.join(folder, 'memory.seal'), path.join(folder, kept, 'memory.seal'));
      if (done > 1) renameSync(databaseIn(folder), path.join(folder, kept, 'memory.db'));
      if (done > 2) renameSync(databaseIn(preparedFolder(folder)), databaseIn(folder));
      expect(databaseExists(folder)).toBe(true);
      expect(await refused(folder, testKey(), true)).toMatchObject({ code: 'read-only' });
      finishReplacing(folder);
      expect((await held(folder)).facts).toBe(20);
      expect(readFileSync(path.join(folder, kept, 'memory.db')).equals(before)).toBe(true);
      expect(readdirSync(folder).sort()).toEqual(['backups', 'memory.db', 'memory.seal', kept]);
    }
  });

  it('that was only being prepared leaves everything as it was', async () => {
    const folder = await copiedAndGoneOn();
    const before = await held(folder);
    mkdirSync(preparedFolder(folder));
    writeFileSync(databaseIn(preparedFolder(folder)), 'half');
    finishReplacing(folder);
    expect(await held(folder)).toEqual(before);
    expect(existsSync(preparedFolder(folder))).toBe(false);
  });
});

describe('starting with an empty database', () => {
  it('keeps everything there was in a folder that opens as a database', async () => {
    const folder = await copiedAndGoneOn();
    writeFileSync(keyFile(folder), 'as it is', { mode: 0o600 });
    const aside = putAside(folder, later, false);
    expect(readdirSync(folder).sort()).toEqual([path.basename(aside), 'key.json']);
    expect(readFileSync(keyFile(aside), 'utf8')).toBe('as it is');
    expect((await held(aside)).facts).toBe(30);
    expect((await held(folder)).facts).toBe(0);
  });

  it('takes a key that does not fit along', async () => {
    const folder = await copiedAndGoneOn();
    writeFileSync(keyFile(folder), 'as it is', { mode: 0o600 });
    const aside = putAside(folder, later, true);
    expect(readdirSync(folder)).toEqual([path.basename(aside)]);
    expect(databaseExists(folder)).toBe(false);
  });
});

describe('deleting all records', () => {
  it('takes what a restore replaced, and nothing that was put aside', async () => {
    const folder = await copiedAndGoneOn();
    const { kept } = await restoreDatabase(placeOf(folder), await newestCopy(folder), later);
    const aside = path.join(folder, 'aside-2025-03-04T15-02-00.000Z');
    mkdirSync(aside);
    dropReplaced(folder);
    expect(existsSync(kept)).toBe(false);
    expect(existsSync(aside)).toBe(true);
  });
});

describe('deleting everything', () => {
  it('leaves nothing: no key, no backup, nothing that was put aside', async () => {
    const folder = await copiedAndGoneOn();
    await restoreDatabase(placeOf(folder), await newestCopy(folder), later);
    writeFileSync(keyFile(folder), 'as it is', { mode: 0o600 });
    writeFileSync(path.join(folder, 'key.replaced-2025-03-04T15-02-00.000Z.json'), 'a former key');
    deleteAll(folder);
    expect(readdirSync(folder)).toEqual([]);
    expect(databaseExists(folder)).toBe(false);
  });

  it('that was interrupted is finished by the next start, and is no empty database until then', () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'backups'));
    writeFileSync(path.join(folder, 'backups', 'memory-2025-03-04T14-02-00.000Z.db'), 'backup');
    writeFileSync(path.join(folder, 'replacing.json'), JSON.stringify({ version: 1, kind: 'delete' }));
    expect(databaseExists(folder)).toBe(true);
    finishReplacing(folder);
    expect(readdirSync(folder)).toEqual([]);
  });
});
