import { createContext } from 'svelte';
import type { BridgeOf } from '../../domain/ipc/contract.ts';

/** The review window's way to main, for any component below the one that sets it. */
export const [getBridge, setBridge] = createContext<BridgeOf<'review'>>();
