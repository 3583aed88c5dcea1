import type { ReviewQuery } from '../../../domain/review/query.ts';
import { bytesIn, numberIn } from '../columns.ts';
import type { Engine, Value } from '../engine.ts';
import { firstIdAt, numbersIn } from '../time-ids.ts';
import { matchOf } from './word-index.ts';

/**
 * The rows a query is about, as SQL over ids. The index of words goes first where it can say anything; its
 * rows come in the order of ids, either way and only as far as they are asked for. Values are cast because
 * the engine binds numbers as reals, which the index takes for no bound at all.
 */
export interface Source {
  /** `FROM … WHERE …`; to be followed by AND or ORDER BY. */
  readonly sql: string;
  readonly values: readonly Value[];
  /** The column that holds the id. */
  readonly id: string;
  /** Whether the rows have the columns of `listing_numbers`, as `n`. */
  readonly numbered: boolean;
}

/** Up to here sorting what an index finds is quicker than passing by what does not fit. */
const few = 5_000;

/** Whether hardly a record was shared that long. */
function isRare(engine: Engine, { compare, ms }: NonNullable<ReviewQuery['sharing']>): boolean {
  const row = engine.first(
    `SELECT count(*) AS n FROM (SELECT 1 FROM listing_numbers WHERE on_air ${compare} ? LIMIT ?)`,
    ms,
    few + 1,
  );
  return row !== undefined && (numberIn(row, 'n') ?? 0) <= few;
}

interface Shape {
  /** The columns of `listing_numbers` are wanted. */
  readonly numbers?: boolean;
  /** Only ids above this one. */
  readonly after?: number;
  /** Whichever order is the quickest. */
  readonly anyOrder?: boolean;
}

interface Conditions {
  readonly conditions: readonly string[];
  readonly values: readonly Value[];
}

/** What is asked of the time and the length, in SQL over these columns. */
export function conditionsOf({ since, until, sharing }: ReviewQuery, id: string, onAir: string): Conditions {
  const conditions: string[] = [];
  const values: Value[] = [];
  if (since !== null) {
    conditions.push(`${id} >= CAST(? AS INTEGER)`);
    values.push(firstIdAt(since));
  }
  if (until !== null) {
    conditions.push(`${id} < CAST(? AS INTEGER)`);
    values.push(firstIdAt(until));
  }
  if (sharing) {
    conditions.push(`${onAir} ${sharing.compare} ?`);
    values.push(sharing.ms);
  }
  return { conditions, values };
}

export function sourceOf(
  engine: Engine,
  query: ReviewQuery,
  { numbers = false, after, anyOrder = false }: Shape = {},
): Source {
  const match = matchOf(query);
  const numbered = match === null || numbers || query.sharing !== null;
  const id = match === null ? 'n.id' : 's.rowid';
  const conditions: string[] = [];
  const values: Value[] = [];
  if (match !== null) {
    conditions.push('listing_search MATCH ?');
    values.push(match);
  }
  if (after !== undefined) {
    conditions.push(`${id} > CAST(? AS INTEGER)`);
    values.push(after);
  }
  // A plus keeps SQLite from the column's index: then the rows come in the order of ids.
  const byIndex = match === null && query.sharing !== null && (anyOrder || isRare(engine, query.sharing));
  const narrowed = conditionsOf(query, id, byIndex ? 'n.on_air' : '+n.on_air');
  conditions.push(...narrowed.conditions);
  values.push(...narrowed.values);
  const tables =
    match === null
      ? 'listing_numbers AS n'
      : numbered
        ? 'listing_search AS s CROSS JOIN listing_numbers AS n ON n.id = s.rowid'
        : 'listing_search AS s';
  const sql = `FROM ${tables} WHERE ${conditions.length === 0 ? 'true' : conditions.join(' AND ')}`;
  return { sql, values, id, numbered };
}

/** A span of the ids in the order of time. */
export function someIds(
  engine: Engine,
  { sql, values, id }: Source,
  order: 'ASC' | 'DESC',
  from: number,
  count: number,
): number[] {
  return engine
    .all(`SELECT ${id} AS id ${sql} ORDER BY ${id} ${order} LIMIT ? OFFSET ?`, ...values, count, from)
    .map((row) => numberIn(row, 'id') ?? 0);
}

/** All the ids, newest first. */
export function allIds(engine: Engine, query: ReviewQuery): Float64Array {
  const { sql, values, id } = sourceOf(engine, query, { anyOrder: true });
  const ids = gathered(engine, `SELECT ${id} AS id ${sql}`, 'id', ...values);
  // From the table and the index of words they come in this order by themselves.
  const isRising = ids.every((each, at) => at === 0 || each > (ids[at - 1] ?? 0));
  return (isRising ? ids : ids.sort()).reverse();
}

/** A column of whole numbers that a SELECT answers, in its order. */
export function gathered(
  engine: Engine,
  select: string,
  column: string,
  ...values: readonly Value[]
): Float64Array {
  const row = engine.first(
    `SELECT CAST(json_group_array(${column}) AS BLOB) AS numbers FROM (${select})`,
    ...values,
  );
  return numbersIn(row ? bytesIn(row, 'numbers') : new Uint8Array(0));
}

/** Whether it is about more rows than `many`, as far as that can be said at once. */
export function isAboutMore(engine: Engine, query: ReviewQuery, many: number): boolean {
  // With words in it the length of each would have to be looked up.
  const quick = matchOf(query) === null ? query : { ...query, sharing: null };
  const { sql, values } = sourceOf(engine, quick, { anyOrder: true });
  const row = engine.first(`SELECT count(*) AS n FROM (SELECT 1 ${sql} LIMIT ?)`, ...values, many + 1);
  return row !== undefined && (numberIn(row, 'n') ?? 0) > many;
}

export function countRows(engine: Engine, { sql, values }: Source): number {
  const row = engine.first(`SELECT count(*) AS n ${sql}`, ...values);
  return row ? (numberIn(row, 'n') ?? 0) : 0;
}
