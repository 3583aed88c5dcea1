import type { RecordDetail } from '../../domain/review/record-detail.ts';
import type { Listing } from '../../domain/review/record-listing.ts';
import { detailWithoutNames, listingWithoutNames } from '../../domain/review/privacy.ts';
import type { Answer } from '../state/question.ts';
import type { RecordsView } from './record-pages.ts';

/**
 * What the page has read may name people. From the moment the screen is on air it shows none of it, without
 * waiting for anything to be read again: that may fail, or be overtaken.
 */

/** Pages are replaced, never changed: each is veiled once. */
const veiledPages = new WeakMap<readonly Listing[], readonly Listing[]>();

function veiledPage(lines: readonly Listing[]): readonly Listing[] {
  const known = veiledPages.get(lines);
  if (known) return known;
  const veiled = lines.map(listingWithoutNames);
  veiledPages.set(lines, veiled);
  return veiled;
}

export function viewWithoutNames(view: RecordsView): RecordsView {
  return { ...view, pages: new Map([...view.pages].map(([page, lines]) => [page, veiledPage(lines)])) };
}

export function answerWithoutNames(
  answer: Answer<string, RecordDetail | null>,
): Answer<string, RecordDetail | null> {
  return { ...answer, value: answer.value && detailWithoutNames(answer.value) };
}
