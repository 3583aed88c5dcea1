import type { Communication } from '../../domain/communication/communication.ts';
import { reducerVersion } from '../../domain/communication/reduce-again.ts';
import type { JournalEntry } from '../../domain/database.ts';
import { say } from '../../domain/words/say.ts';

/** Facts that could not be written yet, in the order they came. Bounded: a disk may stay full for a whole day. */

/** A fact and the communications it changed: what one commit writes. */
export interface FactWrite {
  readonly entry: JournalEntry;
  readonly changed: readonly Communication[];
}

export interface PendingWrites {
  add(fact: FactWrite): void;
  /** The one to be written first; null when none waits. */
  first(): FactWrite | null;
  /** It is on the disk; nothing where it does not wait. */
  remove(fact: FactWrite): void;
  /** The communications of a conversation as the facts that wait have left them. */
  of(conversationId: string): readonly Communication[];
}

export interface PendingLimits {
  readonly facts: number;
  /** Of their bodies, in UTF-16 units. */
  readonly size: number;
}
const usualLimits: PendingLimits = { facts: 5_000, size: 16 << 20 };

/** The communications of one conversation as they stand, where the facts behind them found no room. */
function heldFact(communications: readonly Communication[], receivedAt: string): FactWrite {
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
function lostFact(count: number, receivedAt: string): FactWrite {
  const refusal = say('database.factsWithoutRoom', { count });
  return {
    entry: { source: 'held', subject: '', receivedAt, body: '', refusal, context: null },
    changed: [],
  };
}

export function createPendingWrites({ facts: most, size: largest } = usualLimits): PendingWrites {
  let facts: FactWrite[] = [];
  let size = 0;
  /** What the facts without room came to, by key. */
  let withoutRoom = new Map<string, Communication>();
  let lost = 0;
  let lastAt = '';

  const isFull = (entry: JournalEntry): boolean =>
    lost > 0 || facts.length >= most || size + entry.body.length > largest;

  /** Only what found no room is left: what it came to takes the place of its facts. */
  function queueHeld(): void {
    const byConversation = new Map<string, Communication[]>();
    for (const communication of withoutRoom.values()) {
      const { conversationId } = communication;
      byConversation.set(conversationId, [...(byConversation.get(conversationId) ?? []), communication]);
    }
    facts = [
      lostFact(lost, lastAt),
      ...[...byConversation.values()].map((communications) => heldFact(communications, lastAt)),
    ];
    size = facts.reduce((sum, { entry }) => sum + entry.body.length, 0);
    withoutRoom = new Map();
    lost = 0;
  }

  return {
    add: (fact) => {
      lastAt = fact.entry.receivedAt;
      if (isFull(fact.entry)) {
        lost += 1;
        for (const communication of fact.changed) withoutRoom.set(communication.key, communication);
        return;
      }
      facts.push(fact);
      size += fact.entry.body.length;
    },
    first: () => {
      if (facts.length === 0 && lost > 0) queueHeld();
      return facts[0] ?? null;
    },
    remove: (fact) => {
      const at = facts.indexOf(fact);
      if (at === -1) return;
      facts.splice(at, 1);
      size -= fact.entry.body.length;
    },
    of: (conversationId) => {
      const latest = new Map<string, Communication>();
      const all = [...facts.flatMap(({ changed }) => changed), ...withoutRoom.values()];
      for (const communication of all)
        if (communication.conversationId === conversationId) latest.set(communication.key, communication);
      return [...latest.values()];
    },
  };
}
