/** Simulated time: real time times a speed, counted from an anchor. */
export interface Clock {
  /** Simulated ms since 1970. */
  now: () => number;
  /** Real ms from now until simulated `at`; infinite when the clock stands still. */
  realMsUntil: (at: number) => number;
  /** Moves simulated time forward by `ms`. */
  jump: (ms: number) => void;
  /** Simulated time is `at` from now on. */
  set: (at: number) => void;
}

export interface ClockOptions {
  /** 0 stands still and moves only by `jump`, for tests that want every millisecond to themselves. */
  speed: number;
  /** Real ms since 1970. */
  wallNow: () => number;
  startAt: number;
  /** A past that is told fast goes on at the present's pace once it has caught up with real time. */
  catchesUp: boolean;
}

export function createClock({ speed, wallNow, startAt, catchesUp }: ClockOptions): Clock {
  let wallAnchor = wallNow();
  let anchor = startAt;
  const now = (): number => {
    const told = Math.floor(anchor + (wallNow() - wallAnchor) * speed);
    return catchesUp ? Math.min(told, wallNow()) : told;
  };
  return {
    now,
    realMsUntil: (at) => {
      const left = at - now();
      if (left <= 0) return 0;
      if (speed === 0) return Infinity;
      return Math.max(Math.ceil(left / speed), catchesUp ? at - wallNow() : 0);
    },
    jump: (ms) => {
      anchor += ms;
    },
    set: (at) => {
      wallAnchor = wallNow();
      anchor = at;
    },
  };
}
