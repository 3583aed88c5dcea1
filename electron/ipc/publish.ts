import type { AppState, Patch, Snapshot } from '../../domain/state.ts';

interface Source {
  getState(): AppState;
  subscribe(listener: (now: AppState, was: AppState) => void): () => void;
}

/**
 * Numbers every change, so that a window can tell a gap from silence. Only changed slices travel.
 * Returns how a window asks for the whole, and how to stop. `clock` is the one the state's times are told by,
 * epoch ms.
 */
export function publish(
  source: Source,
  send: (patch: Patch) => void,
  clock: () => number,
): { snapshot: () => Snapshot; stop: () => void } {
  let rev = 0;
  const stop = source.subscribe((now, was) => {
    const changed = (Object.keys(now) as (keyof AppState)[]).filter((name) => now[name] !== was[name]);
    if (changed.length === 0) return;
    rev += 1;
    send({ rev, at: clock(), patch: Object.fromEntries(changed.map((name) => [name, now[name]])) });
  });
  return { snapshot: () => ({ rev, at: clock(), state: source.getState() }), stop };
}
