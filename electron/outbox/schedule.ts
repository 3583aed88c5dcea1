/** When something is tried again. Time and randomness come in by argument, so that tests own both. */
export interface Schedule {
  /** Waits `ms` (a day at most), then calls; a later wait for the same id replaces the earlier one. */
  after(id: string, ms: number, call: () => void): void;
  waits(id: string): boolean;
  cancel(id: string): void;
  /** Full jitter, doubling from 1 s, at most 60 s. */
  backoffMs(attempts: number): number;
  /** How long a 202 may go without a fact before the server is asked. */
  confirmMs(attempts: number): number;
  /** For good: what is asked for afterwards is not waited for. */
  stop(): void;
}

/** A timer counts to 2^31 ms, and one set for longer ends at once. */
const longestMs = 24 * 3_600_000;

export function createSchedule(random: () => number): Schedule {
  const timers = new Map<string, NodeJS.Timeout>();
  let stopped = false;
  const cancel = (id: string): void => {
    clearTimeout(timers.get(id));
    timers.delete(id);
  };
  return {
    after: (id, ms, call) => {
      cancel(id);
      if (stopped) return;
      const timer = setTimeout(
        () => {
          timers.delete(id);
          call();
        },
        Math.min(ms, longestMs),
      );
      timers.set(id, timer);
    },
    waits: (id) => timers.has(id),
    cancel,
    backoffMs: (attempts) => 250 + random() * Math.min(60_000, 1000 * 2 ** Math.min(attempts, 10)),
    confirmMs: (attempts) => Math.min(60_000, 5000 * Math.max(1, attempts)),
    stop: () => {
      stopped = true;
      for (const id of timers.keys()) cancel(id);
    },
  };
}
