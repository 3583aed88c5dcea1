import type { StateStore } from '../../electron/tracker/state.ts';

/** Weak: a property makes very many. */
let made: WeakRef<StateStore>[] = [];

/** A store that looks at its clock again later: one left running would go on in the timers of the next test file. */
export function stoppedAfterwards(store: StateStore): StateStore {
  made.push(new WeakRef(store));
  return store;
}

export function stopStores(): void {
  for (const store of made) store.deref()?.stop();
  made = [];
}
