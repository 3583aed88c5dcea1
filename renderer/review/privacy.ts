import type { RecordDetail } from '../../domain/review/record-detail.ts';
import type { Listing } from '../../domain/review/record-listing.ts';
import { detailWithoutNames, listingWithoutNames } from '../../domain/review/privacy.ts';
import type { Answer } from '../state/question.ts';
import type { RecordsView } from './record-pages.ts';

/**
 * What the page has read may name people. Once the screen is shared it shows no names, without waiting for anything to
 * be read again: that may fail, or be overtaken.
 */

/** Pages are replaced, never changed, so each is worked on once. */
const unnamedPages = new WeakMap<readonly Listing[], readonly Listing[]>();

function pageWithoutNames(lines: readonly Listing[]): readonly Listing[] {
  const known = unnamedPages.get(lines);
  if (known) return known;
  const unnamed = lines.map(listingWithoutNames);
  unnamedPages.set(lines, unnamed);
  return unnamed;
}

export function viewWithoutNames(view: RecordsView): RecordsView {
  return { ...view, pages: new Map([...view.pages].map(([page, lines]) => [page, pageWithoutNames(lines)])) };
}

export function answerWithoutNames(
  answer: Answer<string, RecordDetail | null>,
): Answer<string, RecordDetail | null> {
  return { ...answer, value: answer.value && detailWithoutNames(answer.value) };
}
