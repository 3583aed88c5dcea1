import type { Clock } from './clock.ts';

interface BackoffParts {
  readonly clock: Pick<Clock, 'after'>;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  /** One of the pauses is over: what failed may be tried again. */
  readonly retry: () => void;
}

/** What failed is left alone for a while, longer each time in a row. */
export interface Backoff {
  readonly isPaused: (key: string) => boolean;
  readonly failed: (key: string) => void;
  readonly succeeded: (key: string) => void;
  /** Ends every pause without a retry, and forgets what failed. */
  readonly clear: () => void;
}

const shortestMs = 2000;
const longestMs = 60_000;

/** Doubling; the second half of it by chance, so that clients do not come in waves. */
function pauseMs(failures: number, random: () => number): number {
  const whole = Math.min(longestMs, shortestMs * 2 ** failures);
  return whole / 2 + (random() * whole) / 2;
}

export function createBackoff({ clock, random, retry }: BackoffParts): Backoff {
  const failures = new Map<string, number>();
  const pauses = new Map<string, () => void>();
  return {
    isPaused: (key) => pauses.has(key),
    failed: (key) => {
      const before = failures.get(key) ?? 0;
      failures.set(key, before + 1);
      pauses.get(key)?.();
      const cancel = clock.after(pauseMs(before, random), () => {
        pauses.delete(key);
        retry();
      });
      pauses.set(key, cancel);
    },
    succeeded: (key) => void failures.delete(key),
    clear: () => {
      for (const cancel of pauses.values()) cancel();
      pauses.clear();
      failures.clear();
    },
  };
}
