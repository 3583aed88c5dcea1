import type { FactContext, JournalEntry } from '../database.ts';
import { decodeConversation } from '../model/decode.ts';
import { isObject } from '../model/values.ts';
import type { Communication, ReducerContext } from './communication.ts';
import { reduceConversation, reduceMissing } from './reducer.ts';
import { reasonOf } from '../toolbox/result.ts';

/**
 * Version of the rules by which a fact becomes records. Raise it with every change of decoder or reducer that makes
 * the same facts come out differently: what other rules made cannot be made again here.
 */
export const reducerVersion = 6;

/** A journalled fact, reduced once more onto what was known before it. */
type ReducedAgain =
  | { readonly kind: 'reduced'; readonly changed: readonly Communication[] }
  /** It was never reduced (refused), or by other rules, or before the journal kept the context. */
  | { readonly kind: 'not-reduced' }
  /** It was reduced once and cannot be read now. */
  | { readonly kind: 'unreadable'; readonly reason: string };

type Reducible = Pick<JournalEntry, 'source' | 'receivedAt' | 'body' | 'context'>;

/** The conversation in a body as received; in a notification it is in an envelope. */
function conversationIn(source: JournalEntry['source'], body: string): unknown {
  const json: unknown = JSON.parse(body);
  return source === 'socket' && isObject(json) && 'eventBody' in json ? json['eventBody'] : json;
}

function contextOf(
  { userId, serverTime, cloud, overtaken }: FactContext,
  receivedAt: string,
): ReducerContext {
  return {
    userId,
    receivedAt,
    serverTime,
    ...(cloud ? { cloud } : {}),
    ...(overtaken ? { overtaken } : {}),
  };
}

/**
 * Comes out exactly as it did when the fact arrived, given the same `known`.
 * @param parseHeld reads the body of a `held` entry: the communications as they stood
 */
export function reduceAgain(
  { source, receivedAt, body, context }: Reducible,
  known: readonly Communication[],
  parseHeld: (body: string) => readonly Communication[],
): ReducedAgain {
  if (!context || context.rules !== reducerVersion) return { kind: 'not-reduced' };
  try {
    if (source === 'held') return { kind: 'reduced', changed: parseHeld(body) };
    const reducing = contextOf(context, receivedAt);
    if (context.missing) return { kind: 'reduced', changed: reduceMissing(known, reducing) };
    const decoded = decodeConversation(conversationIn(source, body), source);
    if (!decoded.ok) return { kind: 'unreadable', reason: decoded.reason };
    return { kind: 'reduced', changed: reduceConversation(known, decoded.conversation, reducing) };
  } catch (error) {
    return { kind: 'unreadable', reason: reasonOf(error) };
  }
}
