import { describe, expect, it } from 'vitest';
import { readFlags, type Flags } from '../../../electron/program/command-line.ts';

const now = new Date(2026, 10, 23, 14, 18).getTime();
const here = (day: number): string => new Date(2026, 10, day).toISOString();

function task(...args: readonly string[]): Flags['task'] {
  const read = readFlags(['--export', 'json', ...args], now);
  if (!read.ok) throw new Error(read.reason);
  return read.value.task;
}

describe('a range on the command line', () => {
  it('counts a day from its beginning until its end, as the search of the review does', () => {
    expect(task('--since', '2026-11-21', '--until=2026-11-22')).toMatchObject({
      since: here(21),
      until: here(23),
    });
    expect(task('--since', 'yesterday', '--until', 'yesterday')).toMatchObject({
      since: here(22),
      until: here(23),
    });
  });

  it('takes an age and a time for what they are', () => {
    expect(task('--since=7d', '--until', '2026-11-23T09:00:00Z')).toMatchObject({
      since: new Date(now - 7 * 86_400_000).toISOString(),
      until: '2026-11-23T09:00:00.000Z',
    });
  });

  it.each([
    [['--since', '2026-02-30'], '--since must be a date, a time or an age'],
    [['--until', 'soon'], '--until must be a date, a time or an age'],
    [['--since', 'today', '--until', 'yesterday'], '--since'],
  ])('refuses %j', (args, problem) => {
    const read = readFlags(['--export', 'json', ...args], now);
    expect(read.ok ? '' : read.reason).toContain(problem);
  });
});
