import type { ReviewQuery } from '../../../domain/review/query.ts';
import { bytesIn, numberIn } from '../columns.ts';
import type { Database, Value } from '../database.ts';
import { firstIdAt, idsIn } from './ids.ts';
import { matchOf } from './search.ts';

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
function isRare(database: Database, { compare, ms }: NonNullable<ReviewQuery['sharing']>): boolean {
  const row = database.first(
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
}

export function sourceOf(
  database: Database,
  query: ReviewQuery,
  { numbers = false, after }: Shape = {},
): Source {
  const match = matchOf(query);
  const numbered = match === null || numbers || query.sharing !== null;
  const id = match === null ? 'n.id' : 's.rowid';
  const conditions: string[] = [];
  const values: Value[] = [];
  const where = (condition: string, value: Value): void => {
    conditions.push(condition);
    values.push(value);
  };
  if (match !== null) where('listing_search MATCH ?', match);
  if (query.since !== null) where(`${id} >= CAST(? AS INTEGER)`, firstIdAt(query.since));
  if (query.until !== null) where(`${id} < CAST(? AS INTEGER)`, firstIdAt(query.until));
  if (after !== undefined) where(`${id} > CAST(? AS INTEGER)`, after);
  if (query.sharing) {
    // A plus keeps SQLite from the column's index: then the rows come in the order of ids.
    const column = match === null && isRare(database, query.sharing) ? 'n.on_air' : '+n.on_air';
    where(`${column} ${query.sharing.compare} ?`, query.sharing.ms);
  }
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
  database: Database,
  { sql, values, id }: Source,
  order: 'ASC' | 'DESC',
  from: number,
  count: number,
): number[] {
  return database
    .all(`SELECT ${id} AS id ${sql} ORDER BY ${id} ${order} LIMIT ? OFFSET ?`, ...values, count, from)
    .map((row) => numberIn(row, 'id') ?? 0);
}

/** All the ids, newest first. */
export function allIds(database: Database, { sql, values, id }: Source): Float64Array {
  return gathered(database, `SELECT ${id} AS id ${sql} ORDER BY ${id} DESC`, ...values);
}

/** The ids a SELECT answers, in its order. */
export function gathered(database: Database, select: string, ...values: readonly Value[]): Float64Array {
  const row = database.first(`SELECT CAST(json_group_array(id) AS BLOB) AS ids FROM (${select})`, ...values);
  return idsIn(row ? bytesIn(row, 'ids') : new Uint8Array(0));
}

export function countRows(database: Database, { sql, values }: Source): number {
  const row = database.first(`SELECT count(*) AS n ${sql}`, ...values);
  return row ? (numberIn(row, 'n') ?? 0) : 0;
}
