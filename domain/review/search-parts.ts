import { joinClauses } from '../words/say.ts';
import { writtenParts } from './query-parser.ts';
import { chipWords, type SearchNames } from './suggestions.ts';

/** A search as it is shown: filters that were taken as chips, and what is typed after them. */
export interface WrittenSearch {
  readonly chips: readonly string[];
  readonly text: string;
}

/** What the search can offer before anything is found. */
export interface OfferedNames extends SearchNames {
  /** Newest first. */
  readonly recent: readonly WrittenSearch[];
}

/** All of it in the words of the search; `textFrom`: where what is typed begins. */
export function wholeText({ chips, text }: WrittenSearch): {
  readonly whole: string;
  readonly textFrom: number;
} {
  const before = chips.map((chip) => `${chip} `).join('');
  return { whole: before + text, textFrom: before.length };
}

export function isEmptySearch({ chips, text }: WrittenSearch): boolean {
  return chips.length === 0 && text.trim() === '';
}

const mostRecent = 6;

/** With this one first. One that was typed on is not kept twice. */
export function withSearch(recent: readonly WrittenSearch[], search: WrittenSearch): WrittenSearch[] {
  const { whole } = wholeText(search);
  const others = recent.filter((each) => wholeText(each).whole.trim() !== whole.trim());
  return [search, ...others].slice(0, mostRecent);
}

/** As a person reads it: `Today · ana`. */
export function searchWordsShown({ chips, text }: WrittenSearch): string {
  return joinClauses([...chips.map(chipWords), text.trim()]);
}

/** One thing a search asks for, and the search without it or of it alone. */
export interface SearchPart {
  /** As a person reads it. */
  readonly words: string;
  readonly without: WrittenSearch;
  readonly alone: WrittenSearch;
}

export function searchParts({ chips, text }: WrittenSearch): SearchPart[] {
  const ofChips = chips.map((chip, at) => ({
    words: chipWords(chip),
    without: { chips: chips.filter((_, other) => other !== at), text },
    alone: { chips: [chip], text: '' },
  }));
  const ofText = writtenParts(text).map(({ from, to }) => ({
    words: text.slice(from, to),
    without: { chips, text: `${text.slice(0, from).trimEnd()} ${text.slice(to).trimStart()}`.trim() },
    alone: { chips: [], text: text.slice(from, to) },
  }));
  return [...ofChips, ...ofText];
}

/** A search that would find something where this one does not. */
export interface Alternative {
  readonly kind: 'without' | 'only';
  readonly part: string;
  readonly records: number;
  readonly search: WrittenSearch;
}
const mostAlternatives = 4;

/**
 * What to leave out of a search that finds nothing, what finds most first; where leaving out one part is not enough,
 * the parts that find something alone.
 * @param count null: what it would find cannot be said
 */
export async function alternativesTo(
  search: WrittenSearch,
  count: (search: WrittenSearch) => Promise<number | null>,
): Promise<Alternative[]> {
  const parts = searchParts(search);
  if (parts.length < 2) return [];
  for (const kind of ['without', 'only'] as const) {
    const found: Alternative[] = [];
    for (const { words: part, without, alone } of parts) {
      const other = kind === 'without' ? without : alone;
      const records = await count(other);
      if (records === null) return [];
      if (records > 0) found.push({ kind, part, records, search: other });
    }
    if (found.length > 0)
      return found.sort((one, other) => other.records - one.records).slice(0, mostAlternatives);
  }
  return [];
}
