import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Communication } from '../../domain/communication/communication.ts';
import { reduceAgain } from '../../domain/communication/reduce-again.ts';
import type { JournalEntry } from '../../domain/database.ts';
import { say } from '../../domain/words/say.ts';
import type { StoredFact } from './hash-chain.ts';
import {
  communicationsTable,
  conversationRows,
  parseCommunication,
  type StoredRecord,
} from './communications.ts';
import { numberIn, type Engine } from './engine.ts';
import { contextOf, conversationOf, journalRows } from './journal.ts';
import { communicationSchema, parseJson } from './schemas.ts';

/**
 * Reduces the facts again and compares the records they make with those that are stored: a record that was
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
  /** Records that cannot be compared: their facts were reduced by other rules. */
  readonly notRebuilt: number;
  /** The first record or fact that is not right; what comes after it is not judged. */
  readonly problem: string | null;
}

/** A conversation some of whose records are still to be compared. */
interface Rebuilding {
  readonly stored: ReadonlyMap<string, StoredRecord>;
  readonly known: Map<string, Communication>;
  /** One of its facts or records cannot be followed, so none can. */
  skipped: boolean;
}

const pageSize = 500;

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
function firstDifference(a: unknown, b: unknown): string {
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

export function createReplay(engine: Engine): Replay {
  const open = new Map<string, Rebuilding>();
  let rebuilt = 0;
  let notRebuilt = 0;
  let problem: string | null = null;

  function found(text: string): void {
    problem ??= text;
  }

  function rebuildingOf(conversationId: string, seq: number): Rebuilding {
    const before = open.get(conversationId);
    if (before) return before;
    const records = conversationRows(engine, conversationId);
    const rebuilding: Rebuilding = {
      stored: new Map(records.map((record) => [record.communication.key, record])),
      known: new Map(),
      skipped: false,
    };
    // What ended before this fact has been compared: the next ones go on from it.
    for (const { row, communication } of records)
      if (row.last_fact !== null && row.last_fact < seq)
        rebuilding.known.set(communication.key, communication);
    open.set(conversationId, rebuilding);
    return rebuilding;
  }

  /** What is stored of a record this fact changed, against what the fact made of it. */
  function compare(made: Communication, isNew: boolean, stored: StoredRecord | undefined, seq: number): void {
    const { key } = made;
    if (!stored) {
      found(say('database.verify.recordMissing', { key, fact: seq }));
      return;
    }
    const { row, communication } = stored;
    const first = row.first_fact ?? 0;
    const last = row.last_fact ?? 0;
    if (last < seq || isNew !== (first === seq)) {
      found(say('database.verify.recordBehind', { key, fact: seq }));
      return;
    }
    if (last > seq) return;
    rebuilt += 1;
    if (row.json === JSON.stringify(made)) return;
    const field = firstDifference(communication, throughJson(made));
    if (field !== '') found(say('database.verify.recordChanged', { key, field }));
  }

  function reduce(fact: StoredFact, conversationId: string, rebuilding: Rebuilding): void {
    const reduced = reduceAgain(entryOf(fact), [...rebuilding.known.values()], parseHeld);
    if (reduced.kind === 'not-reduced') rebuilding.skipped = true;
    if (reduced.kind === 'unreadable')
      found(say('database.verify.factUnreadable', { fact: fact.seq, reason: reduced.reason }));
    if (reduced.kind !== 'reduced' || rebuilding.skipped) return;
    for (const made of reduced.changed) {
      if (made.conversationId !== conversationId) continue;
      compare(made, !rebuilding.known.has(made.key), rebuilding.stored.get(made.key), fact.seq);
      rebuilding.known.set(made.key, made);
    }
    const keys = new Set(reduced.changed.map(({ key }) => key));
    for (const [key, { row }] of rebuilding.stored)
      if (row.last_fact === fact.seq && !keys.has(key))
        found(say('database.verify.recordInvented', { key, fact: fact.seq }));
  }

  /** Of a conversation given up on, its records are counted when their last fact comes by. */
  function close(conversationId: string, { stored, skipped }: Rebuilding, seq: number): void {
    const records = [...stored.values()];
    if (skipped) notRebuilt += records.filter(({ row }) => row.last_fact === seq).length;
    if (records.every(({ row }) => (row.last_fact ?? 0) <= seq)) open.delete(conversationId);
  }

  function isAbout(seq: number, conversationId: string): boolean {
    const [row] = journalRows(engine, seq - 1, 1);
    if (row?.kind !== 'fact' || row.fact.seq !== seq || row.fact.context === null) return false;
    return conversationOf(row.fact) === conversationId;
  }

  /** Why a record cannot be what it says it is: no fact made it, by its own account. */
  function inventedWords(row: StoredRecord['row']): string | null {
    const { key, first_fact: first, last_fact: last } = row;
    const { conversationId } = parseCommunication(row);
    if (first === null || last === null) return say('database.verify.recordUnfounded', { key });
    return isAbout(last, conversationId) ? null : say('database.verify.recordInvented', { key, fact: last });
  }

  function findInvented(): void {
    for (let after = -1; problem === null;) {
      const page = communicationsTable.select(
        engine,
        'WHERE id > ? ORDER BY communications.id LIMIT ?',
        after,
        pageSize,
      );
      for (const row of page) {
        after = row.id ?? after;
        const words = inventedWords(row);
        if (words !== null) found(words);
      }
      if (page.length < pageSize) return;
    }
  }

  return {
    take: (fact) => {
      if (problem !== null || fact.refusal !== null) return;
      const conversationId = conversationOf(fact);
      if (conversationId === null) return;
      const rebuilding = rebuildingOf(conversationId, fact.seq);
      reduce(fact, conversationId, rebuilding);
      close(conversationId, rebuilding, fact.seq);
    },
    end: () => {
      const row = engine.first('SELECT count(*) AS n FROM communications');
      const expected = row ? (numberIn(row, 'n') ?? 0) : 0;
      const followed = rebuilt + notRebuilt;
      if (followed !== expected) {
        findInvented();
        found(say('database.verify.recordsUnequal', { expected, found: followed }));
      }
      return { rebuilt, notRebuilt, problem };
    },
  };
}
