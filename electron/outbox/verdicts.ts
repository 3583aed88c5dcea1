import { mayHaveArrived, type Decision } from '../../domain/submissions.ts';
import { isEcho, isUnclear, reconcile, type Evidence } from '../../domain/outbox/reconcile.ts';
import type { Model } from '../../domain/present/model.ts';

/** What the facts say about a decision, and which of them may say it. */
export interface Verdicts {
  /** It is put down now. Of all that were not, nobody knows how far they got. */
  readonly made: (decision: Pick<Decision, 'id' | 'key'>) => void;
  readonly isFromBefore: (id: string) => boolean;
  /** The decision as the facts leave it; the same object while they say nothing. */
  readonly byFacts: (decision: Decision) => Decision;
  /** The same just after its conversation was read: what was sent before is in there, or never came to be. */
  readonly byReading: (decision: Decision) => Decision;
  /** The same where its conversation does not let itself be read: what was heard has to do. */
  readonly byHearsay: (decision: Decision) => Decision;
  /** What was heard may be its doing or somebody else's: only a reading can tell. */
  readonly isUnclear: (decision: Decision) => boolean;
}

export function createVerdicts(getModel: () => Model): Verdicts {
  const own = new Set<string>();
  /** By decision: how often its communication had changed when it was put down, or seen in this run. */
  const firstSeen = new Map<string, number>();

  const isFromBefore = (id: string): boolean => !own.has(id);

  function revisionsOf(key: string): number {
    return getModel().communications[key]?.revisions ?? 0;
  }

  /** No fact has come since. */
  function isOldNews({ id, key }: Decision): boolean {
    if (!firstSeen.has(id)) firstSeen.set(id, revisionsOf(key));
    return firstSeen.get(id) === revisionsOf(key);
  }

  function byFacts(decision: Decision, by: Evidence = 'news'): Decision {
    const { communications, decisions } = getModel();
    const communication = communications[decision.key];
    if (isEcho(decision, decisions, communication)) return decision;
    const after = reconcile(decision, communication, by);
    // What was known before can be in its way, but cannot be its effect.
    return isOldNews(decision) && after.state === 'confirmed' ? decision : after;
  }

  return {
    made: ({ id, key }) => {
      own.add(id);
      firstSeen.set(id, revisionsOf(key));
    },
    isFromBefore,
    byFacts: (decision) => byFacts(decision),
    byReading: (decision) => {
      const isSent = mayHaveArrived(decision) || isFromBefore(decision.id);
      return isSent
        ? reconcile(decision, getModel().communications[decision.key], 'reading')
        : byFacts(decision, 'reading');
    },
    byHearsay: (decision) => byFacts(decision, 'hearsay'),
    isUnclear: (decision) => isUnclear(decision, getModel().communications[decision.key]),
  };
}
