import type { Model } from '../../domain/present/model.ts';
import type { History } from '../tracker/history.ts';

/**
 * Writes the agent's words into a database that may lack them, because it was restored from a copy or begun
 * anew: drafts, and submissions on their way. What it has already stays what it is: an older revision of a draft
 * replaces nothing, and deciding the same thing again changes nothing.
 */
export async function rewrite({ drafts, submissions }: Model, history: History): Promise<void> {
  for (const submission of submissions) {
    const { order: _order, ...unordered } = submission;
    const kept = await history.attempt((database) => database.decide(unordered));
    const isCurrent = kept?.state === submission.state && kept.attempts === submission.attempts;
    if (kept && !isCurrent) {
      await history.attempt((database) => database.updateSubmission({ ...submission, order: kept.order }));
    }
  }
  // After the submissions: each takes its draft along, and what is here was written since.
  for (const draft of Object.values(drafts)) await history.attempt((database) => database.saveDraft(draft));
}
