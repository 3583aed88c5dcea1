import type { ArchivedReview } from '../archive/archived-review.ts';
import type { ArchiveRoom } from '../archive/archive.ts';
import type { StateStore } from '../tracker/state.ts';

/** The organisation's archive, looked at instead of the own records. */
export interface ArchiveSource {
  /** Null while it is not looked at. */
  readonly review: () => ArchivedReview | null;
  /** Looks into it, or looks again: what was read before is forgotten. False where no archive is connected. */
  readonly open: () => boolean;
  /** What is still asked of it is given up. */
  readonly close: () => void;
}

export function createArchiveSource(
  store: StateStore,
  room: () => Pick<ArchiveRoom, 'look'> | null,
): ArchiveSource {
  let current: ArchivedReview | null = null;

  function show(next: ArchivedReview | null): void {
    if (current === null && next === null) return;
    current?.close();
    current = next;
    store.update(({ review }) => ({ review: { ...review, archive: next !== null } }));
  }

  // Another account, another archive, or none: the records of this one are nobody's to look at.
  store.model.subscribe((now, was) => {
    if (now.archive === null && was.archive !== null) show(null);
  });

  return {
    review: () => current,
    open: () => {
      const there = room();
      if (there === null) return false;
      show(there.look());
      return true;
    },
    close: () => {
      show(null);
    },
  };
}
