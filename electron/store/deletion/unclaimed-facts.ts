import type { Deletion } from '../../../domain/review/deletion.ts';
import type { StoredFact } from '../hash-chain.ts';
import { conversationRows } from '../communications.ts';
import type { Engine } from '../engine.ts';
import { createFactTimes, type Span } from './fact-times.ts';
import { conversationOf, journalRows } from '../journal.ts';
import { bury, type Burial, type Buried } from './tombstones.ts';

/**
 * Facts that no record stands for: refused ones, those about conversations the agent shared nothing in, and those
 * from before a record began.
 */

/** Facts looked at in one step, and numbers: tombstones among them are passed over. */
const stepSize = 200;
const windowSize = 5_000;

type Range = Deletion & { kind: 'range' };

function isWithin({ since, until }: Range, { earliest, latest }: Span): boolean {
  return latest < until && earliest >= (since ?? -Infinity);
}

function mentions({ body, subject }: StoredFact, conversationId: string): boolean {
  return subject.includes(conversationId) || Buffer.from(body).includes(conversationId);
}

interface Place {
  readonly seq: number;
  readonly conversationId: string | null;
}

/**
 * @param after the fact to go on after; for one record its conversation, whose records are deleted already
 * @returns what is deleted, and the fact to go on after; null at the end
 */
export function buryLeftovers(
  engine: Engine,
  what: Deletion,
  after: Place,
  burial: Burial,
): { readonly buried: Buried; readonly next: number | null } {
  const claimed = new Map<string, boolean>();
  const hasRecords = (conversationId: string): boolean => {
    const known = claimed.get(conversationId) ?? conversationRows(engine, conversationId).length > 0;
    claimed.set(conversationId, known);
    return known;
  };
  const isMeant = (fact: StoredFact): boolean => {
    const span = spans.get(fact.seq);
    if (what.kind === 'range' && !(span && isWithin(what, span))) return false;
    if (what.kind === 'one') {
      if (after.conversationId === null || hasRecords(after.conversationId)) return false;
      if (fact.refusal !== null) return mentions(fact, after.conversationId);
      return conversationOf(fact) === after.conversationId;
    }
    if (fact.refusal !== null) return true;
    const conversationId = conversationOf(fact);
    return conversationId === null || !hasRecords(conversationId);
  };

  const upTo = after.seq + windowSize;
  const rows = journalRows(engine, after.seq, stepSize, 'AND seq <= ? AND deleted IS NULL', upTo);
  const facts = rows.flatMap((row) => (row.kind === 'fact' ? [row.fact] : []));
  const timeOf = createFactTimes(engine);
  const spans = new Map(what.kind === 'range' ? facts.map((fact) => [fact.seq, timeOf(fact)]) : []);
  const buried = bury(engine, facts.filter(isMeant), burial);
  const last = facts.length === stepSize ? (facts.at(-1)?.seq ?? upTo) : upTo;
  // Facts come in the order of time: once a whole step is too young, so is the rest.
  const isPast =
    what.kind === 'range' &&
    facts.length > 0 &&
    [...spans.values()].every(({ earliest }) => earliest >= what.until);
  const isEnd = isPast || journalRows(engine, last, 1).length === 0;
  return { buried, next: isEnd ? null : last };
}
