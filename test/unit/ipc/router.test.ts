import { describe, expect, it, vi } from 'vitest';
import type { IpcMainInvokeEvent } from 'electron/main';
import { callNames, callsOf, channelOf, windowRoles, type WindowRole } from '../../../domain/ipc/channels.ts';
import type { Reply } from '../../../domain/ipc/contract.ts';
import { everything, newestFirst } from '../../../domain/review/query.ts';
import { openRouter, type Handlers } from '../../../electron/ipc/router.ts';

type Listener = (event: IpcMainInvokeEvent, ...args: unknown[]) => Promise<Reply<unknown>>;
const registered = vi.hoisted(() => new Map<string, unknown>());
vi.mock('electron/main', () => ({
  ipcMain: {
    handle: (channel: string, listener: unknown) => registered.set(channel, listener),
    removeHandler: (channel: string) => registered.delete(channel),
  },
}));

/** The router, every call of a window answered by its own name, asked by a window of a role. */
function router(role: WindowRole | null) {
  const handlersOf = (of: WindowRole) =>
    Object.fromEntries(callsOf[of].map((name) => [name, () => ({ ok: true, value: name })]));
  const handlers = Object.fromEntries(windowRoles.map((of) => [of, handlersOf(of)]));
  const close = openRouter({
    handlers: handlers as unknown as Handlers,
    roleOf: () => role,
    log: () => undefined,
  });
  const ask = (name: (typeof callNames)[number], ...args: unknown[]): Promise<Reply<unknown>> =>
    (registered.get(channelOf(name)) as Listener)({} as IpcMainInvokeEvent, ...args);
  return { ask, close };
}

describe('who may call what', () => {
  it('is decided for every call: somebody may make it', () => {
    const allowed = new Set(windowRoles.flatMap((role): readonly string[] => callsOf[role]));
    expect(callNames.filter((name) => !allowed.has(name))).toEqual([]);
  });

  it.each([
    ['widget', 'changeSettings'],
    ['widget', 'exportRecords'],
    ['widget', 'saveDiagnostics'],
    ['widget', 'signOut'],
    ['settings', 'stopSharing'],
    ['settings', 'saveDraft'],
    ['settings', 'fitWindow'],
    ['settings', 'hideWindow'],
    ['settings', 'findRecords'],
    ['settings', 'readFacts'],
    ['settings', 'openFile'],
    ['widget', 'findRecords'],
    ['widget', 'readRecord'],
    ['widget', 'deleteRecords'],
    ['review', 'changeSettings'],
    ['review', 'stopSharing'],
    ['review', 'saveDraft'],
    ['review', 'signOut'],
    ['review', 'nextExpiry'],
  ] as const)('keeps the %s from %s', async (role, name) => {
    const { ask, close } = router(role);
    expect(await ask(name)).toMatchObject({ ok: false });
    close();
  });

  it('keeps a stranger from everything', async () => {
    const { ask, close } = router(null);
    for (const name of callNames) expect(await ask(name)).toMatchObject({ ok: false });
    close();
  });

  it('lets a window do what is its own, with arguments it understands', async () => {
    const { ask, close } = router('settings');
    expect(await ask('changeSettings', { theme: 'dark' })).toEqual({ ok: true, value: 'changeSettings' });
    expect(await ask('changeSettings', { colour: 'red' })).toMatchObject({ ok: false });
    expect(await ask('changeSettings')).toMatchObject({ ok: false });
    expect(await ask('verifyNow', 'extra')).toMatchObject({ ok: false });
    close();
  });

  it('lets the review ask for records by a query it understands, and for no more than a page', async () => {
    const { ask, close } = router('review');
    const page = { query: everything, order: newestFirst, from: 0, count: 100 };
    expect(await ask('findRecords', page)).toEqual({ ok: true, value: 'findRecords' });
    for (const wrong of [
      { ...page, count: 501 },
      { ...page, count: 0 },
      { ...page, from: -1 },
      { ...page, order: { by: 'name', descending: true } },
      { ...page, query: { ...everything, words: [''] } },
      { ...page, query: { ...everything, since: '2026-11-23' } },
      { ...page, query: { ...everything, sharing: { compare: '<>', ms: 1 } } },
      { ...page, query: { words: [] } },
    ]) {
      expect(await ask('findRecords', wrong), JSON.stringify(wrong)).toMatchObject({ ok: false });
    }
    close();
  });

  it('lets a window delete what it names, and save a chart that is one', async () => {
    const { ask, close } = router('review');
    expect(await ask('deleteRecords', { kind: 'all' })).toEqual({ ok: true, value: 'deleteRecords' });
    expect(await ask('deleteRecords', { kind: 'one', key: 'a/b/c' })).toEqual({
      ok: true,
      value: 'deleteRecords',
    });
    expect(await ask('deleteRecords', { kind: 'range', since: null })).toMatchObject({ ok: false });
    expect(await ask('deleteRecords', { kind: 'all', since: 1 })).toMatchObject({ ok: false });
    expect(await ask('deleteRecords')).toMatchObject({ ok: false });
    const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d);
    expect(await ask('saveChart', { kind: 'png', name: 'days', bytes: png })).toMatchObject({ ok: true });
    for (const wrong of [
      { kind: 'png', name: 'days', bytes: Uint8Array.of(0x4d, 0x5a) },
      { kind: 'png', name: '../days', bytes: png },
      { kind: 'csv', name: 'days', text: 1 },
      { kind: 'exe', name: 'days', bytes: png },
    ]) {
      expect(await ask('saveChart', wrong), wrong.name).toMatchObject({ ok: false });
    }
    close();
  });
});
