import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Timer } from '../../../domain/state.ts';
import { isUrgent, milestone, readTimer } from '../../../domain/shown-time.ts';

const start = Date.UTC(2026, 10, 23, 14, 0, 0);
const since: Timer = { mode: 'since', at: start, totalMs: null, label: 'connected' };
const until = (totalMs: number | null): Timer => ({ mode: 'until', at: start, totalMs, label: 'left' });
const before = (seconds: number): number => start - seconds * 1000;

describe('readClock', () => {
  it.each([
    [0, '0:00'],
    [7_999, '0:07'],
    [277_000, '4:37'],
    [3_728_000, '1:02:08'],
  ])('counts up: %i ms', (ms, text) => {
    expect(readTimer(since, start + ms)).toEqual({ text, left: null });
  });

  it('counts down with the part that is left', () => {
    expect(readTimer(until(120_000), before(106))).toEqual({ text: '1:46', left: 106 / 120 });
    expect(readTimer(until(null), before(106))).toEqual({ text: '1:46', left: null });
  });

  it('shows no more than the whole when the server is ahead of this machine', () => {
    expect(readTimer(until(20_000), before(21))).toEqual({ text: '0:20', left: 1 });
  });

  it('is never negative, whatever the clocks say', () => {
    const clock = fc.record({
      mode: fc.constantFrom('since' as const, 'until' as const),
      at: fc.integer({ min: 0, max: 2 * start }),
      totalMs: fc.option(fc.integer({ min: -1000, max: 3_600_000 })),
      label: fc.constant(''),
    });
    fc.assert(
      fc.property(clock, fc.integer({ min: 0, max: 2 * start }), (each, now) => {
        const { text, left } = readTimer(each, now);
        expect(text).toMatch(/^(\d+:[0-5]\d|\d+):[0-5]\d$/);
        if (left !== null) expect(left >= 0 && left <= 1).toBe(true);
      }),
    );
  });
});

describe('milestone', () => {
  it('changes only at the moments worth saying', () => {
    const said = Array.from({ length: 121 }, (_, second) => milestone(until(120_000), before(120 - second)));
    const changes = said.flatMap((each, second) => (each === said[second - 1] ? [] : [[120 - second, each]]));
    expect(changes).toEqual([
      [120, null],
      [60, 60],
      [20, 20],
      [10, 10],
      [0, 0],
    ]);
  });

  it('says nothing a short countdown begins with', () => {
    expect(milestone(until(20_000), before(20))).toBeNull();
    expect(milestone(until(20_000), before(10))).toBe(10);
  });

  it('goes straight to the last one after a long sleep', () => {
    expect(milestone(until(120_000), start + 3_600_000)).toBe(0);
  });

  it('has nothing to say about a clock that counts up, or none', () => {
    expect(milestone(since, start + 60_000)).toBeNull();
    expect(milestone(null, start)).toBeNull();
  });
});

describe('isUrgent', () => {
  it('begins 20 s before the end', () => {
    expect(isUrgent(until(120_000), before(21))).toBe(false);
    expect(isUrgent(until(120_000), before(20))).toBe(true);
    expect(isUrgent(until(null), before(20))).toBe(true);
  });

  it('begins at half where 20 s are most of it', () => {
    expect(isUrgent(until(20_000), before(11))).toBe(false);
    expect(isUrgent(until(20_000), before(10))).toBe(true);
  });

  it('is not for clocks that count up', () => {
    expect(isUrgent(since, start)).toBe(false);
    expect(isUrgent(null, start)).toBe(false);
  });
});
