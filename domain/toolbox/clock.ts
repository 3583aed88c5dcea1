/** Time and timers by argument, so that a test owns both. */
export interface Clock {
  /** Epoch ms, this machine's clock: may jump. */
  readonly now: () => number;
  /** Calls `then` once, `ms` later, unless the returned function is called first. */
  readonly after: (ms: number, then: () => void) => () => void;
}
