import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStateStore, emptyModel, type StateStore } from '../../../electron/tracker/state.ts';
import type { Connection } from '../../../electron/account/connection.ts';
import { systemClock } from '../../../electron/system-clock.ts';
import { createTransport } from '../../../electron/feed/genesys/proxy-transport.ts';
import { createAccountSessions, type AccountSessions } from '../../../electron/account/account-session.ts';
import { startSimulator, type RunningSimulator } from '../../../electron/feed/simulator/server.ts';
import type { AppState, SettingsState } from '../../../domain/state.ts';
import { defaultSettings } from '../../../domain/settings.ts';
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
  const settings: SettingsState = {
    values: defaultSettings,
    locked: [],
    keyKeeping: null,
    policyProblem: '',
    stopKeyProblem: '',
  };
  store = createStateStore(
    emptyModel({ kind: 'simulator', demo: true }, { theme: 'system', locale: 'en' }, settings),
    Date.now,
  );
  sessions = createAccountSessions({
    store,
    keyPreference: 'file',
    paths: { out: folder, assets: folder, data: folder, dataProblem: null },
    keyStore: {
      available: () => Promise.resolve(false),
      backend: () => 'none',
      seal: () => Promise.reject(new Error('none')),
      open: () => Promise.reject(new Error('none')),
    },
    transport: createTransport(() => Promise.resolve(null)),
    clock: systemClock,
    identified: vi.fn(),
    announcedRetention: { get: () => null, set: vi.fn() },
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
  left?.history.missing('too late');
  expect(JSON.stringify(store.model.getState())).not.toContain('too late');
  expect(store.app.getState().database.health).toBe('ok');
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
