/** What a machine can say about time, each in ms. */
export interface MachineTime {
  /** Epoch ms as the desktop shows it. People and time servers set it. */
  readonly wall: () => number;
  /** From any zero. Nobody sets it; on Linux and macOS it stands still while the machine sleeps. */
  readonly monotonic: () => number;
  /** Since the machine started, its sleep included. Nobody sets it; it may be as coarse as a second. */
  readonly uptime: () => number;
}

/**
 * This machine's clock as the program uses it: epoch ms that began with the wall clock, goes on while the
 * machine sleeps, and does not jump when somebody sets the wall clock.
 */
interface SteadyClock {
  /** Whole epoch ms; never less than before. */
  readonly now: () => number;
  /** What the desktop's clock shows minus this one, ms: for telling a time of day as the person sees it. */
  readonly wallOffsetMs: () => number;
}

/** Beyond this the wall and the monotonic clock differ because one was set, or the other slept. */
const noticeableMs = 250;
/** How exact `uptime` is on the coarsest system. */
const coarseMs = 1000;

interface Reading {
  readonly wall: number;
  readonly monotonic: number;
  readonly uptime: number;
}

/** Ms of sleep between two readings: the uptime proves it, the wall clock knows it to the ms when it agrees. */
function sleptBetween(was: Reading, is: Reading): number {
  const awake = is.monotonic - was.monotonic;
  const slept = is.uptime - was.uptime - awake;
  if (slept < coarseMs) return 0;
  const byWall = is.wall - was.wall - awake;
  return Math.abs(byWall - slept) < coarseMs ? byWall : slept;
}

export function createSteadyClock(machine: MachineTime): SteadyClock {
  const read = (): Reading => ({
    wall: machine.wall(),
    monotonic: machine.monotonic(),
    uptime: machine.uptime(),
  });
  const start = read();
  let last = start;
  let sleptMs = 0;

  function now(): number {
    const wall = machine.wall();
    const monotonic = machine.monotonic();
    const parted = wall - last.wall - (monotonic - last.monotonic);
    // The uptime is read from a file on Linux: only when the cheap clocks say that something happened.
    if (Math.abs(parted) > noticeableMs) {
      const is = read();
      sleptMs += sleptBetween(last, is);
      last = is;
    }
    return Math.floor(start.wall + (monotonic - start.monotonic) + sleptMs);
  }

  return { now, wallOffsetMs: () => Math.round(machine.wall() - now()) };
}
