import type { Http } from './http.ts';
import { parseAnswer } from './http.ts';
import type { FeedLimits } from './limits.ts';
import type { Listing } from './shapes.ts';
import { listingSchema, withIdSchema } from './shapes.ts';

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
