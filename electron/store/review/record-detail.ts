import type { FactPage, ReceivedFact, RecordDetail } from '../../../domain/review/record-detail.ts';
import { contextStart, type StoredFact } from '../hash-chain.ts';
import { numberIn } from '../columns.ts';
import { communicationsTable, parseCommunication } from '../communications.ts';
import type { Engine } from '../engine.ts';
import { submissionsOf } from '../submissions.ts';
import { draftOf } from '../drafts.ts';
import { journalRows, seqOf } from '../journal.ts';

/** Where the facts of a record are; null for numbers of a record older than them. */
interface FactRange {
  readonly conversationId: string;
  readonly first: number | null;
  readonly last: number | null;
}

function storedRecord(engine: Engine, key: string) {
  const row = communicationsTable.select(engine, 'WHERE key = ?', key)[0];
  if (!row) return null;
  const communication = parseCommunication(row);
  const { conversationId } = communication;
  return { communication, range: { conversationId, first: row.first_fact, last: row.last_fact } };
}

/** Facts say what they are about; those that were refused, or are older than that, are looked into. */
function about(conversationId: string): { readonly where: string; readonly values: readonly string[] } {
  return {
    where: `AND deleted IS NULL AND CASE WHEN context IS NULL
      THEN instr(subject, ?) > 0 OR instr(body, CAST(? AS BLOB)) > 0
      ELSE instr(context, ?) = 1 END`,
    values: [conversationId, conversationId, contextStart(conversationId)],
  };
}

function countFacts(engine: Engine, { conversationId, first, last }: FactRange): number | null {
  if (first === null || last === null) return null;
  const { where, values } = about(conversationId);
  const row = engine.first(
    `SELECT count(*) AS n FROM journal WHERE seq >= ? AND seq <= ? ${where}`,
    first,
    last,
    ...values,
  );
  return row ? (numberIn(row, 'n') ?? 0) : 0;
}

/** See `Review.record`. Of a record older than its facts' numbers, those that changed it are counted, if any are kept. */
export function recordOf(engine: Engine, key: string): RecordDetail | null {
  const stored = storedRecord(engine, key);
  if (!stored) return null;
  const { communication, range } = stored;
  return {
    communication,
    draft: draftOf(engine, key) ?? null,
    submissions: submissionsOf(engine, key),
    facts: countFacts(engine, range) ?? Math.min(communication.revisions, lastFact(engine)),
  };
}

const pageSize = 50;
/** Of a record older than its facts' numbers, so many are looked through at once. */
const windowSize = 20_000;

function kept({ seq, source, subject, receivedAt, body, refusal }: StoredFact): ReceivedFact {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  return { number: seq, source, subject, receivedAt, body: text, refusal };
}

/** See `Review.facts`. A page may be empty though there are more. */
export function factsOf(engine: Engine, key: string, after: number): FactPage {
  const range = storedRecord(engine, key)?.range;
  if (!range) return { facts: [], next: null };
  const end = range.last ?? lastFact(engine);
  const from = Math.max(after, (range.first ?? 1) - 1);
  const to = Math.min(end, from + windowSize);
  const { where, values } = about(range.conversationId);
  const rows = journalRows(engine, from, pageSize, `AND seq <= ? ${where}`, to, ...values);
  const lastRow = rows.at(-1);
  const reached = lastRow && rows.length === pageSize ? seqOf(lastRow) : to;
  return {
    facts: rows.flatMap((row) => (row.kind === 'fact' ? [kept(row.fact)] : [])),
    next: reached < end ? reached : null,
  };
}

function lastFact(engine: Engine): number {
  const row = engine.first('SELECT max(seq) AS n FROM journal');
  return row ? (numberIn(row, 'n') ?? 0) : 0;
}
