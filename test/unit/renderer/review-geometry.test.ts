import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isScaled,
  pageOf,
  rowAfterKey,
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

const extents = fc.record({
  rows: fc.integer({ min: 1, max: 1_000_000 }),
  rowHeight: fc.integer({ min: 32, max: 120 }),
  height: fc.integer({ min: 100, max: 2000 }),
});
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
        const top = part * Math.max(0, extent.rows * extent.rowHeight - extent.height);
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
        expect(row * extent.rowHeight).toBeGreaterThanOrEqual(top - 0.001);
        // What is in sight already does not move.
        expect(topRevealing(row, top, extent)).toBe(top);
      }),
    );
  });
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
