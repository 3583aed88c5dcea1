import type { FactContext, JournalEntry } from '../../domain/database.ts';
import { say } from '../../domain/words/say.ts';
import { digestOf, linked, storedFact, tombstoneSum, type StoredFact, type Tombstone } from './hash-chain.ts';
import { asBytes, asNumber, bytesIn, numberIn, textIn, type Engine, type Row } from './engine.ts';
import { factContextSchema, parseJson } from './schemas.ts';
import { genesis, type Totals } from './totals.ts';

/**
 * What was received, append-only (triggers refuse anything but turning a fact into a tombstone) and chained:
 * a row changed, removed or put in between shows.
 */

/** Appends inside the caller's transaction; answers the totals with this fact counted. */
export function append(engine: Engine, entry: JournalEntry, totals: Totals, salt: Uint8Array): Totals {
  const fact = storedFact(totals.facts + 1, entry, salt);
  const head = linked(totals.head, digestOf(fact));
  engine.run(
    `INSERT INTO journal (seq, source, subject, received_at, context, refusal, salt, hash, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    fact.seq,
    fact.source,
    fact.subject,
    fact.receivedAt,
    fact.context,
    fact.refusal,
    fact.salt,
    head,
    fact.body,
  );
  return {
    ...totals,
    facts: fact.seq,
    quarantined: totals.quarantined + (fact.refusal === null ? 0 : 1),
    head,
  };
}

/** A row of the journal: a fact, or what is left of one. */
export type JournalRow = { readonly hash: string } & (
  | { readonly kind: 'fact'; readonly fact: StoredFact }
  | { readonly kind: 'tombstone'; readonly tombstone: Tombstone; readonly sum: string }
);

const textOrNull = (row: Row, column: string): string | null =>
  row[column] === null ? null : textIn(row, column);

function rowIn(row: Row): JournalRow {
  const seq = numberIn(row, 'seq') ?? 0;
  const hash = textIn(row, 'hash');
  const deleted = textOrNull(row, 'deleted');
  if (deleted !== null) {
    const tombstone = { seq, digest: textIn(row, 'digest'), deleted };
    return { kind: 'tombstone', hash, tombstone, sum: textIn(row, 'sum') };
  }
  const fact: StoredFact = {
    seq,
    source: textIn(row, 'source'),
    subject: textIn(row, 'subject'),
    receivedAt: textIn(row, 'received_at'),
    context: textOrNull(row, 'context'),
    body: bytesIn(row, 'body'),
    refusal: textOrNull(row, 'refusal'),
    salt: bytesIn(row, 'salt'),
  };
  return { kind: 'fact', hash, fact };
}

export const journalColumns = [
  ...['seq', 'source', 'subject', 'received_at', 'context', 'refusal', 'salt'],
  ...['hash', 'digest', 'deleted', 'sum', 'body'],
];
const columns = journalColumns.map((name) => (name === 'seq' ? asNumber(name) : asBytes(name))).join(', ');

/** One row as it is, whatever it says. */
export const selectFact = `SELECT ${columns} FROM journal WHERE seq = ?`;

/**
 * Rows with a number above `after`, in order.
 * @param where further conditions, `AND …`
 */
export function journalRows(
  engine: Engine,
  after: number,
  limit: number,
  where = '',
  ...values: readonly (string | number)[]
): JournalRow[] {
  return engine
    .all(
      `SELECT ${columns} FROM journal WHERE seq > ? ${where} ORDER BY seq LIMIT ?`,
      after,
      ...values,
      limit,
    )
    .map(rowIn);
}

/** Null for a refused fact. @throws DatabaseProblem `damaged` */
export function contextOf({ seq, context }: StoredFact): FactContext | null {
  return context === null ? null : parseJson(context, factContextSchema, `fact ${seq}`);
}

/** The conversation a fact is about; null for a refused one. */
export const conversationOf = (fact: StoredFact): string | null => contextOf(fact)?.conversationId ?? null;

/** Hash of the fact with this number; null where there is none. */
export function hashOf(engine: Engine, seq: number): string | null {
  const row = engine.first(`SELECT ${asBytes('hash')} FROM journal WHERE seq = ?`, seq);
  return row ? textIn(row, 'hash') : null;
}

export const seqOf = (row: JournalRow): number => (row.kind === 'fact' ? row.fact.seq : row.tombstone.seq);

export interface ChainReport {
  readonly facts: number;
  readonly quarantined: number;
  readonly deleted: number;
  /** Hash of the last row as it is stored. */
  readonly head: string;
  /** The first bad row; the rows after it are not judged by a chain that is already broken. */
  readonly problem: string | null;
}

/** What is wrong with a row at this place of the chain; null when nothing is. */
function faultOf(row: JournalRow, expected: number, previous: string): string | null {
  const seq = seqOf(row);
  if (seq !== expected) return say('database.verify.factMissing', { fact: expected, next: seq });
  const digest = row.kind === 'fact' ? digestOf(row.fact) : row.tombstone.digest;
  const whole = row.kind === 'fact' || row.sum === tombstoneSum(row.tombstone);
  const same = whole && row.hash === linked(previous, digest);
  return same ? null : say('database.verify.factChanged', { fact: expected });
}

const pageSize = 500;

/** Walks the whole chain in pages: constant memory. Each row is handed on once it is known to be good. */
export function verifyJournal(
  engine: Engine,
  good: (row: JournalRow) => void = () => undefined,
): ChainReport {
  let facts = 0;
  let quarantined = 0;
  let deleted = 0;
  let head = genesis;
  for (;;) {
    const rows = journalRows(engine, facts, pageSize);
    for (const row of rows) {
      const problem = faultOf(row, facts + 1, head);
      if (problem !== null) return { facts, quarantined, deleted, head, problem };
      facts += 1;
      if (row.kind === 'tombstone') deleted += 1;
      else if (row.fact.refusal !== null) quarantined += 1;
      head = row.hash;
      good(row);
    }
    if (rows.length < pageSize) return { facts, quarantined, deleted, head, problem: null };
  }
}
