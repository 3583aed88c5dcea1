import { conversationIdIn } from '../../domain/communication/reduce-again.ts';
import type { StoredFact } from './hash-chain.ts';
import { contextOf } from './journal.ts';

/** What an answer of the time before contexts was about, by what was asked for. */
function askedFor(subject: string): string | null {
  return /^GET \/api\/v2\/conversations\/(.+)$/.exec(subject)?.[1] ?? null;
}

/** The conversation a fact is about; null where it cannot be told. */
export function conversationOf(fact: StoredFact): string | null {
  if (fact.context !== null) return contextOf(fact)?.conversationId ?? null;
  const source = fact.source === 'socket' ? 'socket' : 'rest';
  return conversationIdIn(source, Buffer.from(fact.body).toString('utf8')) ?? askedFor(fact.subject);
}
