import { beforeEach, expect, it, vi } from 'vitest';
import { patchChannel, shownChannel, snapshotChannel } from '../../../domain/ipc/channels.ts';
import type { Bridge } from '../../../domain/ipc/contract.ts';
import { exposeBridge } from '../../../electron/preload/bridge.ts';

type Listener = (event: null, message: unknown) => void;

const renderer = vi.hoisted(() => ({
  listeners: new Map<string, Listener>(),
  exposed: {},
  invoke: vi.fn(() => Promise.resolve({ ok: true, value: 'asked for' })),
}));
vi.mock('electron/renderer', () => {
  const listen = (channel: string, listener: Listener): void =>
    void renderer.listeners.set(channel, listener);
  return {
    contextBridge: {
      exposeInMainWorld: (_name: string, bridge: object) => {
        renderer.exposed = bridge;
      },
    },
    ipcRenderer: { on: listen, once: listen, invoke: renderer.invoke },
  };
});

const send = (channel: string, message: unknown): void => renderer.listeners.get(channel)?.(null, message);
const bridge = (): Bridge => renderer.exposed as Bridge;

beforeEach(() => {
  renderer.invoke.mockClear();
  exposeBridge('widget');
});

it('has the snapshot main sent when the page asks first, and asks main after that', async () => {
  send(snapshotChannel, 'sent');
  expect(await bridge().getSnapshot()).toEqual({ ok: true, value: 'sent' });
  expect(renderer.invoke).not.toHaveBeenCalled();
  expect(await bridge().getSnapshot()).toEqual({ ok: true, value: 'asked for' });
});

it('never gives a snapshot that came after the page had asked', async () => {
  await bridge().getSnapshot();
  send(snapshotChannel, 'old by now');
  expect(await bridge().getSnapshot()).toEqual({ ok: true, value: 'asked for' });
});

it('keeps the changes that come before the page listens, in their order', () => {
  send(patchChannel, 1);
  send(patchChannel, 2);
  const heard: unknown[] = [];
  bridge().onPatch((patch) => heard.push(patch));
  send(patchChannel, 3);
  expect(heard).toEqual([1, 2, 3]);
});

it('passes on whether its window is shown, also what was said before the page listened', () => {
  send(shownChannel, true);
  send(shownChannel, false);
  const heard: boolean[] = [];
  bridge().onShown((shown) => heard.push(shown));
  send(shownChannel, true);
  expect(heard).toEqual([false, true]);
});
