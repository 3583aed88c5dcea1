import type { Submission } from '../../domain/submissions.ts';
import { isEcho, isUnclear, reconcile, type Evidence } from '../../domain/outbox/reconcile.ts';
import type { Model } from '../../domain/present/model.ts';

/** What the facts say about a submission, and which of them may say it. */
export interface Verdicts {
  /** It is put down now. Of all that were not, nobody knows how far they got. */
  readonly made: (submission: Pick<Submission, 'id' | 'key'>) => void;
  readonly isFromBefore: (id: string) => boolean;
  /** The submission as the facts leave it; the same object while they say nothing. */
  readonly byFacts: (submission: Submission) => Submission;
  /** The same just after its conversation was read: what was sent before is in there, or never came to be. */
  readonly byReading: (submission: Submission) => Submission;
  /** The same where its conversation does not let itself be read: what was heard has to do. */
  readonly byHearsay: (submission: Submission) => Submission;
  /** What was heard may be its doing or somebody else's: only a reading can tell. */
  readonly isUnclear: (submission: Submission) => boolean;
}

export function createVerdicts(getModel: () => Model): Verdicts {
  const own = new Set<string>();
  /** By submission: how often its communication had changed when it was put down, or seen in this run. */
  const firstSeen = new Map<string, number>();

  const isFromBefore = (id: string): boolean => !own.has(id);

  function revisionsOf(key: string): number {
    return getModel().communications[key]?.revisions ?? 0;
  }

  /** No fact has come since. */
  function isOldNews({ id, key }: Submission): boolean {
    if (!firstSeen.has(id)) firstSeen.set(id, revisionsOf(key));
    return firstSeen.get(id) === revisionsOf(key);
  }

  function byFacts(submission: Submission, by: Evidence = 'news'): Submission {
    const { communications, submissions } = getModel();
    const communication = communications[submission.key];
    if (isEcho(submission, submissions, communication)) return submission;
    const after = reconcile(submission, communication, by);
    // What was known before can be in its way, but cannot be its effect.
    return isOldNews(submission) && after.state === 'confirmed' ? submission : after;
  }

  return {
    made: ({ id, key }) => {
      own.add(id);
      firstSeen.set(id, revisionsOf(key));
    },
    isFromBefore,
    byFacts: (submission) => byFacts(submission),
    byReading: (submission) => {
      const isSent = submission.mayHaveArrived || isFromBefore(submission.id);
      return isSent
        ? reconcile(submission, getModel().communications[submission.key], 'reading')
        : byFacts(submission, 'reading');
    },
    byHearsay: (submission) => byFacts(submission, 'hearsay'),
    isUnclear: (submission) => isUnclear(submission, getModel().communications[submission.key]),
  };
}
