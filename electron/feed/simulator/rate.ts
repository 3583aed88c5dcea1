const WINDOW_MS = 60_000;

export interface Allowance {
  count: number;
  allowed: number;
  /** Whole seconds of real time until the count starts anew. */
  resetS: number;
}

/** Counts requests per token in windows of one real minute, as the platform does (300 by default). */
export function createRateLimiter(allowed: number, wallNow: () => number): (token: string) => Allowance {
  const windows = new Map<string, { since: number; count: number }>();
  return (token) => {
    const now = wallNow();
    let window = windows.get(token);
    if (!window || now - window.since >= WINDOW_MS) {
      window = { since: now, count: 0 };
      windows.set(token, window);
    }
    window.count += 1;
    return {
      count: window.count,
      allowed,
      resetS: Math.max(1, Math.ceil((window.since + WINDOW_MS - now) / 1000)),
    };
  };
}
