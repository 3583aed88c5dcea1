import type { Model } from '../../domain/present/model.ts';
import type { History } from '../tracker/history.ts';

/**
 * Writes the agent's words into a memory that may lack them, because it was restored from a copy or begun
 * anew: drafts, and decisions on their way. What it has already stays what it is: an older revision of a draft
 * replaces nothing, and deciding the same thing again changes nothing.
 */
export async function rewrite({ drafts, decisions }: Model, history: History): Promise<void> {
  for (const decision of decisions) {
    const { order: _order, ...unordered } = decision;
    const kept = await history.attempt((memory) => memory.decide(unordered));
    const isCurrent = kept?.state === decision.state && kept.attempts === decision.attempts;
    if (kept && !isCurrent) {
      await history.attempt((memory) => memory.updateDecision({ ...decision, order: kept.order }));
    }
  }
  // After the decisions: each takes its draft along, and what is here was written since.
  for (const draft of Object.values(drafts)) await history.attempt((memory) => memory.saveDraft(draft));
}
