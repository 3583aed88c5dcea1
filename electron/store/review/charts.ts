import { z } from 'zod';
import type { Figure, FigureKind } from '../../../domain/review/chart-figures.ts';
import type { ReviewQuery } from '../../../domain/review/query.ts';
import { numberIn, textIn } from '../columns.ts';
import type { Engine, Row } from '../engine.ts';
import { beginningOf, dateOf, nextBeginning, type Calendar } from './days.ts';
import { endOfIds, firstIdAt, momentOf } from '../time-ids.ts';
import { namesOf } from './names.ts';
import { sourceOf, type Source } from './source.ts';
import { unreachable } from '../../../domain/toolbox/result.ts';

type Sums = Omit<Figure, 'name'>;

const sumColumns = ['count(*)', 'total(n.missed)', 'total(n.on_air)', 'total(n.work)'] as const;
const [shares, missed, onAir, work] = sumColumns;
const sums = `${shares} AS shares, ${missed} AS missed, ${onAir} AS on_air, ${work} AS work`;
const sumsSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);

function sumsIn(row: Row): Sums {
  return {
    shares: numberIn(row, 'shares') ?? 0,
    missed: numberIn(row, 'missed') ?? 0,
    onAirMs: numberIn(row, 'on_air') ?? 0,
    workMs: numberIn(row, 'work') ?? 0,
  };
}

function added(one: Sums, other: Sums): Sums {
  return {
    shares: one.shares + other.shares,
    missed: one.missed + other.missed,
    onAirMs: one.onAirMs + other.onAirMs,
    workMs: one.workMs + other.workMs,
  };
}

/** The first and the last moment of a query, epoch ms; null where nothing is found. */
function spanOf(engine: Engine, { sql, values, id }: Source): readonly [number, number] | null {
  // Two statements: SQLite finds either end by itself from an index, but not both at once.
  const [first, last] = (['ASC', 'DESC'] as const).map((way) =>
    engine.first(`SELECT ${id} AS id ${sql} ORDER BY ${id} ${way} LIMIT 1`, ...values),
  );
  if (!first || !last) return null;
  return [momentOf(numberIn(first, 'id') ?? 0), momentOf(numberIn(last, 'id') ?? 0)];
}

/** Where nothing is looked for by word: one range of rows for each day, without sorting. */
function byRanges(engine: Engine, source: Source, calendar: Calendar): Figure[] {
  const span = spanOf(engine, source);
  if (!span) return [];
  const bounds: number[] = [];
  for (let at = beginningOf(calendar, span[0]); at <= span[1]; at = nextBeginning(calendar, at)) {
    bounds.push(at);
  }
  const ranges = bounds.map((from, index) => [
    firstIdAt(from),
    index + 1 < bounds.length ? firstIdAt(bounds[index + 1] ?? 0) : endOfIds,
  ]);
  // A subquery for each, because grouping would sort a million rows that are in order already.
  const rows = engine.all(
    `SELECT range.key AS range, CAST((
       SELECT json_array(${sumColumns.join(', ')})
       ${source.sql} AND n.id >= (range.value ->> 0) AND n.id < (range.value ->> 1)
     ) AS BLOB) AS sums FROM json_each(?) AS range`,
    ...source.values,
    JSON.stringify(ranges),
  );
  return rows.flatMap((row) => {
    const [shares, missed, onAirMs, workMs] = sumsSchema.parse(JSON.parse(textIn(row, 'sums')));
    const name = dateOf(bounds[numberIn(row, 'range') ?? 0] ?? 0);
    return shares === 0 ? [] : [{ name, shares, missed, onAirMs, workMs }];
  });
}

/** Every time zone in use is a whole number of these away from the others. */
const quarterMs = 15 * 60_000;

/** Where the index of words leads: by quarters of an hour, and those by days. */
function byQuarters(engine: Engine, { sql, values, id }: Source, calendar: Calendar): Figure[] {
  const rows = engine.all(
    `SELECT ${id} / ${firstIdAt(quarterMs)} AS quarter, ${sums} ${sql} GROUP BY quarter ORDER BY quarter`,
    ...values,
  );
  const days = new Map<string, Sums>();
  for (const row of rows) {
    const name = dateOf(beginningOf(calendar, (numberIn(row, 'quarter') ?? 0) * quarterMs));
    const before = days.get(name);
    days.set(name, before ? added(before, sumsIn(row)) : sumsIn(row));
  }
  return [...days].map(([name, day]) => ({ name, ...day }));
}

function byName(engine: Engine, { sql, values }: Source, kind: 'queue' | 'code'): Figure[] {
  const names = namesOf(engine, kind);
  return engine
    .all(`SELECT n.${kind} AS name, ${sums} ${sql} GROUP BY n.${kind}`, ...values)
    .map((row) => ({ name: names.get(numberIn(row, 'name') ?? 0) ?? '', ...sumsIn(row) }))
    .sort((one, other) => other.shares - one.shares || (one.name < other.name ? -1 : 1));
}

/** See `Review.figures`. Rows without a line that is up to date are not in it yet. */
export function figuresOf(engine: Engine, query: ReviewQuery, by: FigureKind): Figure[] {
  const source = sourceOf(engine, query, { numbers: true });
  switch (by) {
    case 'day':
    case 'week':
      return source.id === 'n.id' ? byRanges(engine, source, by) : byQuarters(engine, source, by);
    case 'queue':
    case 'code':
      return byName(engine, source, by);
    default:
      return unreachable(by);
  }
}
