import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Recollection } from '../../../domain/database.ts';
import type { Draft } from '../../../domain/submissions.ts';
import { createAccountDatabase, type AccountDatabase } from '../../../electron/database/opening.ts';
import { createRecording } from '../../../electron/tracker/recording.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import { model } from '../domain/known.ts';
import { draft, noKeyStore } from '../store/examples.ts';
import { builtWorker } from '../store/worker-file.ts';

const worker = builtWorker();
const passphrase = 'correct horse';
const unlock = { choice: 'passphrase', passphrase } as const;
let folder: string;
let databases: AccountDatabase[];
let stores: StateStore[];

beforeEach(() => {
  folder = mkdtempSync(path.join(path.dirname(path.dirname(worker())), 'opening-'));
  mkdirSync(path.join(folder, 'main'), { recursive: true });
  copyFileSync(worker(), path.join(folder, 'main', 'store-worker.cjs'));
  databases = [];
  stores = [];
});
afterEach(async () => {
  for (const database of databases) await database.close();
  for (const store of stores) store.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** One run of the program, on a desktop without a key store. */
function run() {
  const store = createStateStore(model(), Date.now);
  const recording = createRecording(store);
  const recollected: Recollection[] = [];
  const log: string[] = [];
  const database = createAccountDatabase({
    paths: { out: folder, assets: folder, data: folder, dataProblem: null },
    keyStore: noKeyStore,
    preference: 'system',
    store,
    recording,
    tracker: () => ({
      agreedNow: () => null,
      catchUp: () => Promise.resolve(),
      recollect: (recollection) => recollected.push(recollection),
    }),
    keepDays: () => null,
    caughtUp: () => log.push('caught up'),
    now: Date.now,
    log: () => undefined,
  });
  databases.push(database);
  stores.push(store);
  return {
    database,
    store,
    log,
    question: () => store.app.getState().question,
    /** As the window would: shown at once, and in the database where there is one. */
    write: async (words: Draft) => {
      store.update(({ drafts }) => ({ drafts: { ...drafts, [words.key]: words } }));
      await recording.attempt((each) => each.saveDraft(words));
    },
    /** What the open database holds. */
    held: async () => (await database.inUse()?.database.recollect())?.drafts.map(({ notes }) => notes),
    remembered: () => recollected.at(-1)?.drafts.map(({ notes }) => notes),
  };
}

const memory = (...names: string[]): string => path.join(folder, 'memory', 'ana', ...names);
const keyKind = (...names: string[]): unknown =>
  (JSON.parse(readFileSync(memory(...names, 'key.json'), 'utf8')) as { kind: unknown }).kind;
const asideFolders = (): string[] => readdirSync(memory()).filter((name) => name.startsWith('aside-'));
const words = (notes: string, key = 'a'): Draft => draft({ key, notes });

/** A database under a passphrase that holds some words, from an earlier run. */
async function underPassphrase(): Promise<void> {
  const { database, write } = run();
  await database.open('ana');
  expect(await database.answer(unlock)).toMatchObject({ ok: true });
  await write(words('before'));
  await database.close();
}

describe('how the key of a new database is kept', () => {
  it('can be decided later; what is written meanwhile is in the database then', async () => {
    const { database, question, write, held, log } = run();
    await database.open('ana');
    expect(question()).toMatchObject({ kind: 'choose', putOff: false, ways: { aside: false } });
    expect(await database.answer({ choice: 'putOff' })).toMatchObject({ ok: true });
    expect(question()).toMatchObject({ kind: 'choose', putOff: true });
    await write(words('meanwhile'));
    expect(await database.answer({ choice: 'back' })).toMatchObject({ ok: true });
    expect(question()).toMatchObject({ kind: 'choose', putOff: false });
    expect(await database.answer({ choice: 'file' })).toMatchObject({ ok: true });
    expect(question()).toBeNull();
    expect(await held()).toEqual(['meanwhile']);
    expect(log).toEqual(['caught up']);
  });

  it('leaves nothing to set aside or delete', async () => {
    const { database } = run();
    await database.open('ana');
    expect(await database.answer({ choice: 'aside' })).toMatchObject({ ok: false });
    expect(await database.answer({ choice: 'delete', word: 'delete' })).toMatchObject({ ok: false });
    expect(asideFolders()).toEqual([]);
  });
});

describe('a passphrase', () => {
  beforeEach(underPassphrase);

  it('that is wrong changes nothing, and the right one opens everything', async () => {
    const { database, question, remembered } = run();
    await database.open('ana');
    expect(question()).toMatchObject({ kind: 'passphrase' });
    const wrong = await database.answer({ choice: 'passphrase', passphrase: 'correct house' });
    expect(wrong).toMatchObject({ ok: false });
    expect(question()).toMatchObject({ kind: 'passphrase' });
    expect(await database.answer(unlock)).toMatchObject({ ok: true });
    expect(remembered()).toEqual(['before']);
  });

  it('can be put off; what is written meanwhile is kept once it is typed', async () => {
    const { database, store, question, write, held } = run();
    await database.open('ana');
    expect(await database.answer({ choice: 'putOff' })).toMatchObject({ ok: true });
    expect(question()).toMatchObject({ kind: 'passphrase', putOff: true });
    expect(store.app.getState().database).toMatchObject({ health: 'paused' });
    await write(words('meanwhile', 'b'));
    await database.answer({ choice: 'back' });
    expect(await database.answer(unlock)).toMatchObject({ ok: true });
    expect((await held())?.sort()).toEqual(['before', 'meanwhile']);
    expect(store.app.getState().database).toMatchObject({ health: 'ok' });
  });

  it('that is forgotten leaves a fresh start; the old records are set aside with their key', async () => {
    const { database, store, question, write, held } = run();
    await database.open('ana');
    expect(question()).toMatchObject({ ways: { aside: true } });
    await write(words('meanwhile', 'b'));
    expect(await database.answer({ choice: 'aside' })).toMatchObject({ ok: true });
    const [aside = '', ...others] = asideFolders();
    expect(others).toEqual([]);
    expect(existsSync(memory(aside, 'memory.db'))).toBe(true);
    expect(keyKind(aside)).toBe('passphrase');
    expect(store.app.getState().notices.map(({ text }) => text)).toEqual([
      expect.stringContaining(memory(aside)),
    ]);
    expect(question()).toMatchObject({ kind: 'choose', ways: { aside: false } });
    expect(await database.answer({ choice: 'file' })).toMatchObject({ ok: true });
    expect(keyKind()).toBe('file');
    expect(await held()).toEqual(['meanwhile']);
  });

  it('that is forgotten lets the records be deleted, with the typed word only', async () => {
    const { database, question, write, held } = run();
    await database.open('ana');
    await write(words('meanwhile', 'b'));
    expect(await database.answer({ choice: 'delete', word: 'yes' })).toMatchObject({ ok: false });
    expect(existsSync(memory('memory.db'))).toBe(true);
    expect(await database.answer({ choice: 'delete', word: 'delete' })).toMatchObject({ ok: true });
    expect(existsSync(memory('memory.db'))).toBe(false);
    expect(question()).toMatchObject({ kind: 'choose' });
    // What was known before the deletion is not written again, however long the next answer takes.
    expect(await database.answer({ choice: 'file' })).toMatchObject({ ok: true });
    expect(await held()).toEqual([]);
  });
});
