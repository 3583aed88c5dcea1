import { isDeepStrictEqual } from 'node:util';
import type { Communication, ReducerContext } from '../../domain/communication/communication.ts';
import { reduceConversation } from '../../domain/communication/reducer.ts';
import { decodeConversation } from '../../domain/model/decode.ts';
import type { Conversation } from '../../domain/model/screenshare.ts';
import { liveThroughADay } from './day.ts';
import { goals } from './goals.mjs';
import { reduceWithImmer } from './immer-reducer.ts';
import { readingOf, type Reading } from './report.ts';
import { volumeStart } from './volume.ts';
import type { Measured, Workshop } from './workshop.ts';

/** So often the day is reduced before it counts: by then the compiler has done its work. */
const warmUps = 10;

type Reduce = (
  known: readonly Communication[],
  conversation: Conversation,
  context: ReducerContext,
) => readonly Communication[];

/** A fact as text, and what the reducer knows besides. */
export interface ReducibleFact {
  readonly body: string;
  readonly conversationId: string;
  readonly context: ReducerContext;
}

/** The product's reducer, in the shape the other has: all communications before → all of them after. */
export const reduceOurWay: Reduce = (known, conversation, context) => {
  const changed = reduceConversation(known, conversation, context);
  const after = new Map(known.map((communication) => [communication.key, communication]));
  for (const communication of changed) after.set(communication.key, communication);
  return [...after.values()];
};

/** P9: the facts of a day, decoded and reduced by the product and with immer. */
export async function measureReduce({ sizes }: Workshop): Promise<Measured> {
  const facts = await factsOfADay();
  const conversations = facts.map(({ body }) => conversationIn(body));
  const decoded = new Map(facts.map((fact, at) => [fact, conversations[at] as Conversation]));
  const ways = [
    (fact: ReducibleFact) => conversationIn(fact.body),
    (fact: ReducibleFact) => decoded.get(fact) as Conversation,
  ];
  const [whole, reduced] = ways.map((read) => inTurns(facts, read, sizes.pairs ?? 60));
  if (!whole || !reduced) throw new Error('Nothing was reduced.');
  const { id, unit, rival } = goals.reduce;
  const alone: Reading = { id, unit, rival, measure: 'one fact reduced, decoded before', ...reduced };
  return { readings: [readingOf('reduce', whole), alone] };
}

export async function factsOfADay(): Promise<ReducibleFact[]> {
  const { commits } = await liveThroughADay(volumeStart);
  return commits.flatMap(({ entry }) =>
    entry.context === null
      ? []
      : [
          {
            body: entry.body,
            conversationId: entry.context.conversationId,
            context: { ...entry.context, receivedAt: entry.receivedAt },
          },
        ],
  );
}

export function conversationIn(body: string): Conversation {
  const decoded = decodeConversation(JSON.parse(body), 'rest');
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.conversation;
}

/** Everything that is known after the facts, by conversation. */
export function reduceAll(
  facts: readonly ReducibleFact[],
  read: (fact: ReducibleFact) => Conversation,
  reduce: Reduce,
): Map<string, readonly Communication[]> {
  const known = new Map<string, readonly Communication[]>();
  for (const fact of facts) {
    const { conversationId, context } = fact;
    known.set(conversationId, reduce(known.get(conversationId) ?? [], read(fact), context));
  }
  return known;
}

/** µs for each fact, a day at a time. */
function inTurns(
  facts: readonly ReducibleFact[],
  read: (fact: ReducibleFact) => Conversation,
  pairs: number,
): { ours: number[]; theirs: number[] } {
  if (!isDeepStrictEqual(reduceAll(facts, read, reduceOurWay), reduceAll(facts, read, reduceWithImmer))) {
    throw new Error('The two reducers come to different results.');
  }
  const once = (reduce: Reduce): number => {
    const start = performance.now();
    reduceAll(facts, read, reduce);
    return ((performance.now() - start) * 1_000) / facts.length;
  };
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let pair = -warmUps; pair < pairs; pair += 1) {
    const [mine, other] = [once(reduceOurWay), once(reduceWithImmer)];
    if (pair < 0) continue;
    ours.push(mine);
    theirs.push(other);
  }
  return { ours, theirs };
}
