import { describe, expect, it } from 'vitest';
import { growthLines } from '../../bench/growth-table.ts';
import { growthPerTenfold, median, quantile, ratioOf } from '../../bench/statistics.ts';

describe('quantiles', () => {
  it('lie between samples, whatever their order', () => {
    expect(median([3, 1, 2, 4])).toBe(2.5);
    expect(quantile([10, 0], 0.95)).toBe(9.5);
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([1, Infinity, Infinity], 0.9)).toBe(Infinity);
  });
});

describe('a ratio', () => {
  it('has an interval around it, the same for the same samples', () => {
    const ours = Array.from({ length: 30 }, (_, at) => 200 + (at % 7));
    const theirs = Array.from({ length: 30 }, (_, at) => 100 + (at % 5));
    const ratio = ratioOf(ours, theirs);
    expect(ratio.low).toBeLessThanOrEqual(ratio.value);
    expect(ratio.high).toBeGreaterThanOrEqual(ratio.value);
    expect(ratio.high - ratio.low).toBeLessThan(0.1);
    expect(ratioOf(ours, theirs)).toEqual(ratio);
  });

  it('needs pairs', () => {
    expect(() => ratioOf([1, 2], [1])).toThrow('pairs');
    expect(() => ratioOf([], [])).toThrow('pairs');
  });
});

describe('growth', () => {
  it('is a factor for ten times as many', () => {
    const points = (values: readonly number[]) =>
      values.map((value, at) => ({ at: 10_000 * 10 ** at, value }));
    expect(growthPerTenfold(points([5, 5, 5]))).toBeCloseTo(1);
    expect(growthPerTenfold(points([1, 10, 100]))).toBeCloseTo(10);
    expect(growthPerTenfold(points([1, 4]))).toBeCloseTo(4);
  });

  it('has a column for each size and says what is missing', () => {
    const line = { measure: 'start', unit: 'ms', rivals: {} };
    const lines = growthLines([
      { ...line, records: 100_000, ours: [200] },
      { ...line, records: 10_000, ours: [100] },
      { ...line, measure: 'search', records: 10_000, ours: [3] },
    ]);
    expect(lines).toEqual([
      ['at so many records', '10000', '100000', 'for ten times as many'],
      ['start', '100 ms', '200 ms', '2.00×'],
      ['search', '3.00 ms', '–', ''],
    ]);
  });
});
