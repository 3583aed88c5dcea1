import type { Submission, Draft } from '../../domain/submissions.ts';
import { closedOver } from '../../domain/outbox/reconcile.ts';
import { submissionFor, type Model } from '../../domain/present/model.ts';

interface Parts {
  readonly model: { getState(): Model; subscribe(listener: () => void): () => void };
  readonly keep: (draft: Draft, theirs: NonNullable<Submission['theirs']>) => void;
}

/** Words that were being written when the server closed the wrap-up must not vanish with its prompt. Returns its stop. */
export function keepWhatWasWritten({ model, keep }: Parts): () => void {
  const look = (): void => {
    const state = model.getState();
    for (const draft of Object.values(state.drafts)) {
      const communication = state.communications[draft.key];
      const theirs = communication && closedOver(draft, communication, submissionFor(state, draft.key));
      if (theirs) keep(draft, theirs);
    }
  };
  look();
  return model.subscribe(look);
}
