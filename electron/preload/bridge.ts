import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron/renderer';
import { callsOf, channelOf, patchChannel, type WindowRole } from '../../domain/ipc/channels.ts';
import type { Patch } from '../../domain/state.ts';

/**
 * Puts one named function per allowed call, and the subscription to patches, on `window.sharelight`.
 * A page never sees a channel name or a raw event.
 */
export function exposeBridge(role: WindowRole): void {
  const calls = callsOf[role].map((name) => [
    name,
    (...args: unknown[]): Promise<unknown> => ipcRenderer.invoke(channelOf(name), ...args),
  ]);
  const onPatch = (listener: (patch: Patch) => void): (() => void) => {
    const pass = (_event: IpcRendererEvent, patch: Patch): void => {
      listener(patch);
    };
    ipcRenderer.on(patchChannel, pass);
    return () => {
      ipcRenderer.removeListener(patchChannel, pass);
    };
  };
  contextBridge.exposeInMainWorld('sharelight', { ...Object.fromEntries(calls), onPatch });
}
