/** Time by argument. `after` calls back once, `ms` later, unless the returned function is called first. */
export interface Clock {
  /** Epoch ms, this machine's clock: may jump. */
  now(): number;
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};
