import { z } from 'zod';
import type { Arrival } from '../../../domain/feed.ts';
import type { Clock } from '../../../domain/toolbox/clock.ts';
import { type Http, parseAnswer } from './http.ts';
import type { Lane } from './fact-queue.ts';
import type { FeedLimits } from './limits.ts';

/** `ConversationEntityListing`. */
const listingSchema = z.looseObject({
  entities: z.array(z.unknown()).nullish(),
  pageNumber: z.number().nullish(),
  pageCount: z.number().nullish(),
  total: z.number().nullish(),
  nextUri: z.string().nullish(),
});
type Listing = z.infer<typeof listingSchema>;

const withIdSchema = z.looseObject({ id: z.string().min(1) });

export const listingPath = '/api/v2/conversations';

/** Everything the server lists for this user. */
export interface Conversations {
  /** Each once, as sent, in the order of the listing. */
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
  let path: string | null = listingPath;

  for (let page = 0; path !== null && page < limits.pages; page += 1) {
    const listing: Listing = parseAnswer(
      listingSchema,
      await http.request('GET', path, { signal }),
      'conversations',
    );
    total = Math.max(total, listing.total ?? 0);
    const known = ids.size;
    for (const entity of listing.entities ?? []) {
      const { data } = withIdSchema.safeParse(entity);
      if (data && ids.has(data.id)) continue;
      if (data) ids.add(data.id);
      else nameless = true;
      entities.push(entity);
    }
    // A page that brings nothing new would be read again and again.
    path = ids.size > known ? nextPath(listing) : null;
  }
  return { entities, ids: [...ids], complete: path === null && !nameless && ids.size >= total };
}

/** The path of the following page, or null. A link that leads elsewhere is not followed. */
function nextPath({ nextUri, pageNumber, pageCount }: Listing): string | null {
  if (nextUri) {
    const origin = 'https://api.invalid';
    const url = URL.canParse(nextUri, origin) ? new URL(nextUri, origin) : null;
    return url?.pathname === listingPath ? `${listingPath}${url.search}` : null;
  }
  if (pageNumber && pageCount && pageCount > pageNumber) return `${listingPath}?pageNumber=${pageNumber + 1}`;
  return null;
}

export interface EverythingParts {
  readonly http: Http;
  readonly lane: Lane;
  readonly clock: Clock;
  readonly limits: FeedLimits;
  readonly arrived: (arrival: Arrival) => Promise<void>;
  readonly listed: (conversationIds: readonly string[], isAll: boolean) => Promise<void>;
}

/**
 * Reads everything the server lists and hands it on in its turn: each conversation, then the list of them.
 * Ends early when the signal is aborted. Throws `HttpProblem`.
 */
export async function readEverything(
  { http, lane, clock, limits, arrived, listed }: EverythingParts,
  signal: AbortSignal,
): Promise<void> {
  const now = (): string => new Date(clock.now()).toISOString();
  const askedAt = now();
  const { entities, ids, complete } = await readConversations(http, limits, signal);
  for (const value of entities) {
    if (signal.aborted) return;
    await lane.put(() =>
      arrived({
        source: 'rest',
        subject: `GET ${listingPath}`,
        receivedAt: now(),
        askedAt,
        body: JSON.stringify(value),
        content: { kind: 'conversation', value },
      }),
    );
  }
  if (!signal.aborted) await lane.put(() => listed(ids, complete));
}
