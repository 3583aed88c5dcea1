import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reply } from '../../../domain/ipc/contract.ts';
import type { Figure } from '../../../domain/review/chart-figures.ts';
import { newestFirst, orderAfterClick } from '../../../domain/review/query.ts';
import { axisWords, nameBelow, stepsOf, drawnFigures } from '../../../renderer/review/charts/chart-data.ts';
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

const figure = (name: string, shares: number): Figure => ({ name, shares, missed: 0, onAirMs: 0, workMs: 0 });

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

  it('names the bars whose names fit below them, however many there are', () => {
    const days = Array.from({ length: 400 }, (_, at) => `Day ${at}`);
    const below = days.map((_, at) => nameBelow(at, days, 300, 8));
    expect([below[0], below[360], below[365], below[399]]).toEqual(['Day 0', 'Day 360', '', '']);
    const few = ['Billing help', 'A queue of a long name', 'Third'];
    expect(few.map((_, at) => nameBelow(at, few, 300, 8))).toEqual(['Billing help', 'A queue of …', 'Third']);
  });

  it('counts shares in whole ones and time in hours and minutes', () => {
    expect(stepsOf('shares')[0]).toBe(1);
    expect(axisWords('onAirMs', 7_200_000, 'en')).toBe('2 h');
    expect(axisWords('onAirMs', 1_800_000, 'en')).toBe('30 min');
    expect(axisWords('workMs', 0, 'en')).toBe('0');
    expect(axisWords('missed', 1200, 'en')).toBe('1,200');
  });
});
