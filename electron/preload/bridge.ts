import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron/renderer';
import {
  callsOf,
  channelOf,
  patchChannel,
  shownChannel,
  snapshotChannel,
  type CallName,
  type WindowRole,
} from '../../domain/ipc/channels.ts';
import type { Patch, Snapshot } from '../../domain/state.ts';
import { ok } from '../../domain/toolbox/result.ts';

/**
 * Puts one named function per allowed call, and the subscription to patches, on `window.sharelight`.
 * A page never sees a channel name or a raw event.
 *
 * Main sends the first snapshot as the page begins to load: when the page asks for it, it is there. Patches that come
 * before the page listens wait for it.
 */
export function exposeBridge(role: WindowRole): void {
  const invoke = (name: CallName, args: readonly unknown[]): Promise<unknown> =>
    ipcRenderer.invoke(channelOf(name), ...args);
  const calls = callsOf[role].map((name) => [name, (...args: unknown[]) => invoke(name, args)]);

  let first: Snapshot | null = null;
  let isAsked = false;
  ipcRenderer.once(snapshotChannel, (_event: IpcRendererEvent, snapshot: Snapshot) => {
    // One that comes late would be an old one to whoever asks next.
    if (!isAsked) first = snapshot;
  });
  const getSnapshot = (...args: unknown[]): Promise<unknown> => {
    const reply = first === null ? invoke('getSnapshot', args) : Promise.resolve(ok(first));
    first = null;
    isAsked = true;
    return reply;
  };

  const early: Patch[] = [];
  let pass = (patch: Patch): void => void early.push(patch);
  ipcRenderer.on(patchChannel, (_event: IpcRendererEvent, patch: Patch) => {
    pass(patch);
  });
  const onPatch = (listener: (patch: Patch) => void): void => {
    pass = listener;
    for (const patch of early.splice(0)) pass(patch);
  };

  let isShown: boolean | null = null;
  let passShown = (shown: boolean): void => void (isShown = shown);
  ipcRenderer.on(shownChannel, (_event: IpcRendererEvent, shown: boolean) => {
    passShown(shown);
  });
  const onShown = (listener: (shown: boolean) => void): void => {
    passShown = listener;
    if (isShown !== null) passShown(isShown);
  };

  contextBridge.exposeInMainWorld('sharelight', {
    ...Object.fromEntries(calls),
    getSnapshot,
    onPatch,
    onShown,
  });
}
