import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Communication } from '../../domain/fold/communication.ts';
import { refold } from '../../domain/fold/refold.ts';
import type { JournalEntry } from '../../domain/memory.ts';
import { say } from '../../domain/words/say.ts';
import type { StoredFact } from './chain.ts';
import {
  communicationsTable,
  conversationRows,
  parseCommunication,
  type StoredRecord,
} from './communications.ts';
import { numberIn } from './columns.ts';
import type { Database } from './database.ts';
import { contextOf, journalRows } from './journal.ts';
import { parseJson } from './json.ts';
import { communicationSchema } from './schemas.ts';

/**
 * Makes the records anew from their facts and compares them with those that are stored: a record that was
 * changed, removed or put in behind the program's back shows, whatever its checksum says. A conversation is
 * held only from its first fact to its last, so this takes the same memory for any number of records.
 */
export interface Replay {
  /** The next fact, in order; those that were deleted are passed over. */
  readonly take: (fact: StoredFact) => void;
  /** After the last fact. */
  readonly end: () => ReplayReport;
}

export interface ReplayReport {
  /** Records that came out equal. */
  readonly rebuilt: number;
  /** Records that cannot be made anew: older than the journal keeps what it takes, or folded by other rules. */
  readonly notRebuilt: number;
  /** The first record or fact that is not right; what comes after it is not judged. */
  readonly problem: string | null;
}

/** A conversation some of whose records are still to be compared. */
interface Rebuilding {
  readonly stored: ReadonlyMap<string, StoredRecord>;
  readonly known: Map<string, Communication>;
  /** One of its facts or records cannot be followed, so none can. */
  given: boolean;
}

const heldSchema = z.array(communicationSchema);

/** Communications in the body of a `held` fact. */
export function parseHeld(body: string): readonly Communication[] {
  return heldSchema.parse(JSON.parse(body));
}

/** As the file would give it back. */
function throughJson(communication: Communication): Communication {
  return parseJson(JSON.stringify(communication), communicationSchema, communication.key);
}

/** Path of the first field in which two values differ; empty when they do not. */
export function firstDifference(a: unknown, b: unknown): string {
  if (isDeepStrictEqual(a, b)) return '';
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return '';
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  const name = names.find((each) => !isDeepStrictEqual(one[each], other[each])) ?? '';
  const inner = firstDifference(one[name], other[name]);
  return inner === '' ? name : `${name}.${inner}`;
}

/** A kept fact as it was handed over. */
export function entryOf(fact: StoredFact): JournalEntry {
  return {
    source: fact.source === 'socket' || fact.source === 'held' ? fact.source : 'rest',
    subject: fact.subject,
    receivedAt: fact.receivedAt,
    body: Buffer.from(fact.body).toString('utf8'),
    refusal: fact.refusal,
    context: contextOf(fact),
  };
}

export function createReplay(database: Database): Replay {
  const open = new Map<string, Rebuilding>();
  let rebuilt = 0;
  let given = 0;
  let problem: string | null = null;

  function found(text: string): void {
    problem ??= text;
  }

  function rebuildingOf(conversationId: string, seq: number): Rebuilding {
    const before = open.get(conversationId);
    if (before) return before;
    const records = conversationRows(database, conversationId);
    const rebuilding: Rebuilding = {
      stored: new Map(records.map((record) => [record.communication.key, record])),
      known: new Map(),
      given: records.some(({ row }) => row.first_fact === null || row.last_fact === null),
    };
    // What ended before is what it was made of: it has been compared.
    for (const { row, communication } of records)
      if ((row.last_fact ?? seq) < seq) rebuilding.known.set(communication.key, communication);
    open.set(conversationId, rebuilding);
    return rebuilding;
  }

  /** What is stored of a record this fact changed, against what the fact made of it. */
  function compare(made: Communication, isNew: boolean, stored: StoredRecord | undefined, seq: number): void {
    const { key } = made;
    if (!stored) {
      found(say('memory.verify.recordMissing', { key, fact: seq }));
      return;
    }
    const { row, communication } = stored;
    const first = row.first_fact ?? 0;
    const last = row.last_fact ?? 0;
    if (last < seq || isNew !== (first === seq)) {
      found(say('memory.verify.recordBehind', { key, fact: seq }));
      return;
    }
    if (last > seq) return;
    rebuilt += 1;
    if (row.json === JSON.stringify(made)) return;
    const field = firstDifference(communication, throughJson(made));
    if (field !== '') found(say('memory.verify.recordChanged', { key, field }));
  }

  function fold(fact: StoredFact, conversationId: string, rebuilding: Rebuilding): void {
    const folded = refold(entryOf(fact), [...rebuilding.known.values()], parseHeld);
    if (folded.kind === 'not-folded') rebuilding.given = true;
    if (folded.kind === 'unreadable')
      found(say('memory.verify.factUnreadable', { fact: fact.seq, reason: folded.reason }));
    if (folded.kind !== 'folded' || rebuilding.given) return;
    for (const made of folded.changed) {
      if (made.conversationId !== conversationId) continue;
      compare(made, !rebuilding.known.has(made.key), rebuilding.stored.get(made.key), fact.seq);
      rebuilding.known.set(made.key, made);
    }
    const keys = new Set(folded.changed.map(({ key }) => key));
    for (const [key, { row }] of rebuilding.stored)
      if (row.last_fact === fact.seq && !keys.has(key))
        found(say('memory.verify.recordInvented', { key, fact: fact.seq }));
  }

  /** Of a conversation given up on, its records are counted when their time comes. */
  function close(conversationId: string, { stored, given: isGiven }: Rebuilding, seq: number): void {
    const records = [...stored.values()];
    if (records.some(({ row }) => (row.last_fact ?? 0) > seq)) return;
    open.delete(conversationId);
    if (isGiven)
      given += records.filter(({ row }) => row.first_fact !== null && row.last_fact === seq).length;
  }

  function conversationOf(fact: StoredFact): string | null {
    return contextOf(fact)?.conversationId ?? null;
  }

  const count = (where: string): number => {
    const row = database.first(`SELECT count(*) AS n FROM communications WHERE ${where}`);
    return row ? (numberIn(row, 'n') ?? 0) : 0;
  };

  /** A record whose last fact is not about it was made by none. */
  function findInvented(): void {
    let after = Number.MIN_SAFE_INTEGER;
    for (;;) {
      const page = communicationsTable.find(database, after, 500);
      for (const { position, row } of page) {
        after = position;
        if (row.first_fact === null || row.last_fact === null) continue;
        const [last] = journalRows(database, row.last_fact - 1, 1);
        const fact = last?.kind === 'fact' && last.fact.seq === row.last_fact ? last.fact : null;
        const about = fact && conversationOf(fact);
        if (about !== parseCommunication(row).conversationId)
          found(say('memory.verify.recordInvented', { key: row.key, fact: row.last_fact }));
      }
      if (page.length < 500 || problem !== null) return;
    }
  }

  return {
    take: (fact) => {
      const conversationId = problem === null && fact.refusal === null ? conversationOf(fact) : null;
      if (conversationId === null) return;
      const rebuilding = rebuildingOf(conversationId, fact.seq);
      fold(fact, conversationId, rebuilding);
      close(conversationId, rebuilding, fact.seq);
    },
    end: () => {
      const old = count('first_fact IS NULL OR last_fact IS NULL');
      if (problem === null && rebuilt + given + old !== count('1')) {
        findInvented();
        found(say('memory.verify.recordsUnequal', { expected: count('1'), found: rebuilt + given + old }));
      }
      return { rebuilt, notRebuilt: given + old, problem };
    },
  };
}
