import type { Communication } from '../../../domain/communication/communication.ts';
import { reducerVersion, reduceAgain } from '../../../domain/communication/reduce-again.ts';
import {
  communicationsTable,
  ofConversation,
  parseCommunication,
  putCommunications,
} from '../communications.ts';
import type { Engine } from '../engine.ts';
import { append, journalRows } from '../journal.ts';
import { entryOf, parseHeld } from '../replay.ts';
import { readTotals, writeTotals } from '../totals.ts';
import { wholeRows } from './whole-rows.ts';

/** What the saved records need from outside. */
export interface Circumstances {
  /** ISO-8601. */
  readonly now: string;
  readonly newSalt: () => Uint8Array;
}

const pageSize = 500;

/** Two values this program wrote itself, compared as it writes them. */
export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

interface Found {
  readonly communication: Communication;
  /** Numbers of the facts that made it and changed it last. */
  readonly first: number | null;
  readonly last: number | null;
}

function storedOf(into: Engine, key: string): Communication | null {
  const row = communicationsTable.select(into, 'WHERE key = ?', key)[0];
  return row ? parseCommunication(row) : null;
}

/** Puts records in and counts the new ones, inside the caller's transaction. */
function put(into: Engine, communications: readonly Communication[], fact: number): void {
  const added = putCommunications(into, communications, fact);
  const totals = readTotals(into);
  writeTotals(into, { ...totals, records: totals.records + added });
}

/** The facts behind them are saved: they follow from those, now as before. */
function putWithTheirFacts(into: Engine, { communication, first, last }: Found): void {
  // The first time makes it, the last one says by which fact it is what it is.
  if (first !== null) put(into, [communication], first);
  if (last !== null && last !== first) put(into, [communication], last);
}

/** The facts behind them are lost: the journal holds them as they stood, like any that found no room once. */
function putAsHeld(
  into: Engine,
  conversationId: string,
  all: readonly Communication[],
  at: Circumstances,
): void {
  const context = { conversationId, rules: reducerVersion, userId: '', serverTime: at.now };
  const entry = {
    source: 'held',
    subject: 'salvage',
    receivedAt: at.now,
    body: JSON.stringify(all),
    refusal: null,
    context,
  } as const;
  const totals = append(into, entry, readTotals(into), at.newSalt());
  writeTotals(into, totals);
  put(into, all, totals.facts);
}

/** Reduces the facts after `since` again, as when they arrived; answers which fact changed each record last. */
function reduceFactsAgain(into: Engine, since: number): Map<string, number> {
  const made = new Map<string, number>();
  for (let after = since; ; after += pageSize) {
    const rows = journalRows(into, after, pageSize);
    for (const row of rows) {
      if (row.kind === 'tombstone') continue;
      const entry = entryOf(row.fact);
      const known = entry.context ? ofConversation(into, entry.context.conversationId) : [];
      const reduced = reduceAgain(entry, known, parseHeld);
      if (reduced.kind !== 'reduced') continue;
      put(into, reduced.changed, row.fact.seq);
      for (const { key } of reduced.changed) made.set(key, row.fact.seq);
    }
    if (rows.length < pageSize) return made;
  }
}

/**
 * Takes over the records in which the damaged database differs: it is the later one. Answers how many.
 * @param into with the facts that could be saved: those after number `since`
 */
export function saveRecords(
  damaged: Engine,
  into: Engine,
  since: number,
  circumstances: Circumstances,
): number {
  const { rows } = wholeRows(damaged, communicationsTable, 'key', (row): Found => ({
    communication: parseCommunication(row),
    first: row.first_fact,
    last: row.last_fact,
  }));
  return into.transaction(() => {
    const made = reduceFactsAgain(into, since);
    const { facts } = readTotals(into);
    const newer = rows.filter(
      ({ communication, last }) =>
        made.get(communication.key) !== last && !isSame(storedOf(into, communication.key), communication),
    );
    const held = new Map<string, Communication[]>();
    for (const found of newer) {
      const { conversationId } = found.communication;
      if (found.first !== null && found.last !== null && found.last <= facts) putWithTheirFacts(into, found);
      else held.set(conversationId, [...(held.get(conversationId) ?? []), found.communication]);
    }
    for (const [conversationId, changed] of held) putAsHeld(into, conversationId, changed, circumstances);
    return new Set([...made.keys(), ...newer.map(({ communication }) => communication.key)]).size;
  });
}
