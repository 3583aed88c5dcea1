import type { Recollection } from '../../domain/database.ts';
import { lastEnded, openCommunications } from './communications.ts';
import type { Database } from './engine.ts';
import { latestDecisionOf, unfinishedDecisions } from './submissions.ts';
import { allDrafts } from './drafts.ts';
import { readTotals, summaryOf } from './totals.ts';

/** Everything needed to go on where the program stopped. `lastDecision` is the newest one about `last`. */
export function recollect(database: Database): Recollection {
  const last = lastEnded(database);
  return {
    open: openCommunications(database),
    drafts: allDrafts(database),
    decisions: unfinishedDecisions(database),
    last,
    lastDecision: last ? (latestDecisionOf(database, last.key) ?? null) : null,
    summary: summaryOf(readTotals(database)),
  };
}
