import { beforeEach, expect, it, vi } from 'vitest';
import type { KeyKeeping } from '../../../domain/program-info.ts';
import type { KeyQuestion } from '../../../domain/state.ts';
import { defaultSettings } from '../../../domain/settings.ts';
import type { OpenedDatabase } from '../../../electron/store/client.ts';
import { answerKey, type KeyStore } from '../../../electron/store/key.ts';
import { readKeyFile } from '../../../electron/store/key-file.ts';
import { createStateStore, emptyModel } from '../../../electron/tracker/state.ts';
import { createKeyKeeping } from '../../../electron/database/key-protection.ts';
import { temporaryFolder } from '../store/examples.ts';

let folder = '';
let key = new Uint8Array();
beforeEach(async () => {
  folder = temporaryFolder();
  const made = await answerKey(folder, { choice: 'file' });
  if (made.kind !== 'ready') throw new Error(made.kind);
  key = new Uint8Array(made.key);
});

function keeping(over: { set?: KeyKeeping; policyProblem?: string; account?: string } = {}) {
  const settings = {
    values: defaultSettings,
    locked: [],
    keyKeeping: over.set ?? null,
    policyProblem: over.policyProblem ?? '',
    stopKeyProblem: '',
  };
  const store = createStateStore(
    emptyModel({ kind: 'genesys', demo: false }, { theme: 'system', locale: 'en' }, settings),
    Date.now,
  );
  let how: KeyKeeping = 'file';
  let database: OpenedDatabase | null = {} as OpenedDatabase;
  let sealing = Promise.resolve();
  const keyStore: KeyStore = {
    available: () => sealing.then(() => true),
    backend: () => 'test',
    seal: (secret) => Promise.resolve(Buffer.from(secret)),
    open: (sealed) => Promise.resolve(Buffer.from(sealed).toString()),
  };
  const told: string[] = [];
  const keeper = createKeyKeeping({
    store,
    keyStore,
    inUse: () => (database ? { account: over.account ?? 'ana', folder, database, key, how } : null),
    keptNow: (now) => (how = now),
    notify: (_id, _tone, text) => told.push(text),
    log: vi.fn(),
  });
  return {
    keeper,
    store,
    told,
    how: () => how,
    onDisk: () => readKeyFile(folder)?.kind,
    close: () => (database = null),
    /** The key store is asked for and does not answer until the returned function is called. */
    stall: () => {
      let go = (): void => undefined;
      sealing = new Promise((resolve) => (go = resolve));
      return () => {
        go();
      };
    },
  };
}

it('changes what is on the disk and what is told of it', async () => {
  const { keeper, how, onDisk } = keeping();
  expect(await keeper.keep({ how: 'system' })).toBeNull();
  expect([how(), onDisk()]).toEqual(['system', 'system']);
});

it('is for the organisation to say where it has said it, and for nobody while that cannot be read', async () => {
  const set = keeping({ set: 'passphrase' });
  expect(await set.keeper.keep({ how: 'system' })).toMatch(/Your organisation has set this/);
  const unread = keeping({ policyProblem: 'unreadable' });
  expect(await unread.keeper.keep({ how: 'file' })).toMatch(/until the policy/);
  expect(set.onDisk()).toBe('file');
});

it('a database that is gone by then is left as it is', async () => {
  const { keeper, close, stall, onDisk, how } = keeping();
  const go = stall();
  const kept = keeper.keep({ how: 'system' });
  close();
  key.fill(0);
  go();
  expect(await kept).toMatch(/History is paused/);
  expect([how(), onDisk()]).toEqual(['file', 'file']);
});

it('a first key is kept as the organisation has set it; an earlier one is opened as it is kept', () => {
  const { keeper, store } = keeping({ set: 'passphrase' });
  const ask = (kind: KeyQuestion['kind'], asked = store): void => {
    const question = { kind, text: '', detail: '', problem: '', ways: null, putOff: false };
    asked.update(() => ({ question }));
  };
  ask('choose');
  expect(keeper.refusalOfFirst('file')).toMatch(/Your organisation has set this/);
  expect(keeper.refusalOfFirst('passphrase')).toBeNull();
  ask('passphrase');
  expect(keeper.refusalOfFirst('file')).toBeNull();
  const unread = keeping({ policyProblem: 'unreadable' });
  ask('choose', unread.store);
  expect(unread.keeper.refusalOfFirst('file')).toBeNull();
});

it('what the organisation has set is done at once where no person is needed for it', async () => {
  const { keeper, onDisk, told } = keeping({ set: 'system' });
  await keeper.keepAsSet();
  expect([onDisk(), told]).toEqual(['system', []]);
});

it('and asked for where one is; the demo is left alone', async () => {
  const set = keeping({ set: 'passphrase' });
  await set.keeper.keepAsSet();
  expect(set.told).toEqual([expect.stringContaining('Choose one')]);
  expect(set.onDisk()).toBe('file');
  const demo = keeping({ set: 'system', account: 'demo' });
  await demo.keeper.keepAsSet();
  expect([demo.onDisk(), demo.told]).toEqual(['file', []]);
});
