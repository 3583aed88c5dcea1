import { beforeEach, expect, it, vi } from 'vitest';
import type { KeyKeeping } from '../../../domain/program-info.ts';
import type { KeyQuestion } from '../../../domain/state.ts';
import { answerKey, type KeyStore } from '../../../electron/store/key.ts';
import { readKeyFile } from '../../../electron/store/key-file.ts';
import { createStateStore, emptyModel } from '../../../electron/tracker/state.ts';
import { createKeyProtection } from '../../../electron/database/key-protection.ts';
import { noWays } from '../../../electron/database/recovery.ts';
import { freshSettings } from '../domain/known.ts';
import { temporaryFolder } from '../store/examples.ts';

let folder = '';
let key = new Uint8Array();
beforeEach(async () => {
  folder = temporaryFolder();
  const made = await answerKey(folder, { choice: 'file' });
  if (made.kind !== 'ready') throw new Error(made.kind);
  key = new Uint8Array(made.key);
});

function keeping(
  over: { set?: KeyKeeping; policyProblem?: string; account?: string; how?: KeyKeeping } = {},
) {
  const settings = {
    ...freshSettings,
    keyKeeping: over.set ?? null,
    policyProblem: over.policyProblem ?? '',
  };
  const store = createStateStore(
    emptyModel({ kind: 'genesys', demo: false }, { theme: 'system', language: 'en', locale: 'en' }, settings),
    Date.now,
  );
  let how: KeyKeeping = over.how ?? 'file';
  let database: { close: () => Promise<void> } | null = { close: () => Promise.resolve() };
  let sealing = Promise.resolve();
  const keyStore: KeyStore = {
    available: () => sealing.then(() => true),
    backend: () => 'test',
    seal: (secret) => Promise.resolve(Buffer.from(secret)),
    open: (sealed) => Promise.resolve(Buffer.from(sealed).toString()),
  };
  const protection = createKeyProtection({
    store,
    keyStore,
    inUse: () => (database ? { account: over.account ?? 'ana', folder, database, key, how } : null),
    changed: (now) => (how = now),
    log: vi.fn(),
  });
  return {
    protection,
    store,
    notices: () => store.app.getState().notices.map(({ text }) => text),
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
  const { protection, how, onDisk } = keeping();
  expect(await protection.change({ how: 'system' })).toEqual({ ok: true, value: null });
  expect([how(), onDisk()]).toEqual(['system', 'system']);
});

it('is for the organisation to say where it has said it, and for nobody while that cannot be read', async () => {
  const set = keeping({ set: 'passphrase' });
  expect(await set.protection.change({ how: 'system' })).toMatchObject({
    reason: expect.stringMatching(/Your organisation has set this/) as string,
  });
  const unread = keeping({ policyProblem: 'unreadable' });
  expect(await unread.protection.change({ how: 'file' })).toMatchObject({
    reason: expect.stringMatching(/until your organisation’s policy/) as string,
  });
  expect(set.onDisk()).toBe('file');
  const tighter = keeping({ set: 'file' });
  expect(await tighter.protection.change({ how: 'system' })).toEqual({ ok: true, value: null });
});

it('a database that is gone by then is left as it is', async () => {
  const { protection, close, stall, onDisk, how } = keeping();
  const go = stall();
  const kept = protection.change({ how: 'system' });
  close();
  key.fill(0);
  go();
  expect(await kept).toMatchObject({ reason: expect.stringMatching(/Your records aren’t open/) as string });
  expect([how(), onDisk()]).toEqual(['file', 'file']);
});

it('a first key is kept as the organisation has set it; an earlier one is opened as it is kept', () => {
  const { protection, store } = keeping({ set: 'passphrase' });
  const ask = (kind: KeyQuestion['kind'], asked = store): void => {
    const question = { kind, text: '', detail: '', ways: noWays, putOff: false };
    asked.update(() => ({ question }));
  };
  ask('choose');
  expect(protection.mayBeFirst('file')).toMatchObject({
    reason: expect.stringMatching(/Your organisation has set this/) as string,
  });
  expect(protection.mayBeFirst('passphrase')).toEqual({ ok: true, value: null });
  ask('passphrase');
  expect(protection.mayBeFirst('file')).toEqual({ ok: true, value: null });
  const unread = keeping({ policyProblem: 'unreadable' });
  ask('choose', unread.store);
  expect(unread.protection.mayBeFirst('file')).toEqual({ ok: true, value: null });
});

it('what the organisation has set is done at once where no person is needed for it', async () => {
  const { protection, onDisk, notices } = keeping({ set: 'system' });
  await protection.applyPolicy();
  expect([onDisk(), notices()]).toEqual(['system', []]);
});

it('what is kept better than the organisation asks stays so', async () => {
  const { protection, onDisk, notices } = keeping({ set: 'system' });
  await protection.applyPolicy();
  for (const set of ['file', 'system'] as const) {
    const later = keeping({ set, how: 'passphrase' });
    await later.protection.applyPolicy();
    expect([later.how(), later.notices()]).toEqual(['passphrase', []]);
  }
  expect([onDisk(), notices()]).toEqual(['system', []]);
});

it('and asked for where one is; the demo is left alone', async () => {
  const set = keeping({ set: 'passphrase' });
  await set.protection.applyPolicy();
  expect(set.notices()).toEqual([expect.stringContaining('Choose one')]);
  expect(set.onDisk()).toBe('file');
  const demo = keeping({ set: 'system', account: 'demo' });
  await demo.protection.applyPolicy();
  expect([demo.onDisk(), demo.notices()]).toEqual(['file', []]);
});
