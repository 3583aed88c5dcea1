import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCloudClock, latestStamp, type CloudOffset } from '../../../domain/clocks/cloud-clock.ts';
import { duration, type Clocks, type Moment } from '../../../domain/clocks/time.ts';
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
