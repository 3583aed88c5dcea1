import { describe, expect, it } from 'vitest';
import { goalNames, goals, kinds, kindsOf, type Goal } from '../../bench/goals.mjs';
import { judge, linesOf, missesOf, readingOf } from '../../bench/report.ts';
import { markdownTable, textTable } from '../../bench/text-table.ts';

const always = (value: number): number[] => Array<number>(20).fill(value);

describe('the goals', () => {
  it('have a measure each, and each measure has a goal or is asked for by its name', () => {
    const all: Goal[] = goalNames.map((name) => goals[name]);
    expect([...new Set(all.map(({ kind }) => kind))].filter((kind) => !kinds.includes(kind))).toEqual([]);
    const ids = new Set(all.map(({ id }) => id));
    expect([...ids]).toEqual([
      'P1',
      'P2',
      'P3',
      'P4',
      'P5',
      'P6',
      'P7',
      'P8',
      'P9',
      'P10',
      'P11',
      'A1',
      'A2',
    ]);
  });

  it('ask no less of the further aim', () => {
    const loose = goalNames.filter((name) => {
      const { compare, goal, stretch }: Goal = goals[name];
      return compare === 'times as fast' ? stretch < goal : stretch > goal;
    });
    expect(loose).toEqual([]);
  });

  it.each([
    ['P4', ['alert']],
    ['p3', ['memory']],
    ['alert', ['alert']],
    ['growth', ['growth']],
    ['P1', ['start']],
    ['P12', []],
    ['', []],
  ])('are found by %s', (only, found) => {
    expect(kindsOf(only)).toEqual(found);
    expect(kindsOf(undefined)).toEqual(kinds);
  });
});

describe('a reading', () => {
  it('reaches a goal, the further one, or none', () => {
    const reached = [1.05, 1.2, 1.3].map(
      (times) =>
        judge(readingOf('start', { ours: always(100 * times), theirs: always(100) })).verdict?.reached,
    );
    expect(reached).toEqual(['stretch', 'goal', 'no']);
  });

  it('is judged by the end of the interval that is against us', () => {
    const ours = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 100 : 150));
    const { ratio, verdict } = judge(readingOf('start', { ours, theirs: always(100) }));
    expect(ratio?.value).toBe(1.25);
    expect(ratio?.high).toBeGreaterThan(1.25);
    expect(verdict).toMatchObject({ value: ratio?.high, reached: 'no' });
  });

  it('counts how much faster ours is where that is the goal', () => {
    const { ratio, verdict } = judge(readingOf('alertHidden', { ours: always(20), theirs: always(100) }));
    expect([ratio?.value, verdict?.reached]).toEqual([5, 'goal']);
  });

  it('is judged by its slowest where there is no rival', () => {
    const ours = [...always(10), ...always(10), 400];
    expect(judge(readingOf('alertHiddenLatest', { ours })).verdict?.reached).toBe('no');
    expect(judge(readingOf('floodLost', { ours: [0] })).verdict?.reached).toBe('stretch');
    expect(judge(readingOf('floodLost', { ours: [1] })).verdict).toEqual({
      value: 1,
      reached: 'no',
      missedBy: 1,
    });
  });

  it('of bursts is judged by its mean', () => {
    const bursts = (size: number): number[] =>
      Array.from({ length: 20 }, (_, at) => (at % 4 === 0 ? size : 0));
    const { ratio, verdict } = judge(readingOf('idleVisible', { ours: bursts(4), theirs: bursts(2) }));
    expect([ratio?.value, verdict?.reached]).toEqual([2, 'stretch']);
  });

  it('that is not a number reaches nothing', () => {
    expect(judge(readingOf('size', { ours: [Number.NaN] })).verdict?.reached).toBe('no');
  });
});

describe('the check', () => {
  it('names what is missed, and by how much', () => {
    const rows = [
      judge(readingOf('start', { ours: always(190), theirs: always(100) })),
      judge(readingOf('size', { ours: [30] })),
    ];
    expect(missesOf(rows, ['start', 'size'])).toEqual([
      expect.stringMatching(/^P1 spawn .*: 1\.90×, goal ≤ 1\.25×, missed by 0\.65×\.$/),
      expect.stringMatching(/^P10 .*: 30\.0 MB, goal ≤ 20\.0 MB, missed by 10\.0 MB\.$/),
    ]);
  });

  it('is not content with what was not measured', () => {
    expect(missesOf([], ['start'])).toEqual([expect.stringContaining('was not measured')]);
    expect(missesOf([], ['growth', 'codes'])).toEqual([]);
  });
});

describe('the table', () => {
  it('has a line for each reading, with and without a goal', () => {
    const lines = linesOf([
      judge(readingOf('reduce', { ours: always(10), theirs: always(60) })),
      judge({ id: 'P9', measure: 'for information', unit: 'µs', ours: [1, 2, 3] }),
    ]);
    const [headings, reduced, other] = textTable(lines).split('\n');
    expect(headings).toMatch(/measure +ours +p95 +rival +p95 +ratio +95 % +goal +reached/);
    expect(reduced).toMatch(/10\.0 µs .*immer 60\.0 µs .*6\.00× +6\.00–6\.00 +≥ 2\.00× +yes, and ≥ 5\.00×/);
    expect(other).toMatch(/for information +2\.00 µs +2\.90$/);
    expect(markdownTable(lines).split('\n')[2]).toMatch(/^\| P9 \| .* \| yes, and ≥ 5\.00× \|$/);
  });
});
