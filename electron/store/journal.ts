import { createHash } from 'node:crypto';
import type { JournalEntry } from '../../domain/memory.ts';
import { say } from '../../domain/words/say.ts';
import { asBytes, asNumber, bytesIn, numberIn, textIn } from './columns.ts';
import type { Database, Row } from './database.ts';
import { genesis, type Totals } from './totals.ts';

/**
 * What was received, append-only (triggers refuse anything else) and chained: every row's hash covers all
 * its fields and the hash before it, so a row changed, removed or put in between shows.
 */

interface StoredFact {
  readonly seq: number;
  readonly source: string;
  readonly subject: string;
  readonly receivedAt: string;
  readonly body: Uint8Array;
  readonly refusal: string | null;
}

/** Fields as one JSON array, then a NUL (which JSON cannot hold), then the body: no two facts encode alike. */
function chained(previous: string, fact: StoredFact): string {
  const fields = [fact.seq, fact.source, fact.subject, fact.receivedAt, fact.refusal];
  return createHash('sha256')
    .update(Buffer.from(previous, 'hex'))
    .update(JSON.stringify(fields))
    .update('\0')
    .update(fact.body)
    .digest('hex');
}

/** As the file gives it back: half of a surrogate pair has no UTF-8. */
const asStored = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

/** Appends inside the caller's transaction; answers the totals with this fact counted. */
export function append(database: Database, entry: JournalEntry, totals: Totals): Totals {
  const fact: StoredFact = {
    seq: totals.facts + 1,
    source: entry.source,
    subject: asStored(entry.subject),
    receivedAt: asStored(entry.receivedAt),
    body: Buffer.from(entry.body, 'utf8'),
    refusal: entry.refusal === null ? null : asStored(entry.refusal),
  };
  const head = chained(totals.head, fact);
  database.run(
    'INSERT INTO journal (seq, source, subject, received_at, body, refusal, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
    fact.seq,
    fact.source,
    fact.subject,
    fact.receivedAt,
    fact.body,
    fact.refusal,
    head,
  );
  return {
    ...totals,
    facts: fact.seq,
    quarantined: totals.quarantined + (entry.refusal === null ? 0 : 1),
    head,
  };
}

const columns = [
  asNumber('seq'),
  asBytes('source'),
  asBytes('subject'),
  asBytes('received_at'),
  asBytes('body'),
  asBytes('refusal'),
  asBytes('hash'),
].join(', ');

function factIn(row: Row): StoredFact {
  return {
    seq: numberIn(row, 'seq') ?? 0,
    source: textIn(row, 'source'),
    subject: textIn(row, 'subject'),
    receivedAt: textIn(row, 'received_at'),
    body: bytesIn(row, 'body'),
    refusal: row['refusal'] === null ? null : textIn(row, 'refusal'),
  };
}

export interface ChainReport {
  readonly facts: number;
  readonly quarantined: number;
  /** Hash of the last row as it is stored. */
  readonly head: string;
  /** The first bad row; the rows after it are not judged by a chain that is already broken. */
  readonly problem: string | null;
}

const pageSize = 500;

/** Walks the whole chain in pages: constant memory. */
export function verifyJournal(database: Database): ChainReport {
  let facts = 0;
  let quarantined = 0;
  let head = genesis;
  for (;;) {
    const rows: readonly Row[] = database.all(
      `SELECT ${columns} FROM journal WHERE seq > ? ORDER BY seq LIMIT ?`,
      facts,
      pageSize,
    );
    for (const row of rows) {
      const expected = facts + 1;
      const fact = factIn(row);
      const hash = textIn(row, 'hash');
      const broken = (problem: string): ChainReport => ({ facts, quarantined, head, problem });
      if (fact.seq !== expected)
        return broken(say('memory.verify.factMissing', { fact: expected, next: fact.seq }));
      if (hash !== chained(head, fact)) return broken(say('memory.verify.factChanged', { fact: expected }));
      facts = expected;
      quarantined += fact.refusal === null ? 0 : 1;
      head = hash;
    }
    if (rows.length < pageSize) return { facts, quarantined, head, problem: null };
  }
}
