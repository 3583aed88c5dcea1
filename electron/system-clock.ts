import type { Clock } from '../domain/toolbox/clock.ts';

/** This machine's clock and timers; `main.ts`'s rooms get it by argument, and tests another one. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};
