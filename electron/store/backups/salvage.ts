import type { Salvage } from '../../../domain/backups.ts';
import { DatabaseProblem } from '../../../domain/database.ts';
import type { Submission, Draft } from '../../../domain/submissions.ts';
import { bytesIn, numberIn, type Engine, type Row, type Value } from '../engine.ts';
import { decide, submissionsTable, parseSubmission, updateSubmission } from '../submissions.ts';
import { allDrafts, draftOf, draftsTable, parseDraft, putDraft } from '../drafts.ts';
import { journalColumns, selectFact, verifyJournal } from '../journal.ts';
import { noteKeyBehind } from '../review/listing-table.ts';
import { readTotals, writeTotals } from '../totals.ts';
import { isSame, saveRecords, type Circumstances } from './salvage-records.ts';
import { wholeRows, type Readable } from './whole-rows.ts';

/**
 * What a damaged database still holds and its backup does not: facts that continue the backup's chain, records,
 * what the agent decided, and the words that were still being written. The damaged file came after the backup,
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

function factAt(engine: Engine, seq: number): Row | null {
  try {
    return engine.first(selectFact, seq) ?? null;
  } catch (error) {
    // A page that is gone.
    if (error instanceof DatabaseProblem) return null;
    throw error;
  }
}

function cell(row: Row, column: string): Value {
  if (row[column] === null) return null;
  return column === 'seq' ? numberIn(row, column) : bytesIn(row, column);
}

// A text goes in as the bytes it was read as.
const places = journalColumns.map((name) =>
  ['seq', 'salt', 'body'].includes(name) ? '?' : 'CAST(? AS TEXT)',
);
const insertFact = `INSERT INTO journal (${journalColumns.join(', ')}) VALUES (${places.join(', ')})`;

/** Facts that follow on what `into` has, up to the first that cannot be read; `most` of them. Answers how many. */
function copyFacts(from: Engine, into: Engine, most: number): number {
  const first = readTotals(into).facts + 1;
  let copied = 0;
  for (; copied < most; copied += 1) {
    const row = factAt(from, first + copied);
    if (row === null) break;
    into.run(insertFact, ...journalColumns.map((column) => cell(row, column)));
  }
  return copied;
}

/** Copies facts as long as the chain holds; the end of it is found by trying. */
function saveFacts(damaged: Engine, into: Engine): number {
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

function submissionWith(into: Engine, id: string): Submission | null {
  const row = submissionsTable.select(into, 'WHERE id = ?', id)[0];
  return row ? parseSubmission(row) : null;
}

/** In the order they were made, each as far as it got. */
function saveSubmissions(into: Engine, submissions: readonly Submission[]): number {
  let saved = 0;
  for (const submission of [...submissions].sort((a, b) => a.order - b.order)) {
    const stored = submissionWith(into, submission.id);
    const { order: _order, ...unordered } = submission;
    const order = stored?.order ?? decide(into, unordered).order;
    if (stored && isSame(stored, { ...submission, order })) continue;
    updateSubmission(into, { ...submission, order });
    saved += 1;
  }
  return saved;
}

function saveDrafts(into: Engine, drafts: Readable<Draft>, submissions: readonly Submission[]): number {
  let saved = 0;
  for (const draft of drafts.rows) {
    const stored = draftOf(into, draft.key);
    if (stored && stored.revision >= draft.revision) continue;
    putDraft(into, draft);
    saved += 1;
  }
  const there = new Set(drafts.rows.map(({ key }) => key));
  for (const { key, updatedAt } of allDrafts(into)) {
    // Its words became a submission since; or every draft could be read and this was none of them any more.
    const decided = submissions.some(
      (submission) => submission.key === key && submission.createdAt >= updatedAt,
    );
    if (there.has(key) || !(drafts.complete || decided)) continue;
    draftsTable.remove(into, key);
    noteKeyBehind(into, key);
  }
  return saved;
}

/**
 * Adds to `into` what `damaged` has beyond it.
 * @param damaged open for reading; whatever cannot be read is passed over
 * @param into a whole database, of an earlier moment of the same one or empty
 */
export function salvage(damaged: Engine, into: Engine, circumstances: Circumstances): Salvage {
  const before = readTotals(into).facts;
  const facts = saveFacts(damaged, into);
  const records = saveRecords(damaged, into, before, circumstances);
  const submissions = wholeRows(damaged, submissionsTable, 'id', parseSubmission);
  const drafts = wholeRows(damaged, draftsTable, 'key', parseDraft);
  return into.transaction(() => ({
    facts,
    records,
    submissions: saveSubmissions(into, submissions.rows),
    drafts: saveDrafts(into, drafts, submissions.rows),
  }));
}
