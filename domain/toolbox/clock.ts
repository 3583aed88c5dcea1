/** Time and timers by argument, so that a test owns both. */
export interface Clock {
  /** Epoch ms, this machine's clock: may jump. */
  readonly now: () => number;
  /** Calls `then` once, `ms` later, unless the returned function is called first. */
  readonly after: (ms: number, then: () => void) => () => void;
}

/** Resolves when the work has ended, well or not, and after so many ms at the latest. */
export function atMost(clock: Pick<Clock, 'after'>, ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    void work
      .catch(() => undefined)
      .then(() => {
        cancel();
        resolve();
      });
  });
}
