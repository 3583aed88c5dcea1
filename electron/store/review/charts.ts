import type { Figure, FigureKind } from '../../../domain/review/chart-figures.ts';
import type { ReviewQuery } from '../../../domain/review/query.ts';
import { unreachable } from '../../../domain/toolbox/result.ts';
import { bytesIn, numberIn, textIn, type Engine } from '../engine.ts';
import { ledByIndex } from './find.ts';
import { codeFrom, nameFrom } from './listing.ts';

type Calendar = 'day' | 'week';
type Sums = Omit<Figure, 'name'>;

const sumColumns =
  'count(*) AS shares, total(n.missed) AS missed, total(n.timed_out) AS timed_out, total(n.on_air) AS on_air, total(n.work) AS work';

/** Epoch ms of the beginning of the day, or of the week's Monday, that a moment is in; `later`: of one so many after. */
function beginningOf(calendar: Calendar, ms: number, later = 0): number {
  const date = new Date(ms);
  const since = calendar === 'day' ? 0 : (date.getDay() + 6) % 7;
  const days = later * (calendar === 'day' ? 1 : 7) - since;
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/** `2026-11-23`. */
function dateOf(ms: number): string {
  const date = new Date(ms);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function added(one: Sums, other: Sums): Sums {
  return {
    shares: one.shares + other.shares,
    missed: one.missed + other.missed,
    timedOut: one.timedOut + other.timedOut,
    onAirMs: one.onAirMs + other.onAirMs,
    workMs: one.workMs + other.workMs,
  };
}

const quarterMs = 15 * 60_000;
type Quarter = readonly [
  quarter: number,
  shares: number,
  missed: number,
  timedOut: number,
  onAirMs: number,
  workMs: number,
];

// Tens of thousands of rows: a schema took longer than summing them.
function isQuarter(row: unknown): row is Quarter {
  return Array.isArray(row) && row.length === 6 && row.every((each) => typeof each === 'number');
}
function quartersIn(text: string): readonly Quarter[] {
  const rows: unknown = JSON.parse(text);
  if (Array.isArray(rows) && rows.every(isQuarter)) return rows;
  throw new TypeError('The sums of the quarters are not numbers.');
}

/** By quarters of an hour, of which every time zone in use is a whole number away from the others. */
function quartersOf(engine: Engine, query: ReviewQuery): readonly Quarter[] {
  const { sql, values } = ledByIndex(query, 'time');
  // One text: tens of thousands of rows would take longer to hand over than to sum.
  const row = engine.first(
    `SELECT CAST(json_group_array(json_array(quarter, shares, missed, timed_out, on_air, work)) AS BLOB) AS quarters
     FROM (SELECT n.quarter AS quarter, ${sumColumns} ${sql} GROUP BY n.quarter)`,
    ...values,
  );
  return quartersIn(row ? textIn(row, 'quarters') : '[]');
}

const sumsOf = ([, shares, missed, timedOut, onAirMs, workMs]: Quarter): Sums => ({
  shares,
  missed,
  timedOut,
  onAirMs,
  workMs,
});

/** Put together to days by this machine's calendar: one that changes the clocks has 23 or 25 hours. */
function byCalendar(engine: Engine, query: ReviewQuery, calendar: Calendar): Figure[] {
  const bars: { at: number; end: number; sums: Sums }[] = [];
  for (const quarter of quartersOf(engine, query)) {
    const ms = quarter[0] * quarterMs;
    const last = bars.at(-1);
    if (last && ms < last.end) last.sums = added(last.sums, sumsOf(quarter));
    else
      bars.push({ at: beginningOf(calendar, ms), end: beginningOf(calendar, ms, 1), sums: sumsOf(quarter) });
  }
  return bars.map(({ at, sums }) => ({ name: dateOf(at), ...sums }));
}

/** By the hour of the day, of one day or of all that are found. */
function byHour(engine: Engine, query: ReviewQuery): Figure[] {
  const hours = new Map<number, Sums>();
  for (const quarter of quartersOf(engine, query)) {
    const hour = new Date(quarter[0] * quarterMs).getHours();
    const known = hours.get(hour);
    hours.set(hour, known ? added(known, sumsOf(quarter)) : sumsOf(quarter));
  }
  return [...hours]
    .sort(([one], [other]) => one - other)
    .map(([hour, sums]) => ({ name: String(hour).padStart(2, '0'), ...sums }));
}

function byName(engine: Engine, query: ReviewQuery, kind: 'queue' | 'code'): Figure[] {
  const { sql, values } = ledByIndex(query, kind);
  const named = (sort: Buffer): Pick<Figure, 'name' | 'code'> =>
    kind === 'code' ? codeFrom(sort) : { name: nameFrom(sort) };
  return engine
    .all(`SELECT n.${kind} AS name, ${sumColumns} ${sql} GROUP BY n.${kind}`, ...values)
    .map((row) => ({
      ...(row['name'] === null ? { name: '' } : named(bytesIn(row, 'name'))),
      shares: numberIn(row, 'shares') ?? 0,
      missed: numberIn(row, 'missed') ?? 0,
      timedOut: numberIn(row, 'timed_out') ?? 0,
      onAirMs: numberIn(row, 'on_air') ?? 0,
      workMs: numberIn(row, 'work') ?? 0,
    }))
    .reduce(withOnePerCode, [])
    .sort((one, other) => other.shares - one.shares || (one.name < other.name ? -1 : 1));
}

/** Where no list has a code, some records may have its name and others not. */
function withOnePerCode(figures: readonly Figure[], figure: Figure): Figure[] {
  const same = figures.find(({ code }) => code !== undefined && code === figure.code);
  if (!same) return [...figures, figure];
  const name = same.name === same.code ? figure.name : same.name;
  return figures.map((each) => (each === same ? { ...same, ...added(same, figure), name } : each));
}

/** See `Review.figures`. Records whose line is behind are in it as they were. */
export function figuresOf(engine: Engine, query: ReviewQuery, by: FigureKind): Figure[] {
  switch (by) {
    case 'hour':
      return byHour(engine, query);
    case 'day':
    case 'week':
      return byCalendar(engine, query, by);
    case 'queue':
    case 'code':
      return byName(engine, query, by);
    default:
      return unreachable(by);
  }
}
