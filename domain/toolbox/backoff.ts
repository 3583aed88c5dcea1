interface PauseParts {
  /** Calls after `ms`, unless what it returns is called first. */
  readonly after: (ms: number, call: () => void) => () => void;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  /** A pause is over. */
  readonly over: () => void;
}

/** What failed is left alone for a while, longer each time in a row. */
export interface Pauses {
  readonly has: (key: string) => boolean;
  readonly failed: (key: string) => void;
  readonly succeeded: (key: string) => void;
  /** Ends every pause without a word, and forgets what failed. */
  readonly clear: () => void;
}

const shortestMs = 2000;
const longestMs = 60_000;

/** Doubling; the second half of it by chance, so that clients do not come in waves. */
function pauseMs(failures: number, random: () => number): number {
  const whole = Math.min(longestMs, shortestMs * 2 ** failures);
  return whole / 2 + (random() * whole) / 2;
}

export function createPauses({ after, random, over }: PauseParts): Pauses {
  const failures = new Map<string, number>();
  const waits = new Map<string, () => void>();
  return {
    has: (key) => waits.has(key),
    failed: (key) => {
      const before = failures.get(key) ?? 0;
      failures.set(key, before + 1);
      waits.get(key)?.();
      const cancel = after(pauseMs(before, random), () => {
        waits.delete(key);
        over();
      });
      waits.set(key, cancel);
    },
    succeeded: (key) => void failures.delete(key),
    clear: () => {
      for (const cancel of waits.values()) cancel();
      waits.clear();
      failures.clear();
    },
  };
}
