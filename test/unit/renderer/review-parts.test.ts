import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reply } from '../../../domain/ipc/contract.ts';
import type { Figure } from '../../../domain/review/chart-figures.ts';
import { everything, newestFirst, orderAfterClick } from '../../../domain/review/query.ts';
import { layoutOf, linesOf } from '../../../renderer/review/charts/bars.ts';
import { dayOf, within, type Range } from '../../../renderer/review/charts/range.ts';
import { axisWords, stepsOf, drawnFigures } from '../../../renderer/review/charts/chart-data.ts';
import { createQuestion, createRefresh } from '../../../renderer/state/question.ts';

/** Questions that are answered when the test says so. */
function held() {
  const asked: string[] = [];
  let answer = (_reply: Reply<string>): void => undefined;
  const asking = createQuestion((question: string) => {
    asked.push(question);
    return new Promise<Reply<string>>((resolve) => (answer = resolve));
  });
  const settle = async (reply: Reply<string>): Promise<void> => {
    answer(reply);
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { asking, asked, settle };
}
const ok = (value: string): Reply<string> => ({ ok: true, value });

describe('the latest question', () => {
  it('is asked after the one under way; those between never are', async () => {
    const { asking, asked, settle } = held();
    for (const question of ['a', 'b', 'c']) asking.ask(question);
    expect(asked).toEqual(['a']);
    await settle(ok('A'));
    expect(asking.store.getState()).toMatchObject({ question: 'a', value: 'A', busy: true });
    expect(asked).toEqual(['a', 'c']);
    await settle(ok('C'));
    expect(asking.store.getState()).toEqual({ question: 'c', value: 'C', busy: false, problem: '' });
  });

  it('says nothing of the last one beside a problem, and nothing at all when it is forgotten', async () => {
    const { asking, settle } = held();
    asking.ask('a');
    await settle(ok('A'));
    asking.ask('b');
    await settle({ ok: false, reason: 'Paused.' });
    expect(asking.store.getState()).toMatchObject({ question: 'b', value: null, problem: 'Paused.' });
    asking.ask('c');
    asking.forget();
    await settle(ok('C'));
    expect(asking.store.getState()).toEqual({ question: null, value: null, busy: false, problem: '' });
  });
});

describe('what is read again after changes', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is read at once, then no oftener than the pause, and once more for the last change', async () => {
    const run = vi.fn(() => Promise.resolve());
    const due = createRefresh(run, 250);
    for (let change = 0; change < 99; change += 1) {
      due();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(run).toHaveBeenCalledTimes(4);
    await vi.advanceTimersByTimeAsync(1000);
    expect(run).toHaveBeenCalledTimes(5);
  });
});

describe('the order of the list', () => {
  it('begins with what one wants to see first, and turns round', () => {
    expect(orderAfterClick('time', newestFirst)).toEqual({ by: 'time', descending: false });
    const byWho = orderAfterClick('peer', newestFirst);
    expect(byWho).toEqual({ by: 'peer', descending: false });
    expect(orderAfterClick('peer', byWho)).toEqual({ by: 'peer', descending: true });
    expect(orderAfterClick('sharing', byWho)).toEqual({ by: 'sharing', descending: true });
  });
});

const figure = (name: string, shares: number): Figure => ({
  name,
  shares,
  missed: 0,
  timedOut: 0,
  onAirMs: 0,
  workMs: 0,
});

