import type { Communication } from '../../../domain/communication/communication.ts';
import { reduceConversation, reduceMissing } from '../../../domain/communication/reducer.ts';
import { reducerVersion } from '../../../domain/communication/reduce-again.ts';
import type { FactContext, JournalEntry } from '../../../domain/database.ts';
import { agentId, at, conversation, ended, live, read, type Told } from '../domain/wire.ts';

/** Facts as the feed brings them, with the records they make: what the journal can be folded again from. */
export interface Step {
  readonly entry: JournalEntry;
  readonly changed: readonly Communication[];
}

export interface Share {
  /** Its conversation's id. */
  readonly id: string;
  /** Seconds into the day. */
  readonly start?: number;
  /** In the customer's name and in the wrap-up's notes. */
  readonly words?: string;
  /** Up to here: `alerting`, `live`, `due` or (all of it) `settled`. */
  readonly until?: 'alerting' | 'live' | 'due' | 'settled' | 'missing';
}

const stages = ['alerting', 'live', 'due', 'settled'] as const;

function toldAt(stage: (typeof stages)[number], words: string): Told['leg'] {
  switch (stage) {
    case 'alerting':
      return { state: 'alerting', sharing: false };
    case 'live':
      return { ...live, sharing: true, peerCount: 2 };
    case 'due':
      return { ...ended, afterCallWork: { state: 'pending' } };
    case 'settled':
      return {
        ...ended,
        afterCallWork: { state: 'complete', endTime: at(60) },
        wrapup: { code: 'code-1', name: 'Resolved', notes: `${words} was told`, endTime: at(60) },
      };
  }
}

/** The context and the time of every fact about this conversation. */
export function knownAt(id: string, seconds: number): FactContext {
  return {
    conversationId: id,
    rules: reducerVersion,
    userId: agentId,
    serverTime: at(seconds + 0.2),
    cloud: { offsetMs: 200, uncertaintyMs: 40 },
  };
}

export function share({ id, start = 0, words = 'Ana', until = 'settled' }: Share): Step[] {
  let known: readonly Communication[] = [];
  const steps: Step[] = [];
  const reached = until === 'missing' ? ['alerting', 'live'] : stages.slice(0, stages.indexOf(until) + 1);
  const step = (entry: JournalEntry, changed: readonly Communication[]): void => {
    known = changed;
    steps.push({ entry, changed });
  };
  for (const [index, stage] of stages.filter((one) => reached.includes(one)).entries()) {
    const seconds = start + index * 10;
    const told = conversation({
      conversation: { id },
      customer: { name: `Customer ${words}` },
      leg: { id: `leg-${id}`, ...toldAt(stage, words) },
    });
    const kept = knownAt(id, seconds);
    const socket = index % 2 === 0;
    const body = JSON.stringify(
      socket ? { topicName: `v2.users.${agentId}.conversations`, version: '2', eventBody: told } : told,
    );
    const subject = socket ? `v2.users.${agentId}.conversations` : `GET /api/v2/conversations/${id}`;
    const receivedAt = at(seconds);
    step(
      { source: socket ? 'socket' : 'rest', subject, receivedAt, body, refusal: null, context: kept },
      reduceConversation(known, read(told), { ...kept, receivedAt }),
    );
  }
  if (until === 'missing') {
    const seconds = start + 100;
    const kept = { ...knownAt(id, seconds), missing: true } as const;
    const receivedAt = at(seconds);
    const subject = `GET /api/v2/conversations/${id}`;
    step(
      { source: 'rest', subject, receivedAt, body: '{"status":404}', refusal: null, context: kept },
      reduceMissing(known, { ...kept, receivedAt }),
    );
  }
  return steps;
}
