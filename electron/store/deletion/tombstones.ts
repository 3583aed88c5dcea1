import type { Deletion } from '../../../domain/review/deletion.ts';
import { contextStart, digestOf, tombstoneSum, type StoredFact } from '../hash-chain.ts';
import type { Engine } from '../engine.ts';
import { journalRows } from '../journal.ts';

/** Facts become tombstones here and nowhere else. */

/** What some facts were before they were deleted. */
export interface Buried {
  readonly facts: number;
  /** Those of them that had been refused. */
  readonly quarantined: number;
}
export const noneBuried: Buried = { facts: 0, quarantined: 0 };

export function both(a: Buried, b: Buried): Buried {
  return { facts: a.facts + b.facts, quarantined: a.quarantined + b.quarantined };
}

/** When (ISO-8601) and why. */
export interface Burial {
  readonly at: string;
  readonly why: Deletion['kind'];
}

/**
 * Turns facts into tombstones inside the caller's transaction. A fact that is not what its hash says is
 * buried like any other, with the digest of what it is: it stays as bad as it was.
 */
export function bury(engine: Engine, facts: readonly StoredFact[], { at, why }: Burial): Buried {
  const deleted = JSON.stringify({ at, why });
  for (const fact of facts) {
    const tombstone = { seq: fact.seq, digest: digestOf(fact), deleted };
    engine.run(
      `UPDATE journal SET source = NULL, subject = NULL, received_at = NULL, context = NULL, refusal = NULL,
         salt = NULL, body = NULL, digest = ?, deleted = ?, sum = ? WHERE seq = ?`,
      tombstone.digest,
      deleted,
      tombstoneSum(tombstone),
      fact.seq,
    );
  }
  return { facts: facts.length, quarantined: facts.filter(({ refusal }) => refusal !== null).length };
}

const pageSize = 200;

/** Facts about a conversation with numbers from `first` to `last`, in order, as many as `limit`. */
function factsAbout(
  engine: Engine,
  conversationId: string,
  first: number,
  last: number,
  limit: number,
): StoredFact[] {
  const start = contextStart(conversationId);
  return journalRows(
    engine,
    first - 1,
    limit,
    'AND seq <= ? AND substr(context, 1, length(?)) = ?',
    last,
    start,
    start,
  ).flatMap((row) => (row.kind === 'fact' ? [row.fact] : []));
}

/** All of them, a page at a time: a conversation of a day may have thousands. */
export function buryAbout(
  engine: Engine,
  conversationId: string,
  first: number,
  last: number,
  burial: Burial,
): Buried {
  let buried = noneBuried;
  for (;;) {
    // Those of the page before are found no more: they have no context.
    const facts = factsAbout(engine, conversationId, first, last, pageSize);
    buried = both(buried, bury(engine, facts, burial));
    if (facts.length < pageSize) return buried;
  }
}
