import { epoch } from '../../../domain/clocks/time.ts';
import type { StoredFact } from '../hash-chain.ts';
import { asNumber, numberIn, type Engine } from '../engine.ts';
import { contextOf, journalRows } from '../journal.ts';

/**
 * When facts came, by the server's clock: what is deleted for its age must not go by a machine's clock that was
 * wrong. A fact that was reduced says it. One that was refused lies between others in the journal, and the machine's
 * clock then was as far off as theirs.
 */

/** Epoch ms, infinite where nothing tells; it came between the two. */
export interface Span {
  readonly earliest: number;
  readonly latest: number;
}

/** A fact dated by the server's clock. */
interface Dated {
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  /** By how much the machine's clock was behind. */
  readonly behindMs: number;
}

/** Numbers this far off are no neighbours: tombstones between them tell nothing. */
const nearby = 5_000;

/** Null where the server's clock was not known yet: the time in it is the machine's then. */
function dated(fact: StoredFact): Dated | null {
  const context = contextOf(fact);
  const at = context?.cloud ? epoch(context.serverTime) : null;
  if (at === null) return null;
  return { seq: fact.seq, at, behindMs: at - (epoch(fact.receivedAt) ?? at) };
}

/** The last such fact with a number from `first` to `last`, or the first of them. */
function neighbour(engine: Engine, which: 'min' | 'max', first: number, last: number): Dated | null {
  const row = engine.first(
    `SELECT ${asNumber('seq')} FROM (
       SELECT ${which}(seq) AS seq FROM journal
       WHERE seq >= ? AND seq <= ? AND context LIKE '%"cloud":%'
     )`,
    first,
    last,
  );
  const seq = row && numberIn(row, 'seq');
  if (!seq) return null;
  const [found] = journalRows(engine, seq - 1, 1);
  return found?.kind === 'fact' ? dated(found.fact) : null;
}

/** What it may be out of its place by, for all that answers take different times. */
const toleranceMs = 3_600_000;

/** A time its place contradicts says nothing; the place still does. */
function placed(ms: number, { earliest, latest }: Span): number[] {
  if (ms < earliest - toleranceMs || ms > latest + toleranceMs) return [earliest, latest];
  return [Math.min(Math.max(ms, earliest), latest)];
}

/** Answers when each fact came; facts are to be asked about in order. */
export function createFactTimes(engine: Engine): (fact: StoredFact) => Span {
  let before: Dated | null | undefined;
  let after: Dated | null | undefined;

  function around(seq: number): { before: Dated | null; after: Dated | null } {
    if (before === undefined) before = neighbour(engine, 'max', seq - nearby, seq - 1);
    if (after === undefined || (after !== null && after.seq < seq))
      after = neighbour(engine, 'min', seq + 1, seq + nearby);
    return { before, after };
  }

  return (fact) => {
    const own = dated(fact);
    if (own) {
      before = own;
      return { earliest: own.at, latest: own.at };
    }
    const near = around(fact.seq);
    const place = { earliest: near.before?.at ?? -Infinity, latest: near.after?.at ?? Infinity };
    const received = epoch(fact.receivedAt);
    if (received === null) return place;
    const neighbours = [near.before, near.after].filter((one) => one !== null);
    const guesses = neighbours.map(({ behindMs }) => received + behindMs);
    const possible = (neighbours.length === 0 ? [received] : guesses).flatMap((ms) => placed(ms, place));
    return { earliest: Math.min(...possible), latest: Math.max(...possible) };
  };
}
