import { everything, type ReviewOrder, type ReviewQuery } from '../../../domain/review/query.ts';
import type { Engine } from '../engine.ts';
import { changedSince, revisionOf } from './changes.ts';
import { fitting } from './fitting.ts';
import { Kept } from './kept.ts';
import { patched, spanAmong } from './lists.ts';
import { placesInOrder, replaced, someInOrder } from './orders.ts';
import { matchOf } from './word-index.ts';
import { allIds, countRows, isAboutMore, someIds, sourceOf } from './source.ts';

/**
 * Where the records of a query are. The first pages come from an index as they are asked for. Whoever goes
 * further down, or sorts what was found, gets all ids at once: so every place is as near as the next. A list
 * that was gathered is put right after a change of the listing, not gathered anew.
 */

export interface Limits {
  /** Up to here counting rows off is quicker than gathering all of them. */
  readonly shallow: number;
  /** So many are gathered while somebody types; of more, the page is looked for along the order first. */
  readonly many: number;
  /** So many rows are looked at along an order until what is found is gathered after all. */
  readonly looked: number;
}
const usual: Limits = { shallow: 2_000, many: 30_000, looked: 750 };
const lookedAtOnce = 250;
/** Lists kept: of the query somebody looks at, and of those they came from. */
const keptLists = 3;
const keptCounts = 16;

interface Found {
  readonly query: ReviewQuery;
  /** Newest first. */
  readonly ids: Float64Array;
}

interface InOrder {
  readonly order: ReviewOrder;
  /** In the list of everything. */
  readonly places: Uint32Array;
}

export class Results {
  readonly #engine: Engine;
  readonly #limits: Limits;
  #revision = -1;
  /** All records, newest first, once somebody needed that. */
  #all: Float64Array | null = null;
  readonly #found = new Kept<Found>(keptLists);
  readonly #orders = new Kept<InOrder>(keptLists);
  readonly #counts = new Kept<number>(keptCounts);

  constructor(engine: Engine, limits = usual) {
    this.#engine = engine;
    this.#limits = limits;
  }

  /** Ids of the rows from position `from` on. To be called inside a snapshot, like everything here. */
  span(query: ReviewQuery, order: ReviewOrder, from: number, count: number): readonly number[] {
    this.#refresh();
    const isShallow = from + count <= this.#limits.shallow;
    if (order.by === 'time') return this.#inTime(query, order.descending, from, count, isShallow);
    if (isAll(query)) {
      const known = this.#orders.peek(nameOfOrder(order));
      if (!known && isShallow) return someInOrder(this.#engine, order, from, count);
      const all = this.#everything();
      return Array.from(this.#places(order).subarray(from, from + count), (place) => all[place] ?? 0);
    }
    const known = this.#known(query);
    if (!known && isShallow && isAboutMore(this.#engine, query, this.#limits.many)) {
      const page = this.#alongOrder(query, order, from, count);
      if (page) return page;
    }
    return spanAmong(this.#everything(), this.#places(order), known ?? this.#ids(query), from, count);
  }

  count(query: ReviewQuery): number {
    this.#refresh();
    return (
      this.#known(query)?.length ??
      this.#counts.get(nameOf(query), () => countRows(this.#engine, sourceOf(this.#engine, query)))
    );
  }

  #inTime(
    query: ReviewQuery,
    descending: boolean,
    from: number,
    count: number,
    isShallow: boolean,
  ): readonly number[] {
    const known = this.#known(query);
    if (!known && isShallow) {
      const source = sourceOf(this.#engine, query);
      return someIds(this.#engine, source, descending ? 'DESC' : 'ASC', from, count);
    }
    const ids = known ?? this.#ids(query);
    if (descending) return [...ids.subarray(from, from + count)];
    const end = Math.max(0, ids.length - from);
    return [...ids.subarray(Math.max(0, end - count), end)].reverse();
  }

  /** Looks at the rows as they come in that order until the page is full; null when that takes too long. */
  #alongOrder(query: ReviewQuery, order: ReviewOrder, from: number, count: number): number[] | null {
    const found: number[] = [];
    for (let at = 0; at < this.#limits.looked; at += lookedAtOnce) {
      const rows = this.span(everything, order, at, lookedAtOnce);
      found.push(...fitting(this.#engine, query, rows));
      if (found.length >= from + count) return found.slice(from, from + count);
      if (rows.length < lookedAtOnce) return found.slice(from);
    }
    return null;
  }

  #ids(query: ReviewQuery): Float64Array {
    if (isAll(query)) return this.#everything();
    return this.#found.get(nameOf(query), () => ({ query, ids: this.#gather(query) })).ids;
  }

  /** What is held already; and what hardly a record was shared that long for, which is had at once. */
  #known(query: ReviewQuery): Float64Array | null {
    if (isAll(query)) return this.#all;
    return this.#found.peek(nameOf(query))?.ids ?? (this.#isFewLong(query) ? this.#ids(query) : null);
  }

  #gather(query: ReviewQuery): Float64Array {
    if (!this.#isFewLong(query)) return allIds(this.#engine, query);
    const long = allIds(this.#engine, longOf(query));
    return Float64Array.from(fitting(this.#engine, query, [...long]));
  }

  /** Then the words of each are read; else the length of each with those words would have to be looked up. */
  #isFewLong(query: ReviewQuery): boolean {
    if (query.sharing === null || matchOf(query) === null) return false;
    return !isAboutMore(this.#engine, longOf(query), this.#limits.looked);
  }

  #everything(): Float64Array {
    this.#all ??= allIds(this.#engine, everything);
    return this.#all;
  }

  #places(order: ReviewOrder): Uint32Array {
    const make = (): InOrder => ({ order, places: placesInOrder(this.#engine, order) });
    return this.#orders.get(nameOfOrder(order), make).places;
  }

  /** Puts right what is held, where it is known what changed since. */
  #refresh(): void {
    const revision = revisionOf(this.#engine);
    if (revision === this.#revision) return;
    const changed = changedSince(this.#engine, this.#revision, revision);
    this.#revision = revision;
    this.#counts.clear();
    if (!changed) {
      this.#all = null;
      this.#found.clear();
      this.#orders.clear();
      return;
    }
    const present = (query: ReviewQuery): ReadonlySet<number> =>
      new Set(fitting(this.#engine, query, changed));
    this.#found.replace(({ query, ids }) => ({ query, ids: patched(ids, changed, present(query)) }));
    const before = this.#all;
    if (!before) return;
    const after = patched(before, changed, present(everything));
    this.#all = after;
    this.#orders.replace(({ order, places }) => ({
      order,
      places: replaced(this.#engine, order, places, before, after, changed),
    }));
  }
}

const nameOfOrder = ({ by, descending }: ReviewOrder): string => `${by} ${descending}`;

/** The same for queries that ask the same. */
function nameOf(query: ReviewQuery): string {
  const { words, code, queue, since, until, role, missed, sharing, wrapup } = query;
  const sharingText = sharing && [sharing.compare, sharing.ms];
  return JSON.stringify([words, code, queue, since, until, role, missed, sharingText, wrapup]);
}

/** The part of a query that is about time and length. */
const longOf = ({ since, until, sharing }: ReviewQuery): ReviewQuery => ({
  ...everything,
  since,
  until,
  sharing,
});

const nameOfAll = nameOf(everything);
const isAll = (query: ReviewQuery): boolean => nameOf(query) === nameOfAll;
