import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  firstRowFrom,
  isScaled,
  pageOf,
  rowAfterKey,
  rowTopOf,
  rowsInSight,
  scrolledHeight,
  scrollTopAt,
  tallestPx,
  topAt,
  topRevealing,
  type Extent,
} from '../../../renderer/review/list/scroll-geometry.ts';

const million: Extent = { rows: 1_000_000, rowHeight: 54, height: 600 };
const few: Extent = { rows: 100, rowHeight: 54, height: 600 };

const extents: fc.Arbitrary<Extent> = fc
  .record({
    rows: fc.integer({ min: 1, max: 1_000_000 }),
    rowHeight: fc.integer({ min: 32, max: 120 }),
    height: fc.integer({ min: 200, max: 2000 }),
    headingHeight: fc.integer({ min: 20, max: 40 }),
    days: fc.uniqueArray(fc.nat(1_000_000), { maxLength: 50 }),
  })
  .map(({ days, ...extent }) => ({
    ...extent,
    headed: days.filter((row) => row < extent.rows).sort((one, other) => one - other),
  }));
const bottom = (extent: Extent): number => Math.max(0, scrolledHeight(extent) - extent.height);

describe('a long list', () => {
  it('is never taller than an element may be', () => {
    expect(scrolledHeight(million)).toBe(tallestPx);
    expect(isScaled(million)).toBe(true);
    expect(scrolledHeight(few)).toBe(5400);
    expect(isScaled(few)).toBe(false);
  });

  it('shows its first row at the top and its last at the bottom, however long it is', () => {
    fc.assert(
      fc.property(extents, (extent) => {
        expect(rowsInSight(topAt(0, extent), extent).first).toBe(0);
        expect(rowsInSight(topAt(bottom(extent), extent), extent).end).toBe(extent.rows);
      }),
    );
  });

  it('scrolls px for px as long as it is not scaled', () => {
    expect(topAt(1234, few)).toBe(1234);
    expect(scrollTopAt(1234, few)).toBe(1234);
  });

  it('stands where it was put', () => {
    fc.assert(
      fc.property(extents, fc.double({ min: 0, max: 1, noNaN: true }), (extent, part) => {
        const tall =
          extent.rows * extent.rowHeight + (extent.headed?.length ?? 0) * (extent.headingHeight ?? 0);
        const top = part * Math.max(0, tall - extent.height);
        expect(topAt(scrollTopAt(top, extent), extent)).toBeCloseTo(top, 3);
      }),
    );
  });

  it('has every row in reach', () => {
    fc.assert(
      fc.property(extents, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (extent, part, any) => {
        const row = any % extent.rows;
        const from = topAt(part * bottom(extent), extent);
        const top = topRevealing(row, from, extent);
        const { first, end } = rowsInSight(top, extent);
        expect(row).toBeGreaterThanOrEqual(first);
        expect(row).toBeLessThan(end);
        expect(rowTopOf(row, extent)).toBeGreaterThanOrEqual(top - 0.001);
        // What is in sight already does not move.
        expect(topRevealing(row, top, extent)).toBe(top);
      }),
    );
  });
});

it('headings push the rows below them down, and are in sight with their rows', () => {
  const extent: Extent = { rows: 10, rowHeight: 40, height: 100, headed: [0, 3], headingHeight: 30 };
  expect(scrolledHeight(extent)).toBe(460);
  expect([0, 2, 3, 4].map((row) => rowTopOf(row, extent))).toEqual([30, 110, 180, 220]);
  expect(rowsInSight(0, extent)).toEqual({ first: 0, end: 2 });
  // The heading of the third is all there is to see of it.
  expect(rowsInSight(60, extent)).toEqual({ first: 0, end: 4 });
  expect(rowsInSight(150, extent)).toEqual({ first: 3, end: 5 });
  expect(firstRowFrom(111, extent)).toBe(3);
  expect(topRevealing(3, 300, extent)).toBe(150);
});

describe('the keys of a list', () => {
  it('lead to a row there is', () => {
    expect(rowAfterKey('ArrowDown', null, few)).toBe(0);
    expect(rowAfterKey('ArrowUp', null, few)).toBe(0);
    expect(rowAfterKey('ArrowDown', 99, few)).toBe(99);
    expect(rowAfterKey('PageDown', 3, few)).toBe(3 + pageOf(few));
    expect(rowAfterKey('PageUp', 3, few)).toBe(0);
    expect(rowAfterKey('End', 3, million)).toBe(999_999);
    expect(rowAfterKey('Home', 3, million)).toBe(0);
  });

  it('are no others', () => {
    expect(rowAfterKey('a', 3, few)).toBeNull();
    expect(rowAfterKey('toString', 3, few)).toBeNull();
    expect(rowAfterKey('ArrowDown', 3, { ...few, rows: 0 })).toBeNull();
  });
});