describe('a chart', () => {
  it('has a bar for a day without shares, also where the clocks change', () => {
    const names = ['2026-03-27', '2026-03-31'].map((name) => figure(name, 3));
    expect(drawnFigures(names, 'day').map(({ name, shares }) => [name, shares])).toEqual([
      ['2026-03-27', 3],
      ['2026-03-28', 0],
      ['2026-03-29', 0],
      ['2026-03-30', 0],
      ['2026-03-31', 3],
    ]);
    expect(
      drawnFigures(
        ['2026-11-09', '2026-11-23'].map((name) => figure(name, 1)),
        'week',
      ),
    ).toHaveLength(3);
    expect(drawnFigures([], 'day')).toEqual([]);
  });

  it('leaves the holes in what spans longer than it has room for', () => {
    const ages = ['1999-01-01', '2026-01-01'].map((name) => figure(name, 1));
    expect(drawnFigures(ages, 'day')).toBe(ages);
  });

  it('draws the queues with most shares', () => {
    const queues = Array.from({ length: 50 }, (_, at) => figure(`Queue ${at}`, 50 - at));
    expect(drawnFigures(queues, 'queue')).toEqual(queues.slice(0, 20));
  });

  it('stands from the first hour of a day to the last', () => {
    const hours = ['09', '11'].map((name) => figure(name, 2));
    expect(drawnFigures(hours, 'hour').map(({ name, shares }) => [name, shares])).toEqual([
      ['09', 2],
      ['10', 0],
      ['11', 2],
    ]);
    expect(drawnFigures([], 'hour')).toEqual([]);
  });

  it('has whole names below as many bars as there is room for, none over the edge', () => {
    const layout = (count: number, name: (at: number) => string, width: number) =>
      layoutOf(
        {
          short: Array.from({ length: count }, (_, at) => name(at)),
          values: Array.from({ length: count }, (_, at) => at),
          axis: String,
          steps: stepsOf('shares'),
        },
        width,
      );
    const many = layout(400, (at) => `${String((at % 28) + 1)} Nov`, 300);
    expect(many.bars).toHaveLength(400);
    expect(many.labels.length).toBeGreaterThan(2);
    for (const { words, x, anchor } of many.labels) {
      expect(words).toMatch(/^\d+ Nov$/);
      expect(anchor === 'end' ? x : x + words.length * 3).toBeLessThanOrEqual(300);
    }
    const lefts = many.labels.map(({ x }) => x);
    expect(Math.min(...lefts.slice(1).map((x, at) => x - (lefts[at] ?? 0)))).toBeGreaterThan(30);
    // A day has room for each of its hours.
    expect(layout(9, (at) => String(at + 9), 320).labels).toHaveLength(9);
    expect(layout(0, String, 320)).toMatchObject({ bars: [], labels: [] });
    expect(layout(2, String, 0).bars).toHaveLength(2);
  });

  it('has lines at round values, none twice', () => {
    expect(linesOf(4, stepsOf('shares'))).toEqual([0, 1, 2, 3, 4]);
    expect(linesOf(17, stepsOf('shares'))).toEqual([0, 5, 10, 15]);
    const lines = linesOf(123_000, stepsOf('workMs')).map((value) => axisWords('workMs', value, 'en'));
    expect(new Set(lines).size).toBe(lines.length);
    expect(linesOf(0, stepsOf('workMs')).length).toBeGreaterThan(1);
  });

  it('looks back by days of this machine, no farther than the search', () => {
    const now = new Date(2026, 10, 23, 14, 18).getTime();
    const since = (range: Range, from: number | null = null): number | null =>
      within({ ...everything, since: from }, range, now).since;
    expect(since('search')).toBeNull();
    expect(since('today')).toBe(new Date(2026, 10, 23).getTime());
    expect(since('week')).toBe(new Date(2026, 10, 17).getTime());
    expect(since('week', now)).toBe(now);
    expect(dayOf(within(everything, 'today', now), now)).toBe('2026-11-23');
    expect(dayOf(within(everything, 'week', now), now)).toBeNull();
    expect(dayOf(everything, now)).toBeNull();
  });

  it('counts shares in whole ones and time in hours and minutes', () => {
    expect(stepsOf('shares')[0]).toBe(1);
    expect(axisWords('onAirMs', 7_200_000, 'en')).toBe('2 h');
    expect(axisWords('onAirMs', 1_800_000, 'en')).toBe('30 min');
    expect(axisWords('workMs', 0, 'en')).toBe('0');
    expect(axisWords('missed', 1200, 'en')).toBe('1,200');
  });
});
