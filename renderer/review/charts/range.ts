import type { ReviewQuery } from '../../../domain/review/query.ts';
import { isoDate } from '../../../domain/words/time-words.ts';

/** How far back the charts look; `search`: as far as the search does. */
export const ranges = ['search', 'today', 'week', 'month', 'year'] as const;
export type Range = (typeof ranges)[number];

/** Days back to the midnight it begins at; null: not by days. */
const daysBack: Readonly<Record<Range, number | null>> = {
  search: null,
  today: 0,
  week: 6,
  month: 29,
  year: 364,
};

/** What the search finds within this range; `now`: epoch ms. */
export function within(query: ReviewQuery, range: Range, now: number): ReviewQuery {
  const back = daysBack[range];
  if (back === null) return query;
  const today = new Date(now);
  const since = new Date(today.getFullYear(), today.getMonth(), today.getDate() - back).getTime();
  return { ...query, since: query.since === null ? since : Math.max(query.since, since) };
}

/** `2026-11-23`, where a query is about that one day and no other; else null. */
export function dayOf({ since, until }: ReviewQuery, now: number): string | null {
  if (since === null) return null;
  const from = new Date(since);
  const next = new Date(from.getFullYear(), from.getMonth(), from.getDate() + 1).getTime();
  return Math.min(until ?? Infinity, now) <= next ? isoDate(since) : null;
}
