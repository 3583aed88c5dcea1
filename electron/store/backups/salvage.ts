import type { Salvage } from '../../../domain/backups.ts';
import type { Decision, Draft } from '../../../domain/submissions.ts';
import type { Database } from '../engine.ts';
import { decide, decisionsTable, parseDecision, updateDecision } from '../submissions.ts';
import { allDrafts, draftOf, draftsTable, parseDraft, putDraft } from '../drafts.ts';
import { verifyJournal } from '../journal.ts';
import { readTotals, writeTotals } from '../totals.ts';
import { copyFacts } from './facts.ts';
import { saveRecords, type Circumstances } from './salvage-records.ts';
import { same } from './same.ts';
import { wholeRows, type Readable } from './tolerant.ts';

/**
 * What a damaged memory still holds and its copy does not: facts that continue the copy's chain, records,
 * what the agent decided, and the words that were still being written. The damaged file came after the copy,
 * so a row of it that proves itself is the newer one.
 */

/** Raised to undo a transaction that did not come out right; never seen outside. */
class NotWhole extends Error {
  readonly facts: number;
  constructor(facts: number) {
    super('The chain does not go on');
    this.facts = facts;
  }
}

/** Copies facts as long as the chain holds; the end of it is found by trying. */
function saveFacts(damaged: Database, into: Database): number {
  let most = Number.MAX_SAFE_INTEGER;
  for (;;) {
    try {
      return into.transaction(() => {
        const before = readTotals(into);
        const copied = copyFacts(damaged, into, most);
        if (copied === 0) return 0;
        const { problem, ...chain } = verifyJournal(into);
        if (problem !== null) throw new NotWhole(chain.facts - before.facts);
        writeTotals(into, { ...before, ...chain });
        return copied;
      });
    } catch (error) {
      if (!(error instanceof NotWhole)) throw error;
      // Fewer each time: it comes to its end.
      most = Math.max(0, error.facts);
    }
  }
}

function decisionWith(into: Database, id: string): Decision | null {
  const row = decisionsTable.select(into, 'WHERE id = ?', id)[0];
  return row ? parseDecision(row) : null;
}

/** In the order they were made, each as far as it got. */
function saveDecisions(into: Database, decisions: readonly Decision[]): number {
  let saved = 0;
  for (const decision of [...decisions].sort((a, b) => a.order - b.order)) {
    const stored = decisionWith(into, decision.id);
    const { order: _order, ...unordered } = decision;
    const order = stored?.order ?? decide(into, unordered).order;
    if (stored && same(stored, { ...decision, order })) continue;
    updateDecision(into, { ...decision, order });
    saved += 1;
  }
  return saved;
}

function saveDrafts(into: Database, drafts: Readable<Draft>, decisions: readonly Decision[]): number {
  let saved = 0;
  for (const draft of drafts.rows) {
    const stored = draftOf(into, draft.key);
    if (stored && stored.revision >= draft.revision) continue;
    putDraft(into, draft);
    saved += 1;
  }
  const there = new Set(drafts.rows.map(({ key }) => key));
  for (const { key, updatedAt } of allDrafts(into)) {
    // Its words became a decision since; or every draft could be read and this was none of them any more.
    const decided = decisions.some((decision) => decision.key === key && decision.createdAt >= updatedAt);
    if (!there.has(key) && (drafts.complete || decided)) draftsTable.remove(into, key);
  }
  return saved;
}

/**
 * Adds to `into` what `damaged` has beyond it.
 * @param damaged open for reading; whatever cannot be read is passed over
 * @param into a whole memory, of an earlier moment of the same one or empty
 */
export function salvage(damaged: Database, into: Database, circumstances: Circumstances): Salvage {
  const before = readTotals(into).facts;
  const facts = saveFacts(damaged, into);
  const records = saveRecords(damaged, into, before, circumstances);
  const decisions = wholeRows(damaged, decisionsTable, 'id', parseDecision);
  const drafts = wholeRows(damaged, draftsTable, 'key', parseDraft);
  return into.transaction(() => ({
    facts,
    records,
    decisions: saveDecisions(into, decisions.rows),
    drafts: saveDrafts(into, drafts, decisions.rows),
  }));
}
