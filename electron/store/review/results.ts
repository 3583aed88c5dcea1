import {
  everything,
  newestFirst as newest,
  type ReviewOrder,
  type ReviewQuery,
} from '../../../domain/review/query.ts';
import type { Database } from '../database.ts';
import { revisionOf } from './listing.ts';
import { allInOrder, someInOrder } from './orders.ts';
import { allIds, countRows, someIds, sourceOf } from './source.ts';

/**
 * Where the records of a query are. The first pages come from the index as they are asked for; whoever goes
 * further down gets all ids at once (8 bytes each), so that every place is as near as the next.
 */

/** Up to here counting rows off is quicker than gathering all of them. */
const shallow = 2_000;
/** Results kept: of the query somebody looks at, and of those they came from. */
const keptResults = 3;

class Kept<T> {
  readonly #values = new Map<string, T>();

  get(name: string, make: () => T): T {
    const value = this.#values.get(name) ?? make();
    // The last one used is the last to go.
    this.#values.delete(name);
    this.#values.set(name, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > keptResults && oldest !== undefined) this.#values.delete(oldest);
    return value;
  }

  peek(name: string): T | undefined {
    return this.#values.get(name);
  }
}

export class Results {
  readonly #database: Database;
  #revision = -1;
  #ids = new Kept<Float64Array>();
  #counts = new Kept<number>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Ids of the rows from position `from` on. To be called inside a snapshot, like everything here. */
  span(query: ReviewQuery, order: ReviewOrder, from: number, count: number): readonly number[] {
    this.#forgetStale();
    const known = this.#ids.peek(nameOf(query, order));
    if (known) return [...known.subarray(from, from + count)];
    if (from + count <= shallow) {
      if (order.by === 'time') {
        const way = order.descending ? 'DESC' : 'ASC';
        return someIds(this.#database, sourceOf(this.#database, query), way, from, count);
      }
      if (isAll(query)) return someInOrder(this.#database, order, from, count);
    }
    return [...this.#all(query, order).subarray(from, from + count)];
  }

  count(query: ReviewQuery): number {
    this.#forgetStale();
    const known = this.#ids.peek(nameOf(query, newest));
    return known
      ? known.length
      : this.#counts.get(nameOf(query, newest), () =>
          countRows(this.#database, sourceOf(this.#database, query)),
        );
  }

  #all(query: ReviewQuery, order: ReviewOrder): Float64Array {
    return this.#ids.get(nameOf(query, order), () => {
      if (order.by !== 'time') {
        if (isAll(query)) return allInOrder(this.#database, order);
        return among(this.#all(everything, order), this.#all(query, newest));
      }
      const ids = allIds(this.#database, sourceOf(this.#database, query));
      return order.descending ? ids : ids.reverse();
    });
  }

  #forgetStale(): void {
    const revision = revisionOf(this.#database);
    if (revision === this.#revision) return;
    this.#revision = revision;
    this.#ids = new Kept();
    this.#counts = new Kept();
  }
}

/** The same for queries that ask the same. */
function nameOf(query: ReviewQuery, order: ReviewOrder): string {
  const { words, code, queue, since, until, role, missed, sharing, wrapup } = query;
  const sharingText = sharing && [sharing.compare, sharing.ms];
  const { by, descending } = order;
  return JSON.stringify([
    words,
    code,
    queue,
    since,
    until,
    role,
    missed,
    sharingText,
    wrapup,
    by,
    descending,
  ]);
}

const nameOfAll = nameOf(everything, newest);
const isAll = (query: ReviewQuery): boolean => nameOf(query, newest) === nameOfAll;

/** Those of `ordered` that are in `found`, which is newest first: ids from high to low. */
function among(ordered: Float64Array, found: Float64Array): Float64Array {
  return ordered.filter((id) => {
    let low = 0;
    let high = found.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((found[middle] ?? 0) > id) low = middle + 1;
      else high = middle;
    }
    return found[low] === id;
  });
}
