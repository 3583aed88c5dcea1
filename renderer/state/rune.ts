import { createSubscriber } from 'svelte/reactivity';
import type { StoreApi } from 'zustand/vanilla';

export interface Rune<T> {
  readonly current: T;
}

/**
 * A zustand store as a reactive value: one subscription however many components read it, none after the
 * last one is gone. Read it through a `$derived` selector, never in an effect: the effect would run on
 * every change of the store.
 */
export function rune<T>(store: Pick<StoreApi<T>, 'getState' | 'subscribe'>): Rune<T> {
  const track = createSubscriber((update) => store.subscribe(update));
  return {
    get current() {
      track();
      return store.getState();
    },
  };
}
