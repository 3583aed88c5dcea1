import type { StateStore } from '../tracker/state.ts';

/** What the review shows may have changed: whoever shows it asks again. */
export function raiseRevision({ update }: Pick<StateStore, 'update'>): void {
  update(({ review }) => ({ review: { ...review, revision: review.revision + 1 } }));
}
