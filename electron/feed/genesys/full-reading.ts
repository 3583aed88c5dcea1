import { z } from 'zod';
import type { Arrival } from '../../../domain/feed.ts';
import { excessWords } from '../../../domain/model/decode.ts';
import type { Clock } from '../../../domain/toolbox/clock.ts';
import type { FactQueue } from './fact-queue.ts';
import { conversationsPath, parseAnswer, unexpectedForm, type Answer, type Http } from './http.ts';
import type { FeedLimits } from './limits.ts';

/** `ConversationEntityListing`. */
const pageSchema = z.looseObject({
  // Without this it is no listing; an empty object is not an empty list.
  entities: z.array(z.unknown()),
  pageNumber: z.number().nullish(),
  pageCount: z.number().nullish(),
  total: z.number().nullish(),
  nextUri: z.string().nullish(),
});
type Page = z.infer<typeof pageSchema>;

const withIdSchema = z.looseObject({ id: z.string().min(1) });

/** Everything the server lists for this user. */
export interface Conversations {
  /** Each once, as sent, in the order of the list. */
  readonly entities: readonly unknown[];
  readonly ids: readonly string[];
  /** `ids` is the whole set; false when a page was missing or an entry had no id. */
  readonly complete: boolean;
}

/** Reads all pages. Throws `HttpProblem`. */
export async function readConversations(
  http: Http,
  limits: FeedLimits,
  signal: AbortSignal,
): Promise<Conversations> {
  const entities: unknown[] = [];
  const ids = new Set<string>();
  let nameless = false;
  let total = 0;
  let path: string | null = conversationsPath;

  for (let count = 0; path !== null && count < limits.pages; count += 1) {
    const page: Page = parseAnswer(pageSchema, await http.request('GET', path, { signal }), 'conversations');
    total = Math.max(total, page.total ?? 0);
    const known = ids.size;
    for (const entity of page.entities) {
      const { data } = withIdSchema.safeParse(entity);
      if (data && ids.has(data.id)) continue;
      if (data) ids.add(data.id);
      else nameless = true;
      entities.push(entity);
    }
    // A page that brings nothing new would be read again and again.
    path = ids.size > known ? nextPath(page) : null;
  }
  return { entities, ids: [...ids], complete: path === null && !nameless && ids.size >= total };
}

/** The path of the following page, or null. A link that leads elsewhere is not followed. */
function nextPath({ nextUri, pageNumber, pageCount }: Page): string | null {
  if (nextUri) {
    const origin = 'https://api.invalid';
    const url = URL.canParse(nextUri, origin) ? new URL(nextUri, origin) : null;
    return url?.pathname === conversationsPath ? `${conversationsPath}${url.search}` : null;
  }
  if (pageNumber && pageCount && pageCount > pageNumber) {
    return `${conversationsPath}?pageNumber=${pageNumber + 1}`;
  }
  return null;
}

/** The fact in an answer to a GET. `askedAt` is when it was asked for; the rest as in `Arrival`. */
function readingOf(path: string, body: string, value: unknown, askedAt: string, clock: Clock): Arrival {
  return {
    source: 'rest',
    subject: `GET ${path}`,
    receivedAt: isoNow(clock),
    askedAt,
    body,
    content: { kind: 'conversation', value },
  };
}

/** What makes an answer a conversation; what is in it, the domain reads. */
const conversationFormSchema = z.looseObject({
  id: z.string(),
  participants: z.array(z.unknown()),
});

/** The fact in the answer to a GET of one conversation: unreadable where the answer is not that conversation. */
export function conversationReading(
  conversationId: string,
  path: string,
  { text, json }: Answer,
  askedAt: string,
  clock: Clock,
): Arrival {
  const reading = readingOf(path, text, json, askedAt, clock);
  const excess = excessWords(json);
  if (excess !== null) return { ...reading, content: { kind: 'unreadable', reason: excess } };
  const form = conversationFormSchema.extend({ id: z.literal(conversationId) }).safeParse(json);
  if (form.success) return reading;
  return { ...reading, content: { kind: 'unreadable', reason: unexpectedForm(form.error, 'conversation') } };
}

export function isoNow(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}

export interface FullReadingParts {
  readonly http: Http;
  readonly facts: FactQueue;
  readonly clock: Clock;
  readonly limits: FeedLimits;
  readonly arrived: (arrival: Arrival) => Promise<void>;
  readonly listed: (conversationIds: readonly string[], isAll: boolean) => Promise<void>;
}

/**
 * Reads everything the server lists and puts it into the queue of facts: each conversation, then the list of
 * them. Ends early when the signal is aborted. Throws `HttpProblem`.
 */
export async function readEverything(
  { http, facts, clock, limits, arrived, listed }: FullReadingParts,
  signal: AbortSignal,
): Promise<void> {
  const askedAt = isoNow(clock);
  const { entities, ids, complete } = await readConversations(http, limits, signal);
  for (const value of entities) {
    if (signal.aborted) return;
    await facts.put(() =>
      arrived(readingOf(conversationsPath, JSON.stringify(value), value, askedAt, clock)),
    );
  }
  if (!signal.aborted) await facts.put(() => listed(ids, complete));
}
