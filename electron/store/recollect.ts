import type { Recollection } from '../../domain/database.ts';
import { lastEnded, openCommunications } from './communications.ts';
import type { Engine } from './engine.ts';
import { latestSubmissionOf, unfinishedSubmissions } from './submissions.ts';
import { allDrafts } from './drafts.ts';
import { readTotals, summaryOf } from './totals.ts';

/** Everything needed to go on where the program stopped. `lastSubmission` is the newest one about `last`. */
export function recollect(engine: Engine): Recollection {
  const last = lastEnded(engine);
  return {
    open: openCommunications(engine),
    drafts: allDrafts(engine),
    submissions: unfinishedSubmissions(engine),
    last,
    lastSubmission: last ? (latestSubmissionOf(engine, last.key) ?? null) : null,
    summary: summaryOf(readTotals(engine)),
  };
}
