import type { ExportedRecord } from '../../../domain/exported-record.ts';
import { mostBehind, shortenedListing, type ListingPage } from '../../../domain/review/record-listing.ts';
import type { ReviewOrder, ReviewQuery } from '../../../domain/review/query.ts';
import { numberIn, type Engine, type Value } from '../engine.ts';
import { exportedRecord, unlessDamaged } from '../records.ts';
import { idsBetween, momentOf } from '../time-ids.ts';
import { linesOf } from './listing.ts';
import { countBehind } from './listing-table.ts';
import { matchOf } from './word-index.ts';

/** Which records a query is about, in plain SQL over `listing` and its index of words. */

/** `FROM … WHERE …`, to be followed by AND, GROUP BY or ORDER BY. */
export interface Source {
  readonly sql: string;
  readonly values: readonly Value[];
  /** The column that holds the id, and what a list in order of time is sorted by. */
  readonly id: string;
  readonly time: (way: 'ASC' | 'DESC') => string;
}

export type ListingIndex = 'time' | 'peer' | 'queue' | 'code' | 'on_air' | 'length';

const matches = 'listing_search MATCH ?';
// The engine binds numbers as reals, which the index of words takes for no bound at all.
const number = 'CAST(? AS INTEGER)';

function sharingOf({ sharing }: ReviewQuery): { readonly sql: string; readonly values: readonly Value[] } {
  return sharing
    ? { sql: ` AND n.on_air ${sharing.compare} ?`, values: [sharing.ms] }
    : { sql: '', values: [] };
}

/** The index of words leads: its rows come in the order of ids, and only as far as they are asked for. */
function ledByWords(query: ReviewQuery, match: string, joined: boolean): Source {
  const { from, to } = idsBetween(query.since, query.until);
  const sharing = sharingOf(query);
  const tables = joined
    ? 'listing_search AS s CROSS JOIN listing AS n ON n.id = s.rowid'
    : 'listing_search AS s';
  return {
    sql: `FROM ${tables} WHERE ${matches} AND s.rowid >= ${number} AND s.rowid < ${number}${sharing.sql}`,
    values: [match, from, to, ...sharing.values],
    id: 's.rowid',
    time: (way) => `s.rowid ${way}`,
  };
}

/** See `quarter` in migration 010. */
const idsPerQuarter = 15 * 60_000 * 1024;

/** An index of the listing leads; what the words find is looked up in. */
export function ledByIndex(query: ReviewQuery, index: ListingIndex): Source {
  const { from, to } = idsBetween(query.since, query.until);
  const sharing = sharingOf(query);
  const match = matchOf(query);
  const found = match === null ? '' : ` AND n.id IN (SELECT rowid FROM listing_search WHERE ${matches})`;
  const quarters = index === 'time' ? [from, to].map((id) => Math.floor(id / idsPerQuarter)) : [];
  const inQuarters = index === 'time' ? ` AND n.quarter >= ${number} AND n.quarter <= ${number}` : '';
  return {
    sql: `FROM listing AS n INDEXED BY listing_by_${index}
      WHERE n.id >= ${number} AND n.id < ${number}${inQuarters}${sharing.sql}${found}`,
    values: [from, to, ...quarters, ...sharing.values, ...(match === null ? [] : [match])],
    id: 'n.id',
    time: (way) => `n.quarter ${way}, n.id ${way}`,
  };
}

/** Up to so many found rows are sorted; of more, the order is walked until the page is full. */
const fewRows = 2_000;

/** The rows of a query for a list in this order. */
function sourceFor(engine: Engine, query: ReviewQuery, index: ListingIndex, few: number): Source {
  const match = matchOf(query);
  if (match === null) return ledByIndex(query, index);
  if (index === 'time' && query.sharing === null) return ledByWords(query, match, false);
  const row = engine.first(
    `SELECT count(*) AS n FROM (SELECT 1 FROM listing_search WHERE ${matches} LIMIT ?)`,
    match,
    few + 1,
  );
  const isFew = row !== undefined && (numberIn(row, 'n') ?? 0) <= few;
  return isFew ? ledByWords(query, match, true) : ledByIndex(query, index);
}

function countOf(engine: Engine, { sql, values }: Source, where = ''): number {
  const row = engine.first(`SELECT count(*) AS n ${sql} ${where}`, ...values);
  return row ? (numberIn(row, 'n') ?? 0) : 0;
}

/** Those that have nothing to sort by come last, whichever way it goes; those that are alike are newest first. */
export function idsOf(
  engine: Engine,
  query: ReviewQuery,
  order: ReviewOrder,
  { from, count, few = fewRows }: { readonly from: number; readonly count: number; readonly few?: number },
): number[] {
  const index = order.by === 'sharing' ? 'on_air' : order.by;
  const source = sourceFor(engine, query, index, few);
  const way = order.descending ? 'DESC' : 'ASC';
  const page = (rest: string, skip: number, limit: number): number[] =>
    engine
      .all(`SELECT ${source.id} AS id ${source.sql} ${rest} LIMIT ? OFFSET ?`, ...source.values, limit, skip)
      .map((row) => numberIn(row, 'id') ?? 0);
  if (index === 'time') return page(`ORDER BY ${source.time(way)}`, from, count);
  const some = `AND n.${index} IS NOT NULL`;
  const first = page(`${some} ORDER BY n.${index} ${way}, n.id DESC`, from, count);
  if (first.length === count) return first;
  const skip = Math.max(0, from - countOf(engine, source, some));
  return [...first, ...page(`AND n.${index} IS NULL ORDER BY n.id DESC`, skip, count - first.length)];
}

/** See `Review.find`. */
export function find(
  engine: Engine,
  query: ReviewQuery,
  order: ReviewOrder,
  from: number,
  count: number,
): ListingPage {
  return engine.readTransaction(() => {
    const lines = linesOf(engine, idsOf(engine, query, order, { from, count }));
    return { from, lines: lines.map(shortenedListing), behind: countBehind(engine, mostBehind) };
  });
}

/** See `Review.count`. */
export function count(engine: Engine, query: ReviewQuery, few = fewRows): number {
  return engine.readTransaction(() => countOf(engine, sourceFor(engine, query, 'time', few)));
}

export interface FoundPage {
  readonly records: readonly ExportedRecord[];
  /** How many more there were that are damaged. */
  readonly unread: number;
  /** Id to go on after; null at the end. */
  readonly next: number | null;
}

/** Ids of what was found, in the order it happened, a page at a time. `after`: -1 at first. */
export function pageOfIds(engine: Engine, query: ReviewQuery, after: number, limit: number): number[] {
  // What is behind the page is not walked again.
  const since = after < 0 ? query.since : Math.max(query.since ?? 0, momentOf(after));
  const { sql, values, id, time } = sourceFor(engine, { ...query, since }, 'time', fewRows);
  const page = `SELECT ${id} AS id ${sql} AND ${id} > ${number} ORDER BY ${time('ASC')} LIMIT ?`;
  return engine.all(page, ...values, after, limit).map((row) => numberIn(row, 'id') ?? 0);
}

/** See `pageOfIds`. */
export function pageOfFound(engine: Engine, query: ReviewQuery, after: number, limit: number): FoundPage {
  return engine.readTransaction(() => {
    const ids = pageOfIds(engine, query, after, limit);
    const records = ids.flatMap((each) => unlessDamaged(() => exportedRecord(engine, each)) ?? []);
    return {
      records,
      unread: ids.length - records.length,
      next: ids.length === limit ? (ids.at(-1) ?? null) : null,
    };
  });
}
