import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  agreedNow,
  createCloudClock,
  latestStamp,
  type CloudOffset,
} from '../../../domain/clocks/cloud-clock.ts';
import {
  cloudMs,
  dayMs,
  duration,
  epoch,
  firstEpoch,
  type Clocks,
  type Moment,
} from '../../../domain/clocks/time.ts';
import { providerOffset } from '../../../domain/communication/clock-offsets.ts';
import { createSteadyClock } from '../../../domain/clocks/steady-clock.ts';
import { acwStart } from '../../../domain/communication/moments.ts';
import { reduceConversation } from '../../../domain/communication/reducer.ts';
import { at, context, conversation, live, ms } from './wire.ts';
import { createMachine } from './machine.ts';

describe("this machine's clock", () => {
  it('begins as the wall clock, and goes on', () => {
    const machine = createMachine();
    const clock = createSteadyClock(machine);
    expect(clock.now()).toBe(machine.wall());
    machine.pass(8 * 3_600_000);
    expect(clock.now()).toBe(machine.wall());
    expect(clock.wallOffsetMs()).toBe(0);
  });

  it.each([300_000, -300_000, 1500, -1500])('does not follow a wall clock set by %i ms', (by) => {
    const machine = createMachine();
    const clock = createSteadyClock(machine);
    machine.pass(60_000);
    const before = clock.now();
    machine.setWall(by);
    machine.pass(1000);
    expect(clock.now() - before).toBe(1000);
    expect(clock.wallOffsetMs()).toBe(by);
  });

  it.each([10, 1000])('goes on through sleep, where the uptime counts in steps of %i ms', (grain) => {
    const machine = createMachine({ uptimeGrain: grain });
    const clock = createSteadyClock(machine);
    const before = clock.now();
    machine.sleep(5_400_123);
    machine.pass(77);
    expect(clock.now() - before).toBe(5_400_200);
  });

  it('takes no difference for sleep that the uptime does not prove', () => {
    const time = { wall: 1_000_000, monotonic: 0, uptime: 0 };
    const clock = createSteadyClock({
      wall: () => time.wall,
      monotonic: () => time.monotonic,
      uptime: () => time.uptime,
    });
    const pass = (wall: number, monotonic: number, uptime: number): number => {
      time.wall += wall;
      time.monotonic += monotonic;
      time.uptime += uptime;
      return clock.now();
    };
    expect(pass(10_999, 10_000, 10_999)).toBe(1_010_000);
    // Slept for a second; the wall clock knows it to the ms.
    expect(pass(11_234.6, 10_000, 11_000)).toBe(1_021_234);
    // Parts are cut off, so that it never runs ahead; what people are shown is rounded.
    expect(clock.wallOffsetMs()).toBe(1000);
    // 250 ms of difference are not worth reading the uptime, whatever it says.
    expect(pass(10_250, 10_000, 20_000)).toBe(1_031_234);
    // 251 are.
    expect(pass(10_001, 10_000, 10_001)).toBe(1_051_235);
  });

  it('sleeps by the uptime where the wall clock is a second off or more', () => {
    const times = [
      { wall: 0, monotonic: 0, uptime: 0 },
      { wall: 6000, monotonic: 1000, uptime: 5000 },
    ];
    let at = 0;
    const read = (name: 'wall' | 'monotonic' | 'uptime') => () => times[at]?.[name] ?? 0;
    const clock = createSteadyClock({
      wall: read('wall'),
      monotonic: read('monotonic'),
      uptime: read('uptime'),
    });
    at = 1;
    // 4 s by the uptime, 5 s by the wall clock: that one was set.
    expect(clock.now()).toBe(5000);
  });

  it('knows sleep from a wall clock set meanwhile, to the uptime', () => {
    const machine = createMachine();
    const clock = createSteadyClock(machine);
    const before = clock.now();
    machine.sleep(5_400_000);
    machine.setWall(-300_000);
    expect(Math.abs(clock.now() - before - 5_400_000)).toBeLessThan(1000);
    expect(Math.abs(clock.wallOffsetMs() + 300_000)).toBeLessThan(1000);
  });

  it('counts no sleep twice where the monotonic clock goes on through it', () => {
    const machine = createMachine({ monotonicSleeps: false });
    const clock = createSteadyClock(machine);
    const before = clock.now();
    machine.sleep(600_000);
    expect(clock.now() - before).toBe(600_000);
  });

  it('never goes back, and is never further off than a second for each sleep', () => {
    const event = fc.oneof(
      fc.record({ pass: fc.integer({ min: 0, max: 600_000 }) }),
      fc.record({ setWall: fc.integer({ min: -300_000, max: 300_000 }) }),
      fc.record({ sleep: fc.integer({ min: 0, max: 7_200_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.constantFrom(10, 1000), (events, uptimeGrain) => {
        const machine = createMachine({ uptimeGrain });
        const clock = createSteadyClock(machine);
        const start = clock.now();
        let last = start;
        let sleeps = 0;
        for (const each of events) {
          if ('pass' in each) machine.pass(each.pass);
          else if ('sleep' in each) {
            machine.sleep(each.sleep);
            sleeps += 1;
          } else machine.setWall(each.setWall);
          expect(clock.now()).toBeGreaterThanOrEqual(last);
          last = clock.now();
          expect(Math.abs(last - start - machine.elapsed())).toBeLessThanOrEqual(1000 * sleeps);
        }
      }),
    );
  });
});

describe("the cloud's clock", () => {
  const date = (epochMs: number): string => new Date(Math.floor(epochMs / 1000) * 1000).toUTCString();

  it('is bounded to the second by one answer', () => {
    // The server wrote 100 s when this machine said 95.0 to 95.2 s.
    const answer = { date: date(100_000), sentAt: 95_000, receivedAt: 95_200 };
    expect(createCloudClock().answered(answer)).toEqual({ offsetMs: 5400, uncertaintyMs: 600 });
  });

  it('is narrowed down by many, and the truth is always inside', () => {
    const anyAnswer = fc.record({
      pause: fc.integer({ min: 10, max: 5000 }),
      there: fc.integer({ min: 1, max: 300 }),
      back: fc.integer({ min: 1, max: 300 }),
      stamped: fc.option(fc.integer({ min: 0, max: 2000 })),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: -400_000, max: 400_000 }),
        fc.array(anyAnswer, { minLength: 1, maxLength: 30 }),
        (truth, answers) => {
          const cloud = createCloudClock();
          let now = ms(0);
          let last: CloudOffset | null = null;
          for (const { pause, there, back, stamped } of answers) {
            const sentAt = now + pause;
            now = sentAt + there + back;
            last = cloud.answered({ date: date(sentAt + there + truth), sentAt, receivedAt: now });
            if (stamped !== null) last = cloud.stamped(now + truth - stamped, now);
            expect(Math.abs((last?.offsetMs ?? Infinity) - truth)).toBeLessThanOrEqual(
              (last?.uncertaintyMs ?? 0) + 1,
            );
          }
          expect(last?.uncertaintyMs).toBeLessThanOrEqual(810);
        },
      ),
    );
  });

  it('is a hair less certain after a quiet hour: clocks drift apart', () => {
    const cloud = createCloudClock();
    cloud.answered({ date: date(100_000), sentAt: 100_990, receivedAt: 101_000 });
    const narrow = cloud.answered({ date: date(102_000), sentAt: 102_005, receivedAt: 102_010 });
    expect(narrow).toEqual({ offsetMs: 0, uncertaintyMs: 20 });
    const later = cloud.answered({ date: date(3_702_000), sentAt: 3_702_500, receivedAt: 3_702_540 });
    // 100 ppm of an hour are 360 ms.
    expect(later?.uncertaintyMs).toBe(380);
  });

  it('that was set is believed at once, by an answer and by nothing else', () => {
    const cloud = createCloudClock();
    const before = cloud.answered({ date: date(100_000), sentAt: 100_000, receivedAt: 100_010 });
    expect(cloud.stamped(900_000, 100_020)).toBe(before);
    const after = cloud.answered({ date: date(400_000), sentAt: 102_000, receivedAt: 102_010 });
    expect(after).toEqual({ offsetMs: 298_495, uncertaintyMs: 510 });
  });

  it('cannot be behind what it stamped', () => {
    const cloud = createCloudClock();
    cloud.answered({ date: date(100_000), sentAt: 100_000, receivedAt: 100_000 });
    // Stamped at 105.8 by a cloud that must therefore be 0.7 s ahead at least.
    expect(cloud.stamped(105_800, 105_100)).toEqual({ offsetMs: 850, uncertaintyMs: 160 });
  });

  it('is not believed by one answer more than a day off, but by a second that agrees', () => {
    const cloud = createCloudClock();
    const before = cloud.answered({ date: date(100_000), sentAt: 100_000, receivedAt: 100_000 });
    const far = (days: number, now: number): CloudOffset | null =>
      cloud.answered({ date: date(now + days * dayMs), sentAt: now, receivedAt: now });
    expect(far(3, 110_000)).toBe(before);
    expect(far(5, 120_000)).toBe(before);
    expect(far(-4, 130_000)).toBe(before);
    // What fits what is known takes the doubt back: two in a row are needed.
    expect(far(0, 140_000)?.offsetMs).toBe(500);
    expect(far(-4, 150_000)?.offsetMs).toBe(500);
    expect(far(-4, 160_000)).toEqual({ offsetMs: -4 * dayMs + 500, uncertaintyMs: 500 });
  });

  it('may be a day off at the first answer, and needs two to be more', () => {
    const first = (offsetMs: number): CloudOffset | null =>
      createCloudClock().answered({ date: date(dayMs + offsetMs), sentAt: dayMs, receivedAt: dayMs });
    expect(first(dayMs)?.offsetMs).toBe(dayMs + 500);
    expect(first(dayMs + 1000)).toBeNull();
    expect(first(-dayMs - 1000)?.offsetMs).toBe(-dayMs - 500);
    expect(first(-dayMs - 2000)).toBeNull();
  });

  it('with a doubt grows no more exact by it, and the doubt ages as all bounds do', () => {
    const cloud = createCloudClock();
    cloud.answered({ date: date(100_000), sentAt: 100_000, receivedAt: 100_000 });
    const far = (offsetMs: number, now: number): CloudOffset | null =>
      cloud.answered({ date: date(now + offsetMs), sentAt: now, receivedAt: now });
    far(3 * dayMs, 110_000);
    // 1.36 s away from the doubted answer: inside what both leave open only after an hour, by 360 ms of drift.
    const anHourLater = 110_000 + 3_600_000;
    expect(far(3 * dayMs + 1000, anHourLater)?.offsetMs).toBe(3 * dayMs + 1500);
  });

  it('is the same object while nothing changes', () => {
    const cloud = createCloudClock();
    const once = cloud.answered({ date: date(100_000), sentAt: 100_000, receivedAt: 100_000 });
    expect(cloud.answered({ date: date(100_000), sentAt: 100_000, receivedAt: 100_000 })).toBe(once);
    expect(cloud.stamped(100_000, 100_000)).toBe(once);
    // A clock of this machine that was set back makes no bound narrower.
    expect(cloud.stamped(0, 0)).toBe(once);
    const nearer = cloud.answered({ date: date(100_000), sentAt: 100_020, receivedAt: 100_020 });
    expect(nearer).toEqual({ offsetMs: 490, uncertaintyMs: 500 });
    expect(nearer).not.toBe(once);
  });

  it('is raised by a stamp up to what is known, and by none beyond', () => {
    const known = (): ReturnType<typeof createCloudClock> => {
      const cloud = createCloudClock();
      cloud.answered({ date: date(100_000), sentAt: 100_000, receivedAt: 100_000 });
      return cloud;
    };
    expect(known().stamped(101_000, 100_000)).toEqual({ offsetMs: 1000, uncertaintyMs: 0 });
    expect(known().stamped(101_001, 100_000)).toEqual({ offsetMs: 500, uncertaintyMs: 500 });
  });

  it.each([
    ['before the first answer', null, (cloud: ReturnType<typeof createCloudClock>) => cloud.stamped(5, 5)],
    [
      'by a date that is none',
      null,
      (cloud: ReturnType<typeof createCloudClock>) =>
        cloud.answered({ date: 'yesterday', sentAt: 1, receivedAt: 2 }),
    ],
    [
      'by an answer received before it was asked for',
      null,
      (cloud: ReturnType<typeof createCloudClock>) =>
        cloud.answered({ date: date(0), sentAt: 2, receivedAt: 1 }),
    ],
  ])('is not known %s', (_when, expected, ask) => {
    expect(ask(createCloudClock())).toBe(expected);
  });

  it('stamps alerting and connected, the provider the rest', () => {
    const told = conversation({ leg: { ...live, startAlertingTime: at(1), disconnectedTime: at(900) } });
    expect(latestStamp(told)).toBe(ms(4));
    expect(latestStamp({ id: 'c', participants: [] })).toBeNull();
    const ringing = { ...live, connectedTime: undefined, startAlertingTime: at(7) };
    expect(latestStamp(conversation({ leg: ringing }))).toBe(ms(7));
  });
});

describe('a time', () => {
  it.each([
    ['1970-01-01T00:00:00.000Z', 0],
    ['1969-12-31T23:59:59.999Z', null],
    ['9999-12-31T23:59:59.999Z', 253_402_300_799_999],
    ['+010000-01-01T00:00:00.000Z', null],
    ['soon', null],
    ['', null],
    [null, null],
    [undefined, null],
  ])('%s is %s', (iso, expected) => {
    expect(epoch(iso)).toBe(expected);
  });

  it('of any year is sorted by: the first that is one', () => {
    expect(firstEpoch(null, undefined, 'soon', '1969-12-31T23:59:59.000Z', at(1))).toBe(-1000);
    expect(firstEpoch(null, 'never')).toBe(0);
    expect(firstEpoch()).toBe(0);
  });

  it('by a clock nothing is known of is taken as it is', () => {
    const iso = at(10);
    for (const clock of ['machine', 'cloud', 'provider'] as const) {
      expect(cloudMs({ iso, clock }, undefined)).toBe(ms(10));
      expect(cloudMs({ iso: 'soon', clock }, undefined)).toBeNull();
    }
    const clocks = { cloudOffsetMs: 5000, cloudUncertaintyMs: 100 };
    expect(cloudMs({ iso, clock: 'provider' }, clocks)).toBe(ms(10));
    expect(cloudMs({ iso, clock: 'machine' }, clocks)).toBe(ms(15));
  });

  it('to delete by is the earlier of two clocks, and none where they do not roughly agree', () => {
    expect(agreedNow(null, 1)).toBeNull();
    expect(agreedNow(5, 3)).toBe(3);
    expect(agreedNow(3, 5)).toBe(3);
    expect(agreedNow(dayMs, 0)).toBe(0);
    expect(agreedNow(0, dayMs)).toBe(0);
    expect(agreedNow(dayMs + 1, 0)).toBeNull();
    expect(agreedNow(0, dayMs + 1)).toBeNull();
  });
});

describe('a duration', () => {
  const clocks: Clocks = { cloudOffsetMs: 5000, cloudUncertaintyMs: 100, providerOffsetMs: -2000 };
  const moment = (clock: Moment['clock'], seconds: number): Moment => ({ iso: at(seconds), clock });

  it('by one clock is exact', () => {
    expect(duration(moment('cloud', 0), moment('cloud', 60), clocks)).toEqual({
      ms: 60_000,
      approximate: false,
    });
  });

  it('by two is corrected as far as known, and says so', () => {
    const share = duration(moment('cloud', 0), moment('provider', 60), clocks);
    expect(share).toEqual({ ms: 62_000, approximate: true });
    expect(duration(moment('machine', 0), moment('cloud', 60), clocks)).toEqual({
      ms: 55_000,
      approximate: true,
    });
    expect(duration(moment('cloud', 0), moment('provider', 60), undefined)).toEqual({
      ms: 60_000,
      approximate: true,
    });
  });

  it('is never negative', () => {
    const anyMoment = fc.record({
      clock: fc.constantFrom('machine' as const, 'cloud' as const, 'provider' as const),
      iso: fc.integer({ min: -1000, max: 1000 }).map(at),
    });
    fc.assert(
      fc.property(anyMoment, anyMoment, fc.option(fc.constant(clocks)), (from, to, known) => {
        const took = duration(from, to, known ?? undefined);
        expect(took?.ms).toBeGreaterThanOrEqual(0);
        expect(took?.approximate).toBe(from.clock !== to.clock);
      }),
    );
  });

  it('of what is no time is none', () => {
    expect(duration({ iso: 'soon', clock: 'cloud' }, moment('cloud', 1), clocks)).toBeNull();
  });
});

describe("the provider's clock", () => {
  const end = {
    disconnectedAt: 100_000,
    acwStartAt: null,
    aliveAt: 90_000,
    heardAt: 100_500,
    uncertaintyMs: 100,
  };

  it.each([
    ['is measured where the cloud stamped the end too', { acwStartAt: 100_180 }, -180],
    ['shows no difference where its time fits', {}, undefined],
    ['is ahead by what it must be', { disconnectedAt: 130_500 }, 29_900],
    ['is behind by what it must be', { disconnectedAt: 60_000 }, -29_900],
  ])('%s', (_what, change, expected) => {
    expect(providerOffset({ ...end, ...change })).toBe(expected);
  });

  const cloud: CloudOffset = { offsetMs: 5000, uncertaintyMs: 50 };
  // Told 5 s earlier by this machine's clock.
  const fact = (seconds: number) => context(seconds - 5, { serverTime: at(seconds), cloud });
  const over = { ...live, state: 'disconnected', disconnectType: 'peer', disconnectedTime: at(30) };

  it('is kept with the record, and an after-call work without a beginning of its own is counted by it', () => {
    const alive = reduceConversation([], conversation({ leg: live }), fact(60));
    const [ended] = reduceConversation(alive, conversation({ leg: over }), fact(61));
    expect(ended?.clocks).toEqual({ cloudOffsetMs: 5000, cloudUncertaintyMs: 50, providerOffsetMs: -29_950 });
    expect(ended && acwStart(ended)).toBe(ms(59.95));
  });

  it('is not guessed anew when the same end is heard again later', () => {
    const alive = reduceConversation([], conversation({ leg: live }), fact(60));
    const once = reduceConversation(alive, conversation({ leg: over }), fact(61));
    const [again] = reduceConversation(once, conversation({ leg: over }), fact(4000));
    expect(again?.clocks?.providerOffsetMs).toBe(-29_950);
    const [stamped] = reduceConversation(
      once,
      conversation({ leg: { ...over, afterCallWork: { state: 'pending', startTime: at(60.5) } } }),
      fact(4001),
    );
    expect(stamped?.clocks?.providerOffsetMs).toBe(-30_500);
  });

  it('says nothing while the cloud has told no time', () => {
    const [ended] = reduceConversation([], conversation({ leg: over }), context(61));
    expect(ended?.clocks).toBeUndefined();
  });
});
