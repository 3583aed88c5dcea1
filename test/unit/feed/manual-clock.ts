import type { Clock } from '../../../domain/toolbox/clock.ts';

/** A clock that only moves when told to. */
export interface ManualClock extends Clock {
  /** Lets `ms` pass, calling back what falls due on the way, and the promises that hang on it. */
  advance(ms: number): Promise<void>;
  /** Delays asked for that are neither due nor cancelled. */
  readonly pending: readonly number[];
}

export function createManualClock(startMs = 1_000_000): ManualClock {
  let now = startMs;
  const waits = new Set<{ readonly at: number; readonly ms: number; readonly callback: () => void }>();
  const settle = (): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });
  return {
    now: () => now,
    after(ms, callback) {
      const wait = { at: now + ms, ms, callback };
      waits.add(wait);
      return () => {
        waits.delete(wait);
      };
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const due = [...waits].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
        if (!due) break;
        waits.delete(due);
        now = due.at;
        due.callback();
        await settle();
      }
      now = end;
    },
    get pending() {
      return [...waits].map(({ ms }) => ms);
    },
  };
}
