import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStateStore, emptyModel, type StateStore } from '../../../electron/tracker/state.ts';
import type { Connection } from '../../../electron/account/connection.ts';
import { systemClock } from '../../../electron/system-clock.ts';
import { createTransport } from '../../../electron/feed/genesys/proxy-transport.ts';
import { createAccountSessions, type AccountSessions } from '../../../electron/account/account-session.ts';
import { startSimulator, type RunningSimulator } from '../../../electron/feed/simulator/server.ts';
import type { AppState } from '../../../domain/state.ts';
import { allDrafts } from '../../../electron/store/drafts.ts';
import { DatabaseOnDisk } from '../../e2e/support/database-file.ts';
import { freshSettings } from '../domain/known.ts';
import { share } from '../store/shares.ts';
import { noKeyStore } from '../store/values.ts';
import { builtWorker } from '../store/worker-file.ts';

const worker = builtWorker();
let folder: string;
let service: RunningSimulator;
let store: StateStore;
let sessions: AccountSessions;

beforeEach(async () => {
  folder = mkdtempSync(path.join(path.dirname(path.dirname(worker())), 'session-'));
  mkdirSync(path.join(folder, 'main'), { recursive: true });
  copyFileSync(worker(), path.join(folder, 'main', 'store-worker.cjs'));
  service = await startSimulator({ scenario: 'idle' });
  store = createStateStore(
    emptyModel(
      { kind: 'simulator', demo: true },
      { theme: 'system', language: 'en', locale: 'en' },
      freshSettings,
    ),
    Date.now,
  );
  sessions = createAccountSessions({
    store,
    keyPreference: 'file',
    paths: { out: folder, assets: folder, data: folder, dataProblem: null },
    keyStore: noKeyStore,
    openTransport: () => Promise.resolve(createTransport(() => Promise.resolve(null))),
    clock: systemClock,
    identified: vi.fn(),
    announcedRetention: { get: () => null, set: vi.fn() },
    policyDeletions: { get: () => null, set: vi.fn() },
    toldArchive: { get: () => null, set: vi.fn() },
    isMetered: () => Promise.resolve(false),
    log: () => undefined,
  });
});
afterEach(async () => {
  await sessions.close();
  store.stop();
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

const demo: Connection = { kind: 'simulator', data: null };
const live = (): Connection => ({
  kind: 'genesys',
  api: new URL(service.apiUrl),
  access: { token: () => service.accessToken },
  refusal: '',
  person: null,
  events: { unauthorised: vi.fn(), takenOver: vi.fn(), granted: vi.fn(), missing: vi.fn() },
});

/** Resolves once the windows would see it. */
function seen(condition: (state: AppState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = store.app.subscribe(look);
    function look(): void {
      if (!condition(store.app.getState())) return;
      stop();
      resolve();
    }
    look();
  });
}
const isLive = ({ link, source }: AppState, wanted: 'simulator' | 'genesys'): boolean =>
  link.freshness === 'live' && source.kind === wanted;

it('what comes late for an account that was left changes nothing in the next one', async () => {
  await sessions.switchTo(live());
  await seen((state) => isLive(state, 'genesys'));
  const { conversationId } = service.control.begin({ policy: 'mandatory' });
  await seen(({ status }) => status.phase === 'alerting');
  const left = sessions.current();
  const key = store.app.getState().status.key ?? '';
  expect(key).toContain(conversationId);

  await sessions.switchTo(demo);
  await seen((state) => isLive(state, 'simulator'));
  const before = store.model.getState();
  expect(JSON.stringify(before.communications)).not.toContain(conversationId);

  const words = { key, code: null, name: null, notes: 'too late', revision: 1 };
  await left?.outbox.saveDraft(words);
  left?.recording.missing('too late');
  expect(JSON.stringify(store.model.getState())).not.toContain('too late');
  expect(store.app.getState().database.health).toBe('ok');
});

/** After-call work that waits for words. */
async function wrapUpDue(): Promise<{ readonly key: string; readonly conversationId: string }> {
  await sessions.switchTo(live());
  await seen((state) => isLive(state, 'genesys'));
  const { conversationId } = service.control.begin({ policy: 'mandatory' });
  service.control.answer(conversationId);
  await seen(({ status }) => status.phase === 'viewing');
  service.control.disconnect('peer', conversationId);
  await seen(({ status, prompt }) => status.phase === 'wrapUp' && prompt !== null);
  return { key: store.app.getState().prompt?.key ?? '', conversationId };
}

/** What every database on the disk has of words still being written, by account. Only when all are closed. */
function draftsOnDisk(): Record<string, string[]> {
  const accounts = readdirSync(path.join(folder, 'memory'));
  return Object.fromEntries(
    accounts.map((account) => {
      const engine = new DatabaseOnDisk(folder, account).open();
      const notes = allDrafts(engine).map((one) => one.notes);
      engine.close();
      return [account, notes];
    }),
  );
}

it('last words go to the account they were written for while it is being left, and nowhere after that', async () => {
  const { key } = await wrapUpDue();
  const left = sessions.current();
  const words = (notes: string, revision: number) => ({ key, code: null, name: null, notes, revision });

  const switching = sessions.switchTo(demo);
  await seen(({ source }) => source.closing);
  expect(sessions.having(key)).toBe(left);
  expect(await left?.outbox.saveDraft(words('the last', 1))).toMatchObject({ ok: true });
  sessions.draftsSaved();
  // Even later ones, as long as its database is open.
  while (sessions.current() === left) await Promise.resolve();
  expect(await sessions.having(key)?.outbox.saveDraft(words('the last words', 2))).toMatchObject({
    ok: true,
    value: { durable: true },
  });
  await switching;
  await seen((state) => isLive(state, 'simulator'));
  expect(store.app.getState().source.closing).toBe(false);
  expect(sessions.having(key)).toBeNull();
  for (const desk of [left, sessions.current()])
    expect(await desk?.outbox.saveDraft(words('too late', 3))).toMatchObject({ ok: false });

  await sessions.close();
  const { demo: ofDemo, ...ofOthers } = draftsOnDisk();
  expect(ofDemo).toEqual([]);
  expect(Object.values(ofOthers)).toEqual([['the last words']]);
});

it('words that were erased again hold on to no record', async () => {
  const { key, conversationId } = await wrapUpDue();
  const desk = sessions.current();
  const blank = { key, code: null, name: null, notes: '' };
  await desk?.outbox.saveDraft({ ...blank, notes: 'never mind', revision: 1 });
  await desk?.outbox.saveDraft({ ...blank, revision: 2 });
  service.control.wrapUp({}, conversationId);
  await seen(({ status }) => status.phase === 'wrappedUp');
  expect(await desk?.deleteRecords({ kind: 'all' })).toMatchObject({ records: 1, staying: 0 });
});

it('work that the server never ended is deleted once it is too old to be filed', async () => {
  await sessions.switchTo(live());
  await seen((state) => isLive(state, 'genesys'));
  const session = sessions.current();
  const database = session?.database.inUse()?.database;
  for (const { entry, changed } of share({ id: 'stuck', until: 'due' }))
    await database?.commit(entry, changed);
  expect(await session?.deleteRecords({ kind: 'all' })).toMatchObject({ records: 1, staying: 0 });
});

it('a role that may not read single conversations is told by the listing', async () => {
  await sessions.switchTo(live());
  await seen((state) => isLive(state, 'genesys'));
  const { conversationId } = service.control.begin({ policy: 'mandatory' });
  service.control.answer(conversationId);
  await seen(({ status }) => status.phase === 'viewing');
  const path = `/conversations/${conversationId}`;
  service.control.faults.set(
    { on: 'event', kind: 'drop' },
    { on: 'http', kind: 'status', status: 403, method: 'GET', path },
  );
  service.control.disconnect('client', conversationId);
  expect(store.app.getState().status.phase).toBe('viewing');
  expect(await sessions.current()?.ask(conversationId)).toBe(true);
  await seen(({ status }) => status.phase === 'wrapUp');
});

it('wishes that come together are done one after the other, and the last one stays', async () => {
  await Promise.all([sessions.switchTo(live()), sessions.switchTo(demo), sessions.switchTo(live())]);
  await seen((state) => isLive(state, 'genesys'));
  expect(sessions.current()?.feed()).not.toBeNull();
  expect(service.control.sockets()).toHaveLength(1);
});

it('closed while one is being opened, nothing is left open', async () => {
  const switching = sessions.switchTo(live());
  await sessions.close();
  await switching;
  expect(sessions.current()).toBeNull();
  await sessions.switchTo(demo);
  expect(sessions.current()).toBeNull();
});
