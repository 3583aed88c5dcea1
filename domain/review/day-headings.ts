import { dateWords, daysBetween, spokenDate } from '../words/time-words.ts';
import { joinClauses, say } from '../words/say.ts';
import { measureWords, type Figure } from './chart-figures.ts';

/** The days a list in order of time is divided by. */

export type DaySum = Pick<Figure, 'name' | 'shares' | 'onAirMs'>;

/** It stands above the row it names. */
export interface DayHeading {
  readonly row: number;
  /** Any moment of the day, epoch ms. */
  readonly at: number;
  /** Null until it is known. */
  readonly sum: DaySum | null;
}

/**
 * @param days of the whole search, oldest first; null while they are not known: then the rows that are here say what
 *   they can
 * @param first the times of the first rows, epoch ms
 */
export function dayHeadings(
  days: readonly DaySum[] | null,
  first: readonly number[],
  { rows, descending }: { readonly rows: number; readonly descending: boolean },
): readonly DayHeading[] {
  if (rows === 0) return [];
  if (days === null || days.length === 0) return ofRows(first);
  const counted = days.reduce((sum, { shares }) => sum + shares, 0);
  const headings: DayHeading[] = [];
  // Records that came since the days were counted are the newest.
  let row = descending ? rows - counted : 0;
  for (const sum of descending ? days.toReversed() : days) {
    const at = new Date(`${sum.name}T12:00`).getTime();
    const from = headings.length === 0 ? 0 : Math.max(0, row);
    // Records that went since were the newest, too: of a day without any there is no heading.
    if (headings.at(-1)?.row === from) headings.pop();
    headings.push({ row: from, at, sum });
    row += sum.shares;
  }
  return headings.filter((heading) => heading.row < rows);
}

function ofRows(times: readonly number[]): DayHeading[] {
  return times.flatMap((at, row) => {
    const before = times[row - 1];
    return before !== undefined && daysBetween(before, at) === 0 ? [] : [{ row, at, sum: null }];
  });
}

/** `Today · 14 · 52 min sharing`. */
export function dayHeadingWords({ at, sum }: DayHeading, now: number, locale: string): string {
  const ago = daysBetween(at, now);
  const near = ago === 0 ? say('review.chip.today') : ago === 1 ? say('review.chip.yesterday') : null;
  const day = near ?? (ago > 1 && ago < 7 ? spokenDate(at, locale) : dateWords(at, locale));
  if (sum === null) return day;
  const sharing =
    sum.onAirMs > 0
      ? say('review.day.sharing', { length: measureWords('onAirMs', sum.onAirMs, locale) })
      : '';
  return joinClauses([day, measureWords('shares', sum.shares, locale), sharing]);
}
