import type { ExportedRecord } from '../../../domain/record.ts';
import { mostBehind, type ListingPage } from '../../../domain/review/listing.ts';
import type { ReviewOrder, ReviewQuery } from '../../../domain/review/query.ts';
import { textIn, asBytes } from '../columns.ts';
import type { Database } from '../engine.ts';
import { exportedRecord, unlessDamaged } from '../records.ts';
import { noteDamaged } from './damaged.ts';
import { linesOf } from './listing.ts';
import { Results } from './results.ts';
import { someIds, sourceOf } from './source.ts';
import { countUnlisted } from './unlisted.ts';

/** What an open connection has found so far goes with it. */
const resultsOf = new WeakMap<Database, Results>();

function results(database: Database): Results {
  const known = resultsOf.get(database);
  if (known) return known;
  const fresh = new Results(database);
  resultsOf.set(database, fresh);
  return fresh;
}

/** See `Review.find`. */
export function find(
  database: Database,
  query: ReviewQuery,
  order: ReviewOrder,
  from: number,
  count: number,
): ListingPage {
  return database.snapshot(() => {
    const ids = results(database).span(query, order, from, count);
    const lines = linesOf(database, ids, (id) => noteDamaged(database, id));
    return { from, lines, behind: countUnlisted(database, mostBehind) };
  });
}

/** See `Review.count`. */
export function count(database: Database, query: ReviewQuery): number {
  return database.snapshot(() => results(database).count(query));
}

export interface FoundPage {
  readonly records: readonly ExportedRecord[];
  /** How many more there were that are damaged. */
  readonly unread: number;
  /** Id to go on after; null at the end. */
  readonly next: number | null;
}

/** What was found, in the order it happened, a page at a time. `after`: 0 at first. */
export function pageOfFound(database: Database, query: ReviewQuery, after: number, limit: number): FoundPage {
  return database.snapshot(() => {
    const source = sourceOf(database, query, { after: after - 1 });
    const ids = someIds(database, source, 'ASC', 0, limit);
    const last = ids.at(-1);
    // A line goes with its record: one that leads to none is damaged.
    const records = keysOf(database, ids).flatMap(
      (key) => unlessDamaged(() => exportedRecord(database, key)) ?? [],
    );
    return {
      records,
      unread: ids.length - records.length,
      next: last !== undefined && ids.length === limit ? last + 1 : null,
    };
  });
}

/** In the order of ids. */
function keysOf(database: Database, ids: readonly number[]): string[] {
  return database
    .all(
      `SELECT ${asBytes('key')} FROM listing WHERE id IN (SELECT value FROM json_each(?)) ORDER BY listing.id`,
      JSON.stringify(ids),
    )
    .map((row) => textIn(row, 'key'));
}
