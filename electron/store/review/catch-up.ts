import { DatabaseProblem } from '../../../domain/database.ts';
import type { Engine } from '../engine.ts';
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
  readonly engine: Engine;
  /** After each batch. */
  readonly onListed: () => void;
}

/**
 * Brings the lines of changed records up to date when nothing else is to be done: a fact, a draft or a
 * submission pays only for a note that its record has changed.
 */
export class CatchUp {
  readonly #engine: Engine;
  readonly #onListed: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #step: ReturnType<typeof setImmediate> | null = null;
  /** Something was noted behind the back of the work that is going on. */
  #again = false;
  /** When there was first something to do, ms of `performance`. */
  #since = 0;

  constructor({ engine, onListed }: CatchUpParts) {
    this.#engine = engine;
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

  /** Before the database is closed. What is a matter of a moment is done now, the rest at the next start. */
  end(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#step) clearImmediate(this.#step);
    try {
      listBatch(this.#engine, '');
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
      last = listBatch(this.#engine, after);
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
export function listBatch(engine: Engine, after: string): string | null {
  const keys = unlistedKeys(engine, after, batchSize);
  if (keys.length === 0) return null;
  let last: string | null = null;
  const end = performance.now() + batchMs;
  const changed: number[] = [];
  engine.transaction(() => {
    for (const key of keys) {
      changed.push(...relistReadable(engine, key));
      last = key;
      if (performance.now() > end) break;
    }
    countChange(engine, changed);
  });
  return last;
}

/** A damaged record keeps its note, and its place in the way of nobody. */
function relistReadable(engine: Engine, key: string): readonly number[] {
  try {
    return relist(engine, key);
  } catch (error) {
    if (!(error instanceof DatabaseProblem && error.code === 'damaged')) throw error;
    return [];
  }
}

/** Lists everything that is noted, inside the caller's transaction. */
export function listNoted(engine: Engine): void {
  for (let keys = unlistedKeys(engine, '', batchSize); keys.length > 0;) {
    for (const key of keys) relistReadable(engine, key);
    keys = unlistedKeys(engine, keys.at(-1) ?? '', batchSize);
  }
  countChange(engine);
}
