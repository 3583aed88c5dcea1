import type { Communication } from '../../domain/communication/communication.ts';
import { reducerVersion } from '../../domain/communication/reduce-again.ts';
import type { JournalEntry } from '../../domain/database.ts';
import { say } from '../../domain/words/say.ts';

/** What could not be written yet, in the order it came. Bounded: a disk may stay full for a whole day. */

export interface WaitingFact {
  readonly entry: JournalEntry;
  /** What it changed, as far as was known when it came. */
  readonly changed: readonly Communication[];
}

export interface Waiting {
  add(fact: WaitingFact): void;
  /** The one to be written first; null when none waits. */
  first(): WaitingFact | null;
  /** The first one is on the disk. */
  written(): void;
  /** This one is on the disk, wherever it waits by now; nothing where it does not. */
  drop(fact: WaitingFact): void;
  /** The communications of a conversation as what waits has left them. */
  of(conversationId: string): readonly Communication[];
}

export interface WaitingLimits {
  readonly facts: number;
  /** Of their bodies, in UTF-16 units. */
  readonly size: number;
}
const usualLimits: WaitingLimits = { facts: 5_000, size: 16 << 20 };

/** The communications of one conversation as they stand, where the facts behind them found no room. */
function heldFact(communications: readonly Communication[], receivedAt: string): WaitingFact {
  const conversationId = communications[0]?.conversationId ?? '';
  return {
    entry: {
      source: 'held',
      subject: '',
      receivedAt,
      body: JSON.stringify(communications),
      refusal: null,
      context: { conversationId, rules: reducerVersion, userId: '', serverTime: receivedAt },
    },
    changed: communications,
  };
}

/** Says in the journal that something is not in it. */
function lostFact(count: number, receivedAt: string): WaitingFact {
  const refusal = say('database.factsWithoutRoom', { count });
  return {
    entry: { source: 'held', subject: '', receivedAt, body: '', refusal, context: null },
    changed: [],
  };
}

export function createWaiting({ facts: most, size: largest } = usualLimits): Waiting {
  let facts: WaitingFact[] = [];
  let size = 0;
  /** What did not fit: what it came to, by key. */
  let held = new Map<string, Communication>();
  let lost = 0;
  let lastAt = '';

  const isFull = (entry: JournalEntry): boolean =>
    lost > 0 || facts.length >= most || size + entry.body.length > largest;

  /** Nothing but what did not fit is left: it takes the place of the facts. */
  function unfold(): void {
    const byConversation = new Map<string, Communication[]>();
    for (const communication of held.values()) {
      const { conversationId } = communication;
      byConversation.set(conversationId, [...(byConversation.get(conversationId) ?? []), communication]);
    }
    facts = [
      lostFact(lost, lastAt),
      ...[...byConversation.values()].map((communications) => heldFact(communications, lastAt)),
    ];
    size = facts.reduce((sum, { entry }) => sum + entry.body.length, 0);
    held = new Map();
    lost = 0;
  }

  return {
    add: (fact) => {
      lastAt = fact.entry.receivedAt;
      if (isFull(fact.entry)) {
        lost += 1;
        for (const communication of fact.changed) held.set(communication.key, communication);
        return;
      }
      facts.push(fact);
      size += fact.entry.body.length;
    },
    first: () => {
      if (facts.length === 0 && lost > 0) unfold();
      return facts[0] ?? null;
    },
    written: () => {
      size -= facts.shift()?.entry.body.length ?? 0;
    },
    drop: (fact) => {
      const others = facts.filter((one) => one !== fact);
      if (others.length < facts.length) size -= fact.entry.body.length;
      facts = others;
    },
    of: (conversationId) => {
      const latest = new Map<string, Communication>();
      const all = [...facts.flatMap(({ changed }) => changed), ...held.values()];
      for (const communication of all)
        if (communication.conversationId === conversationId) latest.set(communication.key, communication);
      return [...latest.values()];
    },
  };
}
