import type { CodePick } from '../../domain/database.ts';
import { codesScope } from '../../domain/codes/scope.ts';
import type { Submission } from '../../domain/submissions.ts';
import { asStored } from './hash-chain.ts';
import { checksummedTable, columnFault, type RowOf } from './checksummed-table.ts';
import { countUse, uncountUse } from './codes.ts';
import type { Engine, Value } from './engine.ts';
import { draftsTable } from './drafts.ts';
import { submissionSchema, parseJson } from './schemas.ts';
import { noteKeyBehind } from './review/listing-table.ts';
import { readTotals, writeTotals } from './totals.ts';

const columns = { id: 'text', ord: 'number', key: 'text', unfinished: 'number', json: 'text' } as const;
/** What the agent decided, and how far it got on its way to the server. */
export const submissionsTable = checksummedTable('submissions', columns);

export function parseSubmission(row: Readonly<Record<'id' | 'json', string>>): Submission {
  return parseJson(row.json, submissionSchema, `submission ${JSON.stringify(row.id)}`);
}

function select(engine: Engine, where: string, ...values: readonly Value[]): Submission[] {
  return submissionsTable.select(engine, where, ...values).map(parseSubmission);
}

/** What the other columns say follows from the submission. */
function columnsOf({ id, order, key, state }: Submission): Omit<RowOf<typeof columns>, 'json'> {
  return { id, ord: order, key, unfinished: state === 'confirmed' || state === 'dropped' ? 0 : 1 };
}

/** What a row says beside its submission and the submission does not; null when nothing. */
export function submissionFault(row: RowOf<typeof columns>): string | null {
  const { id, key, ...numbers } = columnsOf(parseSubmission(row));
  return columnFault('submissions', row, { id: asStored(id), key: asStored(key), ...numbers });
}

function put(engine: Engine, submission: Submission): void {
  submissionsTable.put(engine, { ...columnsOf(submission), json: JSON.stringify(submission) });
  noteKeyBehind(engine, submission.key);
}

/** Those neither confirmed nor dropped, and those after whose work a status is still to be set; in their order. */
export function unfinishedSubmissions(engine: Engine): Submission[] {
  return select(
    engine,
    `WHERE id IN (
       SELECT id FROM submissions WHERE unfinished = 1
       UNION SELECT id FROM submissions
         WHERE key IN (SELECT key FROM communications WHERE settled = 0)
           AND json ->> 'state' = 'confirmed' AND json ->> 'nextStatus' IS NOT NULL
     ) ORDER BY ord`,
  );
}

/** About any of these records, in the order they were decided. */
export function submissionsOf(engine: Engine, keys: readonly string[]): Submission[] {
  return select(engine, 'WHERE key IN (SELECT value FROM json_each(?)) ORDER BY ord', JSON.stringify(keys));
}

export function latestSubmissionOf(engine: Engine, keys: readonly string[]): Submission | undefined {
  const latest = (key: string): Submission | undefined =>
    select(engine, 'WHERE key = ? ORDER BY ord DESC LIMIT 1', key)[0];
  return keys
    .flatMap((key) => latest(key) ?? [])
    .sort((a, b) => a.order - b.order)
    .at(-1);
}

/** By the keys of their records. */
export function latestSubmissionsOf(
  engine: Engine,
  keys: readonly string[],
): ReadonlyMap<string, Submission> {
  const found = select(
    engine,
    'WHERE key IN (SELECT value FROM json_each(?)) ORDER BY ord',
    JSON.stringify(keys),
  );
  return new Map(found.map((submission) => [submission.key, submission]));
}

/**
 * Adds the submission, removes the draft it came from and counts the use of its code, inside the caller's
 * transaction. Deciding the same id again answers what is stored: a repeated call takes effect once.
 */
export function decide(engine: Engine, submission: Omit<Submission, 'order'>): Submission {
  const known = select(engine, 'WHERE id = ?', submission.id)[0];
  if (known) return known;
  const totals = readTotals(engine);
  const decided: Submission = { ...submission, order: totals.submissions + 1 };
  put(engine, decided);
  writeTotals(engine, { ...totals, submissions: decided.order });
  draftsTable.remove(engine, submission.key);
  const used = codeUsedBy(decided);
  if (used !== null) countUse(engine, used, decided.createdAt);
  return decided;
}

/** The queue's own code is nobody's choice, and one that was taken back or replaced is none. */
function codeUsedBy({ kind, code, origin, state }: Submission): string | null {
  return kind === 'wrapUp' && origin !== 'default' && state !== 'dropped' ? code : null;
}

/** So many of the last wrap-ups say which codes an agent uses. */
const picksLookedAt = 1000;

const chosen = `submissions.json ->> 'kind' = 'wrapUp' AND submissions.json ->> 'code' IS NOT NULL
  AND submissions.json ->> 'state' <> 'dropped'`;

/**
 * Newest first. Only the order of a list depends on it: a row that is damaged is looked for elsewhere (`verify`), and
 * here at most counts for nothing.
 */
export function codePicks(engine: Engine): CodePick[] {
  return engine
    .all(
      `SELECT submissions.json ->> 'code' AS code, submissions.json ->> 'letters' AS letters,
        submissions.json ->> 'createdAt' AS at, submissions.json ->> 'conversationId' AS conversation,
        communications.json ->> 'queueId' AS queue
      FROM submissions LEFT JOIN communications ON communications.key = submissions.key
      WHERE ${chosen} ORDER BY submissions.ord DESC LIMIT ?`,
      picksLookedAt,
    )
    .map(({ code, letters, at, conversation, queue }) => ({
      code: textOf(code),
      scope: codesScope({ queueId: textOf(queue), conversationId: textOf(conversation) }),
      letters: textOf(letters),
      at: textOf(at),
    }));
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const notesAtMost = 5;

/** The last different notes filed with a code, newest first. */
export function lastNotes(engine: Engine, code: string): string[] {
  const found = engine.all(
    `SELECT notes FROM (
        SELECT json ->> 'notes' AS notes, json ->> 'code' AS code, ord FROM submissions
        WHERE ${chosen} ORDER BY ord DESC LIMIT ?
      ) WHERE code = ? AND trim(notes) <> '' GROUP BY notes ORDER BY max(ord) DESC LIMIT ?`,
    picksLookedAt,
    code,
    notesAtMost,
  );
  return found.map(({ notes }) => textOf(notes));
}

/** Replaces by id; the order stays the one it was given. */
export function updateSubmission(engine: Engine, submission: Submission): void {
  const known = select(engine, 'WHERE id = ?', submission.id)[0];
  if (!known) throw new Error(`There is no submission ${submission.id} to update`);
  put(engine, { ...submission, order: known.order });
  const used = codeUsedBy(known);
  if (used !== null && codeUsedBy(submission) === null) uncountUse(engine, used);
}
