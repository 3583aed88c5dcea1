import type { Engine } from '../engine.ts';
import { listBatch } from './listing.ts';

/** How long the thread has had nothing to do before it brings the listing up to date, ms. */
const idleMs = 300;
/** Under a flood it is done after so long, ms. */
const longestMs = 1_000;

export interface ListingUpdates {
  /** Records may be behind. */
  readonly noted: () => void;
  /** Before the database is closed: what is a matter of a moment is done now, the rest at the next start. */
  readonly end: () => void;
}

/**
 * Brings the lines of changed records up to date when nothing else is to be done: a fact, a draft or a submission
 * pays only for a note. Writing the words of a record in its own transaction made a commit half as slow again.
 * @param onListed after each batch
 */
export function startListingUpdates(engine: Engine, onListed: () => void): ListingUpdates {
  let timer: NodeJS.Timeout | undefined;
  let next: NodeJS.Immediate | undefined;
  /** When there was first something to do, ms of `performance`. */
  let since: number | null = null;

  /** One batch of the ids after this one; the rest when the thread has looked for messages. */
  function work(after: number): void {
    since = null;
    let last: number | null;
    try {
      last = listBatch(engine, after);
    } catch {
      // No room, or somebody else writes: the notes stay, and the next change tries again.
      return;
    }
    if (last === null) return;
    onListed();
    const from = last;
    next = setImmediate(() => work(from));
  }

  return {
    noted: () => {
      const now = performance.now();
      since ??= now;
      clearTimeout(timer);
      timer = setTimeout(
        () => {
          clearImmediate(next);
          work(-1);
        },
        Math.max(0, Math.min(idleMs, since + longestMs - now)),
      );
    },
    end: () => {
      clearTimeout(timer);
      clearImmediate(next);
      try {
        listBatch(engine, -1);
      } catch {
        // The notes stay.
      }
    },
  };
}
