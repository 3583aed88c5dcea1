import { describe, expect, it, vi } from 'vitest';
import type { IpcMainInvokeEvent } from 'electron/main';
import { callNames, callsOf, channelOf, windowRoles, type WindowRole } from '../../../domain/ipc/channels.ts';
import type { Reply } from '../../../domain/ipc/contract.ts';
import { openRouter, type Handlers } from '../../../electron/ipc/router.ts';

type Listener = (event: IpcMainInvokeEvent, ...args: unknown[]) => Promise<Reply<unknown>>;
const registered = vi.hoisted(() => new Map<string, unknown>());
vi.mock('electron/main', () => ({
  ipcMain: {
    handle: (channel: string, listener: unknown) => registered.set(channel, listener),
    removeHandler: (channel: string) => registered.delete(channel),
  },
}));

/** The router, every call answered by its own name, asked by a window of a role. */
function router(role: WindowRole | null) {
  const handlers: Record<string, () => unknown> = {};
  for (const name of callNames) handlers[name] = () => ({ ok: true, value: name });
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
});
