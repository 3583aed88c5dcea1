import { describe, expect, it } from 'vitest';
import { dayHeadings, dayHeadingWords, type DaySum } from '../../../domain/review/day-headings.ts';

const day = (name: string, shares: number, onAirMs = 0): DaySum => ({ name, shares, onAirMs });
const days = [day('2026-11-20', 2), day('2026-11-29', 1), day('2026-11-30', 3, 52 * 60_000)];
const now = new Date(2026, 10, 30, 18).getTime();
const at = (date: number, hour: number): number => new Date(2026, 10, date, hour).getTime();

describe('the days of a list', () => {
  const rowsOf = (rows: number, descending: boolean): number[] =>
    dayHeadings(days, [], { rows, descending }).map(({ row }) => row);

  it('stand above their first rows, whichever way the time goes', () => {
    expect(rowsOf(6, true)).toEqual([0, 3, 4]);
    expect(rowsOf(6, false)).toEqual([0, 2, 3]);
  });

  it('stay where they are when records came since they were counted: those are the newest', () => {
    expect(rowsOf(8, true)).toEqual([0, 5, 6]);
    expect(rowsOf(8, false)).toEqual([0, 2, 3]);
    expect(rowsOf(3, true)).toEqual([0, 1]);
    expect(rowsOf(0, true)).toEqual([]);
  });

  it('are taken from the rows that are here until they are counted', () => {
    const first = [at(30, 18), at(30, 1), at(29, 23), at(20, 9)];
    expect(dayHeadings(null, first, { rows: 100, descending: true })).toEqual([
      { row: 0, at: at(30, 18), sum: null },
      { row: 2, at: at(29, 23), sum: null },
      { row: 3, at: at(20, 9), sum: null },
    ]);
  });

  it('say what was done in them', () => {
    const words = dayHeadings(days, [], { rows: 6, descending: true }).map((each) =>
      dayHeadingWords(each, now, 'en-GB'),
    );
    expect(words).toEqual(['Today · 3 · 52 min sharing', 'Yesterday · 1', '20 Nov 2026 · 2']);
    expect(dayHeadingWords({ row: 0, at: at(27, 3), sum: null }, now, 'en-GB')).toMatch(
      /^Friday,? 27 November 2026$/,
    );
  });
});
