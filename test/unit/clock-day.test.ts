import { describe, expect, it } from 'vitest';
import { createCloudClock } from '../../domain/clocks/cloud-clock.ts';
import { createSteadyClock } from '../../domain/clocks/steady-clock.ts';
import { reduceConversation } from '../../domain/communication/reducer.ts';
import { acwTimer } from '../../domain/present/timers.ts';
import { shownMs } from '../../domain/shown-time.ts';
import { createPageClock } from '../../renderer/state/clock.ts';
import { context, conversation, dayStart, live } from './domain/wire.ts';
import { createMachine, type FakeMachine } from './domain/machine.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Numbers that look random and are the same in every run. */
function* noise(): Generator<number, never> {
  let seed = 42;
  for (;;) {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    yield seed / 2 ** 31;
  }
}

/** A server whose clock is `aheadMs` before the machine's, and an after-call work on it that outlasts the day. */
function workDay(machine: FakeMachine, aheadMs: number) {
  const random = noise();
  let pausedMs = 0;
  const serverNow = (): number => dayStart + machine.elapsed() + aheadMs + pausedMs;
  const limit = 20 * hour;
  const startAcwTime = new Date(serverNow()).toISOString();
  const deadline = serverNow() + limit;

  const steady = createSteadyClock(machine);
  const cloudClock = createCloudClock();
  const page = createPageClock({ monotonic: () => machine.monotonic() - 1000, wall: machine.wall });
  let cloud: ReturnType<typeof cloudClock.answered> = null;

  /** A patch is on its way for some ms; what it carries was said before. */
  function patch(underWayMs: number): void {
    const at = steady.now();
    machine.pass(underWayMs);
    page.anchor(at);
  }
  page.whenInDoubt(() => {
    patch(3);
  });

  const [communication] = reduceConversation(
    [],
    conversation({
      leg: { ...live, state: 'disconnected', disconnectType: 'peer' },
      agent: { wrapupPrompt: 'timeout', wrapupTimeoutMs: limit, startAcwTime },
    }),
    context(0),
  );
  if (!communication) throw new Error('nothing was folded');

  return {
    random: (below: number): number => Math.floor(random.next().value * below),
    patch,
    /** An answer of the server, which says its time to the second. */
    answer(): void {
      const sentAt = steady.now();
      machine.pass(this.random(150));
      const date = new Date(Math.floor(serverNow() / second) * second).toUTCString();
      machine.pass(this.random(150));
      cloud = cloudClock.answered({ date, sentAt, receivedAt: steady.now() });
      patch(this.random(20));
    },
    /** The server's time goes on, none of this machine's clocks does. */
    pauseFromOutside(ms: number): void {
      pausedMs += ms;
    },
    tick(): void {
      page.check();
    },
    /** How far the countdown a window shows is from the truth of the server, ms. */
    errorMs(): number {
      const clock = acwTimer({ cloud }, communication);
      if (!clock) throw new Error('there is a limit, so there is a clock');
      return Math.abs(shownMs(clock, page.now()) - (deadline - serverNow()));
    },
    /** The same in main, where the last moment and the reminders are counted. */
    mainErrorMs(): number {
      return Math.abs(steady.now() + (cloud?.offsetMs ?? 0) - serverNow());
    },
  };
}

describe('a countdown over eight hours', () => {
  /** Seconds of a working day, and what happens in them besides the usual traffic. */
  function live(
    machine: FakeMachine,
    day: ReturnType<typeof workDay>,
    events: ReadonlyMap<number, () => void>,
  ): number {
    let worst = 0;
    for (let at = 1; at <= (8 * hour) / second; at += 1) {
      machine.pass(second);
      events.get(at)?.();
      // Requests come now and then, patches oftener; some are under way for long.
      if (day.random(600) === 0) day.answer();
      if (day.random(20) === 0) day.patch(day.random(day.random(50) === 0 ? 900 : 15));
      day.tick();
      worst = Math.max(worst, day.errorMs(), day.mainErrorMs());
    }
    return worst;
  }

  it.each([137 * second, -4 * minute, 0])('is right within a second, the server %i ms ahead', (aheadMs) => {
    const machine = createMachine();
    const day = workDay(machine, aheadMs);
    day.answer();
    expect(live(machine, day, new Map())).toBeLessThanOrEqual(second);
  });

  it.each([10, 1000])(
    'with the wall clock set back and forth, and a sleep (uptime in %i ms)',
    (uptimeGrain) => {
      const machine = createMachine({ uptimeGrain });
      const day = workDay(machine, 90 * second);
      const happened: string[] = [];
      const set = (byMs: number) => () => {
        machine.setWall(byMs);
        happened.push('set');
      };
      const sleep = () => {
        machine.sleep(90 * minute);
        happened.push('slept');
      };
      const events = new Map([
        [600, set(5 * minute)],
        [4000, set(-5 * minute)],
        [4001, set(-5 * minute)],
        [9000, sleep],
        [12_000, set(5 * minute)],
        [20_000, sleep],
        [20_003, set(-4 * minute)],
      ]);
      day.answer();
      expect(live(machine, day, events)).toBeLessThanOrEqual(second);
      expect(happened).toHaveLength(events.size);
    },
  );

  it('with the wall clock set while it sleeps', () => {
    const machine = createMachine();
    const day = workDay(machine, -30 * second);
    const asleep = (byMs: number) => () => {
      machine.sleep(hour);
      machine.setWall(byMs);
    };
    day.answer();
    const events = new Map([
      [5000, asleep(5 * minute)],
      [15_000, asleep(-5 * minute)],
    ]);
    expect(live(machine, day, events)).toBeLessThanOrEqual(second);
  });

  it('is right again with the first answer after the machine was stopped from outside', () => {
    const machine = createMachine();
    const day = workDay(machine, 0);
    for (let count = 0; count < 20; count += 1) {
      machine.pass(7 * second + 130);
      day.answer();
    }
    // A virtual machine that was paused: none of its clocks went on. To it, the server has jumped.
    day.pauseFromOutside(20 * minute);
    expect(day.errorMs()).toBeGreaterThan(second);
    day.answer();
    expect(day.errorMs()).toBeLessThanOrEqual(second);
  });
});

describe("a page's clock", () => {
  it("is main's from the first word on, and the fastest message is believed", () => {
    const machine = createMachine();
    const page = createPageClock(machine);
    page.anchor(machine.wall() + 10_000);
    const slow = machine.wall() + 10_000;
    machine.pass(700);
    page.anchor(slow);
    expect(page.now()).toBe(machine.wall() + 10_000);
  });

  it('asks main once when the machine slept or the wall clock was set, and tells the time of day as the desktop does', () => {
    const machine = createMachine();
    const page = createPageClock(machine);
    let asked = 0;
    page.whenInDoubt(() => (asked += 1));
    page.anchor(machine.wall());
    machine.pass(minute);
    page.check();
    expect(asked).toBe(0);
    machine.setWall(-5 * minute);
    page.check();
    page.check();
    expect(asked).toBe(1);
    expect(page.toWall(page.now())).toBe(machine.wall());
    machine.sleep(hour);
    page.check();
    expect(asked).toBe(2);
  });
});
