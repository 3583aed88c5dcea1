/**
 * Simulated time: real time times a speed, counted from an anchor. Speed 0 stands still and moves only by
 * `jump`, for tests that want every millisecond to themselves.
 */
export interface Clock {
  /** Simulated ms since 1970. */
  now: () => number;
  /** Real ms from now until simulated `at`; infinite at speed 0 unless it is due. */
  realMsUntil: (at: number) => number;
  /** Moves simulated time forward by `ms`. */
  jump: (ms: number) => void;
}

export function createClock(speed: number, wallNow: () => number, startAt: number): Clock {
  const wallAnchor = wallNow();
  let anchor = startAt;
  const now = (): number => Math.floor(anchor + (wallNow() - wallAnchor) * speed);
  return {
    now,
    realMsUntil: (at) => {
      const left = at - now();
      return left <= 0 ? 0 : speed === 0 ? Infinity : Math.ceil(left / speed);
    },
    jump: (ms) => {
      anchor += ms;
    },
  };
}
