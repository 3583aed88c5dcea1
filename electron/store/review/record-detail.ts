import type {
  FactChain,
  FactPage,
  ReceivedFact,
  RecordDetail,
} from '../../../domain/review/record-detail.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { codeKey } from '../../../domain/model/code-names.ts';
import type { Draft, Submission } from '../../../domain/submissions.ts';
import { codeNamesOf } from '../codes.ts';
import { contextStart, type StoredFact } from '../hash-chain.ts';
import { communicationsTable, parseCommunication, workKeys } from '../communications.ts';
import { numberIn, type Engine } from '../engine.ts';
import { submissionsOf } from '../submissions.ts';
import { latestDraftOf } from '../drafts.ts';
import { hashOf, journalRows, seqOf } from '../journal.ts';
import { genesis } from '../totals.ts';

/** Where the facts of a record are; null for a record read from an exported file, which has none. */
interface FactRange {
  readonly conversationId: string;
  readonly first: number;
  readonly last: number;
}

function storedRecord(engine: Engine, key: string) {
  const row = communicationsTable.select(engine, 'WHERE key = ?', key)[0];
  if (!row) return null;
  const communication = parseCommunication(row);
  const { conversationId } = communication;
  const { first_fact: first, last_fact: last } = row;
  const range: FactRange | null = first === null || last === null ? null : { conversationId, first, last };
  return { communication, range };
}

/** Facts say what they are about; those that were refused are looked into. */
function about(conversationId: string): { readonly where: string; readonly values: readonly string[] } {
  return {
    where: `AND deleted IS NULL AND CASE WHEN context IS NULL
      THEN instr(subject, ?) > 0 OR instr(body, CAST(? AS BLOB)) > 0
      ELSE instr(context, ?) = 1 END`,
    values: [conversationId, conversationId, contextStart(conversationId)],
  };
}

function countFacts(engine: Engine, { conversationId, first, last }: FactRange): number {
  const { where, values } = about(conversationId);
  const row = engine.first(
    `SELECT count(*) AS n FROM journal WHERE seq >= ? AND seq <= ? ${where}`,
    first,
    last,
    ...values,
  );
  return row ? (numberIn(row, 'n') ?? 0) : 0;
}

/** Deleted facts keep their place and their hash. */
function chainOf(engine: Engine, { first, last }: FactRange): FactChain | null {
  const before = first === 1 ? genesis : hashOf(engine, first - 1);
  const end = hashOf(engine, last);
  return before === null || end === null ? null : { first, last, before, end };
}

function codesIn(
  { screenshare, participantWrapup }: Communication,
  draft: Draft | null,
  submissions: readonly Submission[],
): readonly string[] {
  const chosen = submissions.flatMap((submission) => [submission, submission.theirs]);
  const all = [screenshare.wrapup, participantWrapup, draft, ...chosen];
  return all.flatMap((one) => (one?.code ? [one.code] : []));
}

function namesIn(engine: Engine, codes: readonly string[]): Record<string, string> {
  const { nameOf, idOf } = codeNamesOf(engine);
  const found = codes.flatMap((code) => {
    const id = nameOf(code) === undefined ? idOf(code) : code;
    const name = id === undefined ? undefined : nameOf(id);
    return id === undefined || name === undefined ? [] : [[codeKey(id), name] as const];
  });
  return Object.fromEntries(found);
}

/** See `Review.record`. */
export function recordOf(engine: Engine, key: string): RecordDetail | null {
  const stored = storedRecord(engine, key);
  if (!stored) return null;
  const { communication, range } = stored;
  const keys = workKeys(engine, communication);
  const draft = latestDraftOf(engine, keys) ?? null;
  const submissions = submissionsOf(engine, keys);
  const chain = range && chainOf(engine, range);
  return {
    communication,
    draft,
    submissions,
    codeNames: namesIn(engine, codesIn(communication, draft, submissions)),
    facts: range ? countFacts(engine, range) : 0,
    ...(chain ? { chain } : {}),
  };
}

const pageSize = 50;

function kept({ seq, source, subject, receivedAt, body, refusal }: StoredFact): ReceivedFact {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  return { number: seq, source, subject, receivedAt, body: text, refusal };
}

/** See `Review.facts`. */
export function factsOf(engine: Engine, key: string, after: number): FactPage {
  const range = storedRecord(engine, key)?.range;
  if (!range) return { facts: [], next: null };
  const { where, values } = about(range.conversationId);
  const from = Math.max(after, range.first - 1);
  const rows = journalRows(engine, from, pageSize, `AND seq <= ? ${where}`, range.last, ...values);
  const lastRow = rows.at(-1);
  const reached = lastRow && rows.length === pageSize ? seqOf(lastRow) : range.last;
  return {
    facts: rows.flatMap((row) => (row.kind === 'fact' ? [kept(row.fact)] : [])),
    next: reached < range.last ? reached : null,
  };
}
