import { isOnAir } from '../../domain/review/privacy.ts';
import type { StateStore } from '../tracker/state.ts';

/** What the review shows may have changed: whoever shows it asks again. */
export function raiseRevision({ update }: Pick<StateStore, 'update'>): void {
  update(({ review }) => ({ review: { ...review, revision: review.revision + 1 } }));
}

/** The review names nobody while the screen is on air: it changes when that begins and ends. Returns its stop. */
export function startReviewChangesOnAir(store: StateStore): () => void {
  return store.model.subscribe((now, was) => {
    if (now.communications === was.communications) return;
    if (isOnAir(now.communications) === isOnAir(was.communications)) return;
    raiseRevision(store);
  });
}
