import { createContext } from 'svelte';
import type { Bridge } from '../../domain/ipc/contract.ts';

declare global {
  interface Window {
    /** Put there by the preload of this window; absent when the page is opened in a plain browser. */
    readonly sharelight?: Bridge;
  }
}

/** The way to main, for any component below the one that sets it. */
export const [getBridge, setBridge] = createContext<Bridge>();
