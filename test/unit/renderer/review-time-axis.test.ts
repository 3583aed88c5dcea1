import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { niceTicks } from '../../../renderer/review/detail/time-axis.ts';

const time = (hour: number, minute: number, second = 0): number =>
  new Date(2026, 10, 23, hour, minute, second).getTime();
const words = (from: number, to: number, widthPx: number): string[] =>
  niceTicks(from, to, widthPx, 'en-GB').map((tick) => tick.words);

describe('ticks', () => {
  it('are round times, as many as there is room for', () => {
    expect(words(time(14, 17, 48), time(14, 33, 9), 550)).toEqual(['14:20', '14:25', '14:30']);
    expect(words(time(14, 17, 48), time(14, 33, 9), 1400)).toEqual(
      [18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33].map((minute) => `14:${minute}`),
    );
    expect(words(time(14, 17, 48), time(14, 18, 2), 300)).toEqual(['14:17:50', '14:17:55', '14:18:00']);
    expect(words(time(0, 0), time(23, 59), 400)).toEqual(['00:00', '06:00', '12:00', '18:00']);
    expect(words(time(0, 0), new Date(2026, 10, 26, 1).getTime(), 320)).toEqual([
      '23 Nov 2026',
      '24 Nov 2026',
      '25 Nov 2026',
      '26 Nov 2026',
    ]);
  });

  it('are none where there is no time between', () => {
    expect(words(time(14, 0), time(14, 0), 500)).toEqual([]);
    expect(words(time(14, 1), time(14, 0), 500)).toEqual([]);
    expect(words(NaN, time(14, 0), 500)).toEqual([]);
  });

  it('lie between, in order, with room for their words, however long it took', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2e12 }),
        fc.integer({ min: 1, max: 1e13 }),
        fc.integer({ min: 0, max: 3000 }),
        (from, length, widthPx) => {
          const ticks = niceTicks(from, from + length, widthPx, 'en');
          expect(ticks.length).toBeLessThanOrEqual(Math.max(76, widthPx) / 76 + 1);
          const times = ticks.map(({ ms }) => ms);
          expect(times.every((ms) => ms >= from && ms <= from + length)).toBe(true);
          expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        },
      ),
    );
  });
});
