import { MemoryProblem } from '../../../domain/database.ts';
import type { Database } from '../engine.ts';
import { countChange } from './changes.ts';
import { relist } from './listing.ts';
import { unlistedKeys } from './unlisted.ts';

/** How long the thread has had nothing to do before it brings the listing up to date, ms. */
const idleMs = 300;
/** Under a flood it is done all the same after so long, ms. */
const longestMs = 1_000;
/** A fact that arrives meanwhile waits no longer than one batch takes, ms. */
const batchMs = 8;
const batchSize = 64;

export interface CatchUpParts {
  readonly database: Database;
  /** After each batch. */
  readonly onListed: () => void;
}

/**
 * Brings the lines of changed records up to date when nothing else is to be done: a fact, a draft or a
 * decision pays only for a note that its record has changed.
 */
export class CatchUp {
  readonly #database: Database;
  readonly #onListed: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #step: ReturnType<typeof setImmediate> | null = null;
  /** Something was noted behind the back of the work that is going on. */
  #again = false;
  /** When there was first something to do, ms of `performance`. */
  #since = 0;

  constructor({ database, onListed }: CatchUpParts) {
    this.#database = database;
    this.#onListed = onListed;
  }

  /** Something may have been noted. */
  noted(): void {
    const now = performance.now();
    if (this.#timer) clearTimeout(this.#timer);
    else this.#since = now;
    const wait = Math.max(0, Math.min(idleMs, this.#since + longestMs - now));
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#work('');
    }, wait);
  }

  /** Before the memory is closed. What is a matter of a moment is done now, the rest at the next start. */
  end(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#step) clearImmediate(this.#step);
    try {
      listBatch(this.#database, '');
    } catch {
      // The notes stay.
    }
  }

  /** One batch of the keys after this one; the rest when the thread has looked for messages. */
  #work(after: string): void {
    if (this.#step) {
      this.#again = true;
      return;
    }
    let last: string | null;
    try {
      last = listBatch(this.#database, after);
    } catch {
      // No room, or somebody else writes: the notes stay, and the next change tries again.
      return;
    }
    if (last === null) {
      if (this.#again) this.noted();
      this.#again = false;
      return;
    }
    this.#onListed();
    this.#step = setImmediate(() => {
      this.#step = null;
      this.#work(last);
    });
  }
}

/** Lists a few of the noted records in one transaction. Answers the key it came to; null when none is left. */
export function listBatch(database: Database, after: string): string | null {
  const keys = unlistedKeys(database, after, batchSize);
  if (keys.length === 0) return null;
  let last: string | null = null;
  const end = performance.now() + batchMs;
  const changed: number[] = [];
  database.transaction(() => {
    for (const key of keys) {
      changed.push(...relistReadable(database, key));
      last = key;
      if (performance.now() > end) break;
    }
    countChange(database, changed);
  });
  return last;
}

/** A damaged record keeps its note, and its place in the way of nobody. */
function relistReadable(database: Database, key: string): readonly number[] {
  try {
    return relist(database, key);
  } catch (error) {
    if (!(error instanceof MemoryProblem && error.code === 'damaged')) throw error;
    return [];
  }
}

/** Lists everything that is noted, inside the caller's transaction. */
export function listNoted(database: Database): void {
  for (let keys = unlistedKeys(database, '', batchSize); keys.length > 0;) {
    for (const key of keys) relistReadable(database, key);
    keys = unlistedKeys(database, keys.at(-1) ?? '', batchSize);
  }
  countChange(database);
}
