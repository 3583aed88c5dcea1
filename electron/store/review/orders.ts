import type { ReviewOrder } from '../../../domain/review/query.ts';
import { numberIn } from '../columns.ts';
import type { Database } from '../database.ts';
import { kindNumber } from './names.ts';
import { gathered } from './source.ts';

/**
 * Orders other than by time, over all records. Those that have nothing to sort by come last, whichever way
 * it goes; those that are alike are newest first. Both parts walk an index, so a page needs no sorting.
 */

interface Parts {
  /** SELECTs of `id`. */
  readonly some: string;
  readonly none: string;
}

function parts({ by, descending }: ReviewOrder): Parts {
  const way = descending ? 'DESC' : 'ASC';
  const without = (column: string): string =>
    `SELECT id FROM listing_numbers WHERE ${column} IS NULL ORDER BY listing_numbers.id DESC`;
  switch (by) {
    case 'time':
      return {
        some: `SELECT id FROM listing_numbers ORDER BY listing_numbers.id ${way}`,
        none: 'SELECT id FROM listing_numbers WHERE false',
      };
    case 'peer':
    case 'queue':
    case 'code':
      return {
        some: `SELECT n.id AS id FROM listing_names AS name CROSS JOIN listing_numbers AS n ON n.${by} = name.id
          WHERE name.kind = ${kindNumber(by)} ORDER BY name.sort ${way}, n.id DESC`,
        none: without(by),
      };
    case 'sharing':
    case 'length': {
      const column = by === 'sharing' ? 'on_air' : 'length';
      return {
        some: `SELECT id FROM listing_numbers WHERE ${column} IS NOT NULL
          ORDER BY ${column} ${way}, listing_numbers.id DESC`,
        none: without(column),
      };
    }
  }
}

/** A span of all records in that order. */
export function someInOrder(database: Database, order: ReviewOrder, from: number, count: number): number[] {
  const { some, none } = parts(order);
  const page = (select: string, skip: number, limit: number): number[] =>
    database.all(`${select} LIMIT ? OFFSET ?`, limit, skip).map((row) => numberIn(row, 'id') ?? 0);
  const first = page(some, from, count);
  if (first.length === count) return first;
  const before = database.first(`SELECT count(*) AS n FROM (${some})`);
  const skip = Math.max(0, from - (before ? (numberIn(before, 'n') ?? 0) : 0));
  return [...first, ...page(none, skip, count - first.length)];
}

/** All records in that order. */
export function allInOrder(database: Database, order: ReviewOrder): Float64Array {
  const { some, none } = parts(order);
  const first = gathered(database, some);
  const rest = gathered(database, none);
  const ids = new Float64Array(first.length + rest.length);
  ids.set(first);
  ids.set(rest, first.length);
  return ids;
}
