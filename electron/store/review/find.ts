import type { ExportedRecord } from '../../../domain/exported-record.ts';
import { mostBehind, type ListingPage } from '../../../domain/review/record-listing.ts';
import type { ReviewOrder, ReviewQuery } from '../../../domain/review/query.ts';
import { textIn, asBytes } from '../columns.ts';
import type { Engine } from '../engine.ts';
import { exportedRecord, unlessDamaged } from '../records.ts';
import { noteDamaged } from './damaged.ts';
import { linesOf } from './listing.ts';
import { Results } from './results.ts';
import { someIds, sourceOf } from './source.ts';
import { countUnlisted } from './unlisted.ts';

/** What an open connection has found so far goes with it. */
const resultsOf = new WeakMap<Engine, Results>();

function results(engine: Engine): Results {
  const known = resultsOf.get(engine);
  if (known) return known;
  const fresh = new Results(engine);
  resultsOf.set(engine, fresh);
  return fresh;
}

/** See `Review.find`. */
export function find(
  engine: Engine,
  query: ReviewQuery,
  order: ReviewOrder,
  from: number,
  count: number,
): ListingPage {
  return engine.snapshot(() => {
    const ids = results(engine).span(query, order, from, count);
    const lines = linesOf(engine, ids, (id) => noteDamaged(engine, id));
    return { from, lines, behind: countUnlisted(engine, mostBehind) };
  });
}

/** See `Review.count`. */
export function count(engine: Engine, query: ReviewQuery): number {
  return engine.snapshot(() => results(engine).count(query));
}

export interface FoundPage {
  readonly records: readonly ExportedRecord[];
  /** How many more there were that are damaged. */
  readonly unread: number;
  /** Id to go on after; null at the end. */
  readonly next: number | null;
}

/** What was found, in the order it happened, a page at a time. `after`: 0 at first. */
export function pageOfFound(engine: Engine, query: ReviewQuery, after: number, limit: number): FoundPage {
  return engine.snapshot(() => {
    const source = sourceOf(engine, query, { after: after - 1 });
    const ids = someIds(engine, source, 'ASC', 0, limit);
    const last = ids.at(-1);
    // A line goes with its record: one that leads to none is damaged.
    const records = keysOf(engine, ids).flatMap(
      (key) => unlessDamaged(() => exportedRecord(engine, key)) ?? [],
    );
    return {
      records,
      unread: ids.length - records.length,
      next: last !== undefined && ids.length === limit ? last + 1 : null,
    };
  });
}

/** In the order of ids. */
function keysOf(engine: Engine, ids: readonly number[]): string[] {
  return engine
    .all(
      `SELECT ${asBytes('key')} FROM listing WHERE id IN (SELECT value FROM json_each(?)) ORDER BY listing.id`,
      JSON.stringify(ids),
    )
    .map((row) => textIn(row, 'key'));
}
