import { isOnAir } from '../../domain/review/privacy.ts';
import type { StateStore } from '../tracker/state.ts';

/** What the review shows may have changed: whoever shows it asks again. */
export function raiseRevision({ update }: Pick<StateStore, 'update'>): void {
  update(({ review }) => ({ review: { ...review, revision: review.revision + 1 } }));
}

/** What the review shows changes when the screen goes on air, or comes off it. Returns its stop. */
export function startVeilWatch(store: StateStore): () => void {
  return store.model.subscribe((now, was) => {
    if (now.communications === was.communications) return;
    if (isOnAir(now.communications) === isOnAir(was.communications)) return;
    raiseRevision(store);
  });
}
