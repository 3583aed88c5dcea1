/** Runs tasks strictly one after the other. A task that fails is reported and does not stop the next. */
export interface Lane {
  /** Resolves when the task has run, whether it failed or not. */
  put(task: () => Promise<void>): Promise<void>;
  /** Tasks that have not ended. */
  readonly waiting: number;
  /** Resolves when everything put so far has ended. */
  idle(): Promise<void>;
}

export function createLane(failed: (error: unknown) => void): Lane {
  let tail = Promise.resolve();
  let waiting = 0;
  return {
    put(task) {
      waiting += 1;
      tail = tail
        .then(task)
        .catch(failed)
        .finally(() => {
          waiting -= 1;
        });
      return tail;
    },
    get waiting() {
      return waiting;
    },
    idle: () => tail,
  };
}
