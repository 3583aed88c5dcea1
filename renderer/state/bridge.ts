import { createContext } from 'svelte';
import type { WindowRole } from '../../domain/ipc/channels.ts';
import type { BridgeOf } from '../../domain/ipc/contract.ts';

declare global {
  interface Window {
    /** Put there by the preload of this window; absent when the page is opened in a plain browser. */
    readonly sharelight?: unknown;
  }
}

/** What this window's preload put there; its calls are those of the role the window was opened with. */
export function ownBridge<Role extends WindowRole>(): BridgeOf<Role> | undefined {
  return window.sharelight as BridgeOf<Role> | undefined;
}

const [get, set] = createContext<unknown>();

/** The way to main, for any component below the page. */
export function getBridge<Role extends WindowRole = 'widget'>(): BridgeOf<Role> {
  return get() as BridgeOf<Role>;
}
export const setBridge = set;
