import { createHash } from 'node:crypto';
import type { FactContext, JournalEntry } from '../../domain/database.ts';

/**
 * How facts are chained. A fact's digest covers a salt and all that is kept of it, and its hash the digest
 * and the hash before it. So a deleted fact still links the chain by its digest, and, its salt being gone,
 * does not even confirm a guess about what it held.
 */

/** A fact as the file has it. */
export interface StoredFact {
  readonly seq: number;
  readonly source: string;
  readonly subject: string;
  readonly receivedAt: string;
  /** JSON of a `FactContext`; null for a refused fact. */
  readonly context: string | null;
  readonly body: Uint8Array;
  readonly refusal: string | null;
  readonly salt: Uint8Array;
}

/** What is left of a deleted fact. */
export interface Tombstone {
  readonly seq: number;
  readonly digest: string;
  /** JSON: `{"at": ISO-8601, "why": "one" | "range" | "all"}`. */
  readonly deleted: string;
}

/** As the file gives it back: half of a surrogate pair has no UTF-8. */
export const asStored = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

/** The id comes first: with it in front the facts of a conversation are found without parsing any. */
function contextText({ conversationId, ...rest }: FactContext): string {
  return JSON.stringify({ conversationId, ...rest });
}

/** What the context of every fact about a conversation begins with, and no other. */
export function contextStart(conversationId: string): string {
  return `${JSON.stringify({ conversationId }).slice(0, -1)},`;
}

/** @param salt 16 random bytes, never used for another fact */
export function storedFact(seq: number, entry: JournalEntry, salt: Uint8Array): StoredFact {
  return {
    seq,
    source: entry.source,
    subject: asStored(entry.subject),
    receivedAt: asStored(entry.receivedAt),
    context: entry.context && asStored(contextText(entry.context)),
    body: Buffer.from(entry.body, 'utf8'),
    refusal: entry.refusal === null ? null : asStored(entry.refusal),
    salt,
  };
}

/** Fields as one JSON array, then a NUL (which JSON cannot hold), then the body: no two facts encode alike. */
export function digestOf(fact: StoredFact): string {
  const fields = [fact.seq, fact.source, fact.subject, fact.receivedAt, fact.context, fact.refusal];
  return createHash('sha256')
    .update(fact.salt)
    .update(JSON.stringify(fields))
    .update('\0')
    .update(fact.body)
    .digest('hex');
}

export function linked(previous: string, digest: string): string {
  return createHash('sha256').update(previous, 'hex').update(digest, 'hex').digest('hex');
}

/** Covers what no hash does: when and why. */
export function tombstoneSum({ seq, digest, deleted }: Tombstone): string {
  return createHash('sha256')
    .update(JSON.stringify([seq, digest, deleted]))
    .digest('hex');
}
