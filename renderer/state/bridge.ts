import { createContext } from 'svelte';
import type { WindowRole } from '../../domain/ipc/channels.ts';
import type { Bridge, BridgeOf } from '../../domain/ipc/contract.ts';

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

/** The widget's way to main, for any component below the one that sets it. */
export const [getBridge, setBridge] = createContext<Bridge>();
