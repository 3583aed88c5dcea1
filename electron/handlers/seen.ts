import type { StateStore } from '../tracker/state.ts';

/**
 * The agent came to the window, or back to it: what they missed is seen from now (`clock`, epoch ms). A window that
 * was in front all the while proves nothing: nobody may have sat before it.
 */
export function seeMissed(store: StateStore, clock: () => number): void {
  const { status } = store.app.getState();
  const waiting = [status, ...status.others].flatMap(({ key, actions }) =>
    key !== null && actions.includes('dismiss') ? [key] : [],
  );
  if (waiting.length === 0) return;
  const at = clock();
  store.update(({ missedSeen }) => ({
    missedSeen: { ...missedSeen, ...Object.fromEntries(waiting.map((key) => [key, at])) },
  }));
}
