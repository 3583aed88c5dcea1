import { randomUUID } from 'node:crypto';
import type { Act } from './acts.ts';
import { runAgenda, someoneListens, step, type Change } from './step.ts';
import { nextDue, type World } from './world.ts';

/** Simulated time: real time times a speed, counted from an anchor. */
interface SimulatedClock {
  /** Simulated ms since 1970. */
  now: () => number;
  /** Real ms from now until simulated `at`; infinite when the clock stands still. */
  realMsUntil: (at: number) => number;
  /** Moves simulated time forward by `ms`. */
  jump: (ms: number) => void;
  /** Simulated time is `at` from now on. */
  set: (at: number) => void;
}

interface ClockOptions {
  /** 0 stands still and moves only by `jump`, for tests that want every millisecond to themselves. */
  speed: number;
  /** Real ms since 1970. */
  wallNow: () => number;
  startAt: number;
  /** A past that is played fast goes on at the present's pace once it has caught up with real time. */
  catchesUp: boolean;
}

export function createSimulatedClock({ speed, wallNow, startAt, catchesUp }: ClockOptions): SimulatedClock {
  let wallAnchor = wallNow();
  let anchor = startAt;
  const now = (): number => {
    const at = Math.floor(anchor + (wallNow() - wallAnchor) * speed);
    return catchesUp ? Math.min(at, wallNow()) : at;
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

/** Longest delay a timer takes, ms. */
const MAX_TIMER_MS = 2_147_483_647;

/** Runs a world in time: its agenda by timer, acts from outside at once, and announces every change. */
export interface WorldRunner {
  world: World;
  now: () => number;
  /** Does an act now, after everything that was due before it. @throws ActRefused */
  act: (act: Act) => Change;
  /** Announces a change that was made to the world already. */
  publish: (change: Change, correlationId: string) => void;
  /** A client listens or reads; `false`: the last listener is gone. */
  setListening: (listening: boolean) => void;
  /** Lets everything happen that is due by now. */
  catchUp: () => void;
  /** After any change from outside: saves, wakes who waits, sets the timer again. */
  settle: () => void;
  advance: (ms: number) => void;
  when: (predicate: (world: World) => boolean) => Promise<void>;
  stop: () => void;
}

interface WorldRunnerOptions {
  world: World;
  clock: SimulatedClock;
  /** Renders and sends a change; called at the time of the change. */
  announce: (change: Change, correlationId: string) => void;
  save: () => void;
  /** When the scenario begins, simulated ms, asked at the moment the first client listens. */
  startAt: () => number;
}

interface Waiter {
  predicate: (world: World) => boolean;
  resolve: () => void;
  reject: (reason: Error) => void;
}

export function createWorldRunner({
  world,
  clock,
  announce,
  save,
  startAt,
}: WorldRunnerOptions): WorldRunner {
  let timer: NodeJS.Timeout | undefined;
  let waiters: Waiter[] = [];
  let stopped = false;

  const publish = (change: Change, correlationId: string): void => {
    announce(change, correlationId);
    wake();
  };

  function wake(): void {
    const ready = waiters.filter(({ predicate }) => predicate(world));
    waiters = waiters.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve();
  }

  function catchUp(): void {
    runAgenda(world, clock.now(), (change) => publish(change, randomUUID()));
  }

  function settle(): void {
    if (stopped) return;
    catchUp();
    save();
    wake();
    clearTimeout(timer);
    const due = nextDue(world);
    const delay = due === null ? Infinity : clock.realMsUntil(due);
    if (delay !== Infinity) timer = setTimeout(settle, Math.min(delay, MAX_TIMER_MS));
  }

  return {
    world,
    now: clock.now,
    publish,
    catchUp,
    settle,
    act: (act) => {
      catchUp();
      const change = step(world, act, clock.now());
      publish(change, randomUUID());
      settle();
      return change;
    },
    setListening: (listening) => {
      if (!listening) world.watched = false;
      else {
        if (world.startedAt === null && world.conversations.length === 0) clock.set(startAt());
        someoneListens(world, clock.now());
      }
      settle();
    },
    advance: (ms) => {
      clock.jump(ms);
      settle();
    },
    when: (predicate) =>
      new Promise((resolve, reject) => {
        if (stopped) reject(new Error('The simulator is closed'));
        else if (predicate(world)) resolve();
        else waiters.push({ predicate, resolve, reject });
      }),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      for (const { reject } of waiters) reject(new Error('The simulator closed before it came to that'));
      waiters = [];
    },
  };
}
