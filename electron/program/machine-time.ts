import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { MachineTime } from '../../domain/clocks/steady-clock.ts';

/** This machine's clocks, as Node reads them on every system. */
export const machineTime: MachineTime = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  uptime: () => uptime() * 1000,
};
