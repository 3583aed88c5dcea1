import type { Arrival } from '../../../domain/feed.ts';
import type { Clock } from '../../../domain/toolbox/clock.ts';
import type { Http } from './http.ts';
import type { Lane } from './lane.ts';
import type { FeedLimits } from './limits.ts';
import { listingPath, readConversations } from './listing.ts';

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
