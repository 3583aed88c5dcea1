import type { MachineTime } from '../../../domain/clocks/steady-clock.ts';
import { dayStart } from './wire.ts';

export interface FakeMachine extends MachineTime {
  /** Awake for so many ms. */
  pass(ms: number): void;
  sleep(ms: number): void;
  /** Somebody sets the wall clock forward (or back) by so many ms. */
  setWall(byMs: number): void;
  /** What really passed, ms. */
  elapsed(): number;
}

/** A machine whose time a test owns. `monotonicSleeps`: its monotonic clock stands still in sleep. */
export function createMachine({ uptimeGrain = 10, monotonicSleeps = true } = {}): FakeMachine {
  let real = 0;
  let slept = 0;
  let wallShift = 0;
  return {
    wall: () => dayStart + real + wallShift,
    monotonic: () => 1234 + real - (monotonicSleeps ? slept : 0),
    uptime: () => Math.floor((86_400_777 + real) / uptimeGrain) * uptimeGrain,
    pass: (ms) => {
      real += ms;
    },
    sleep: (ms) => {
      real += ms;
      slept += ms;
    },
    setWall: (byMs) => {
      wallShift += byMs;
    },
    elapsed: () => real,
  };
}
