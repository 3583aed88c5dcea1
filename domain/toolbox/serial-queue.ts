/** Work that must not overlap, done in the order it was handed over. */
export interface SerialQueue {
  /** Ends as the work does. Work that fails holds up none of what comes after it. */
  readonly run: <Value>(work: () => Promise<Value> | Value) => Promise<Value>;
  /** Resolves when everything handed over so far has ended. */
  readonly idle: () => Promise<void>;
}

export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (work) => {
      const result = last.then(work);
      last = result.catch(() => undefined);
      return result;
    },
    idle: async () => {
      await last;
    },
  };
}
