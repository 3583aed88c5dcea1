import type { ReviewOrder } from '../../../domain/review/query.ts';
import { bytesIn, numberIn } from '../columns.ts';
import type { Engine } from '../engine.ts';
import { placeOf } from './lists.ts';
import { kindNumber } from './names.ts';
import { gathered } from './source.ts';

/**
 * Orders other than by time, over all records. Those that have nothing to sort by come last, whichever way
 * it goes; those that are alike are newest first.
 */

interface Parts {
  /** SELECTs of `id`; both walk an index, so a page needs no sorting. */
  readonly some: string;
  readonly none: string;
  /** What each row is sorted by, as a whole number, newest first. */
  readonly keys: string;
  /** Names by what they are sorted by; null where the keys are sorted by themselves. */
  readonly names: string | null;
  /** SELECT of the `value` one row is sorted by. */
  readonly one: string;
}

function parts({ by, descending }: ReviewOrder): Parts {
  const way = descending ? 'DESC' : 'ASC';
  const column = by === 'sharing' ? 'on_air' : by === 'time' ? 'id' : by;
  const none = `SELECT id FROM listing_numbers WHERE ${column} IS NULL ORDER BY listing_numbers.id DESC`;
  const keys = `SELECT ${column} AS key FROM listing_numbers ORDER BY listing_numbers.id DESC`;
  switch (by) {
    case 'peer':
    case 'queue':
    case 'code':
      return {
        some: `SELECT n.id AS id FROM listing_names AS name CROSS JOIN listing_numbers AS n ON n.${by} = name.id
          WHERE name.kind = ${kindNumber(by)} ORDER BY name.sort ${way}, n.id DESC`,
        none,
        keys,
        names: `SELECT id FROM listing_names WHERE kind = ${kindNumber(by)} ORDER BY sort`,
        one: `SELECT name.sort AS value FROM listing_numbers AS n LEFT JOIN listing_names AS name
          ON name.id = n.${by} WHERE n.id = ?`,
      };
    case 'time':
    case 'sharing':
    case 'length':
      return {
        some: `SELECT id FROM listing_numbers WHERE ${column} IS NOT NULL
          ORDER BY ${column} ${way}, listing_numbers.id DESC`,
        none,
        keys,
        names: null,
        one: `SELECT ${column} AS value FROM listing_numbers WHERE id = ?`,
      };
  }
}

/** A span of all records in that order. */
export function someInOrder(engine: Engine, order: ReviewOrder, from: number, count: number): number[] {
  const { some, none } = parts(order);
  const page = (select: string, skip: number, limit: number): number[] =>
    engine.all(`${select} LIMIT ? OFFSET ?`, limit, skip).map((row) => numberIn(row, 'id') ?? 0);
  const first = page(some, from, count);
  if (first.length === count) return first;
  const before = engine.first(`SELECT count(*) AS n FROM (${some})`);
  const skip = Math.max(0, from - (before ? (numberIn(before, 'n') ?? 0) : 0));
  return [...first, ...page(none, skip, count - first.length)];
}

/** All records in that order, as places in the list of them that is newest first: four bytes each. */
export function placesInOrder(engine: Engine, order: ReviewOrder): Uint32Array {
  const { keys: select, names } = parts(order);
  const keys = gathered(engine, select, 'key');
  if (names !== null) rank(keys, gathered(engine, names, 'id'));
  return sorted(keys, order.descending);
}

/** Each number of a name becomes where that name stands among all. */
function rank(keys: Float64Array, names: Float64Array): void {
  const ranks = new Map<number, number>();
  names.forEach((name, at) => ranks.set(name, at));
  keys.forEach((key, at) => {
    keys[at] = ranks.get(key) ?? Number.NaN;
  });
}

function sorted(keys: Float64Array, descending: boolean): Uint32Array {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const key of keys) {
    if (key < lowest) lowest = key;
    if (key > highest) highest = key;
  }
  const span = highest >= lowest ? highest - lowest + 1 : 0;
  const size = keys.length;
  const standing = (key: number): number =>
    Number.isNaN(key) ? span : descending ? highest - key : key - lowest;
  if ((span + 1) * size >= Number.MAX_SAFE_INTEGER) {
    return Uint32Array.from(keys.keys()).sort(
      (one, other) => standing(keys[one] ?? 0) - standing(keys[other] ?? 0) || one - other,
    );
  }
  // Key and place in one number: sorted without asking back, ten times as quick.
  const both = keys.map((key, at) => standing(key) * size + at).sort();
  const places = new Uint32Array(size);
  both.forEach((each, at) => {
    places[at] = each - Math.floor(each / size) * size;
  });
  return places;
}

type Value = number | Buffer | null;

function valueOf(engine: Engine, { one }: Parts, id: number): Value {
  const row = engine.first(one, id);
  if (!row || row['value'] === null) return null;
  return numberIn(row, 'value') ?? bytesIn(row, 'value');
}

function compareValues(one: Value, other: Value, descending: boolean): number {
  if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
  const up =
    typeof one === 'number' || typeof other === 'number'
      ? Number(one) - Number(other)
      : Buffer.compare(one, other);
  return descending ? -up : up;
}

/** An order put right after some rows changed. @param places of `before`; the answer is of `after` */
export function replaced(
  engine: Engine,
  order: ReviewOrder,
  places: Uint32Array,
  before: Float64Array,
  after: Float64Array,
  changed: readonly number[],
): Uint32Array {
  const result = new Uint32Array(after.length);
  let size = 0;
  const moved = movedTo(before, after, changed);
  for (const place of places) {
    const to = moved[place] ?? gone;
    if (to === gone) continue;
    result[size] = to;
    size += 1;
  }
  const about = parts(order);
  for (const id of changed) {
    const place = placeOf(after, id);
    if (after[place] !== id) continue;
    const value = valueOf(engine, about, id);
    let low = 0;
    let high = size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = after[result[middle] ?? 0] ?? 0;
      const ahead = compareValues(valueOf(engine, about, other), value, order.descending) || id - other;
      if (ahead < 0) low = middle + 1;
      else high = middle;
    }
    result.copyWithin(low + 1, low, size);
    result[low] = place;
    size += 1;
  }
  return result;
}

const gone = 2 ** 32 - 1;

/** Where each place of the list before is in the list after; those that changed are in neither. */
function movedTo(before: Float64Array, after: Float64Array, changed: readonly number[]): Uint32Array {
  const moved = new Uint32Array(before.length);
  let from = 0;
  let shift = 0;
  const moveUpTo = (end: number): void => {
    for (; from < end; from += 1) moved[from] = from + shift;
  };
  for (const id of [...changed].sort((one, other) => other - one)) {
    const place = placeOf(before, id);
    moveUpTo(place);
    if (before[place] === id) {
      moved[place] = gone;
      from = place + 1;
      shift -= 1;
    }
    if (after[placeOf(after, id)] === id) shift += 1;
  }
  moveUpTo(before.length);
  return moved;
}
