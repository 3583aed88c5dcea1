import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { MachineTime } from '../domain/clocks/steady-clock.ts';
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

/** This machine's clocks, as Node reads them on every system. */
export const machineTime: MachineTime = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  uptime: () => uptime() * 1000,
};
