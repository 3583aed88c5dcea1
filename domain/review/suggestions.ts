import { outcomeFilters, outcomeWords } from '../communication/wrapup-outcome.ts';
import { wrapupOutcomes } from '../submissions.ts';
import { isFoundBy, searchWords } from '../words/search-words.ts';
import { say } from '../words/say.ts';
import type { ReviewSource } from './query.ts';
import { parseQuery } from './query-parser.ts';

/** What the search offers while somebody types: filters in plain words, and the queues and codes there are. */

/** A queue or code of the records, and how many have it. */
export interface NamedCount {
  readonly name: string;
  readonly records: number;
}

/** What can be offered by name. */
export interface SearchNames {
  readonly queues: readonly NamedCount[];
  readonly codes: readonly NamedCount[];
}
export const noNames: SearchNames = { queues: [], codes: [] };

export interface Suggestion {
  /** In the words of the search: `queue:"Online banking"`. */
  readonly filter: string;
  /** `Queue: Online banking`. */
  readonly words: string;
  /** How many records have it, where that is known. */
  readonly records: number | null;
  /** What stays in the field when it is taken: the words before those it stands for. */
  readonly rest: string;
}

export const mostSuggestions = 8;
/** Names have up to so many words of what is typed. */
const mostWords = 4;

interface Known {
  readonly filter: string;
  readonly words: string;
  /** Any of these, in words as people type them. */
  readonly keys: readonly string[];
}

/** A quote ends what is quoted: a name with one is asked for by its words without it. */
function quoted(name: string): string {
  const plain = name
    .replace(/["“”„]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return `"${plain}"`;
}

function filtersKnown(): readonly Known[] {
  const one = (filter: string, words: string, ...more: readonly string[]): Known => ({
    filter,
    words,
    keys: [words, ...more],
  });
  return [
    one('since:today', say('review.chip.today')),
    one('since:yesterday until:yesterday', say('review.chip.yesterday')),
    one('since:7d', say('review.chip.week'), say('review.chip.week.also')),
    one('since:30d', say('review.chip.month'), say('review.chip.month.also')),
    one('missed', say('review.chip.missed'), say('review.row.missed')),
    ...wrapupOutcomes
      .filter((outcome) => outcome !== 'missed')
      .map((outcome) =>
        one(
          `is:${outcomeFilters[outcome]}`,
          say('review.chip.outcome', { outcome: outcomeWords(outcome) }),
          outcomeWords(outcome),
          outcomeFilters[outcome],
        ),
      ),
    one('role:sharing', say('review.plain.shared'), 'sharing'),
    one('role:viewing', say('review.plain.viewed'), 'viewing'),
    one('sharing:>5m', say('review.chip.long')),
  ];
}

/** Every word that was typed is in a word of the name; 2 where the name begins with them, 0 where it has them not. */
function rank(name: string, typed: readonly string[]): number {
  const words = searchWords(name);
  const isFound = typed.every((asked) => words.some((word) => isFoundBy(word, asked)));
  if (!isFound) return 0;
  return words.join(' ').startsWith(typed.join(' ')) ? 2 : 1;
}

interface Tail {
  readonly typed: readonly string[];
  readonly rest: string;
}

/** The last words of what is typed, longest first: a name may have several. */
function tailsOf(text: string): Tail[] {
  const starts = [...text.matchAll(/\S+/g)].map(({ index }) => index).slice(-mostWords);
  return starts.flatMap((from) => {
    const tail = text.slice(from);
    // Who writes the language of the search needs no offers.
    if (/[:"“”„]/.test(tail)) return [];
    const typed = searchWords(tail);
    return typed.length === 0 ? [] : [{ typed, rest: text.slice(0, from).trimEnd() }];
  });
}

/** `taken`: filters that are in the search already. */
export function suggestionsFor(
  text: string,
  names: SearchNames,
  taken: readonly string[],
  source: ReviewSource = 'desk',
): Suggestion[] {
  // After a space the word before it is finished.
  if (/\s$/.test(text)) return [];
  const known = filtersKnown().filter(({ filter }) => parseQuery(filter, 0, source).ok);
  const found = tailsOf(text).flatMap(({ typed, rest }) => {
    const filters = known.map(({ filter, words, keys }) => ({
      filter,
      words,
      records: null,
      rest,
      rank: 2 * Math.max(...keys.map((key) => (rank(key, typed) === 2 ? 2 : 0))),
    }));
    const named = (kind: 'queue' | 'code', list: readonly NamedCount[]) =>
      list.map(({ name, records }) => ({
        filter: `${kind}:${quoted(name)}`,
        words: say(`review.chip.${kind}`, { name }),
        records,
        rest,
        rank: rank(name, typed),
      }));
    return [...filters, ...named('queue', names.queues), ...named('code', names.codes)]
      .filter((each) => each.rank > 0)
      .sort((one, other) => other.rank - one.rank || (other.records ?? 0) - (one.records ?? 0));
  });
  const seen = new Set(taken);
  return found
    .flatMap(({ rank: _rank, ...suggestion }) => {
      if (seen.has(suggestion.filter)) return [];
      seen.add(suggestion.filter);
      return [suggestion];
    })
    .slice(0, mostSuggestions);
}

/** A filter as a person reads it: `Today`, `Queue: Online banking`; as it is written where it has no words. */
export function chipWords(filter: string): string {
  const known = filtersKnown().find((each) => each.filter === filter);
  if (known) return known.words;
  const [, kind, name = ''] = /^(queue|code):"(.*)"$/.exec(filter) ?? [];
  return kind === 'queue' || kind === 'code' ? say(`review.chip.${kind}`, { name }) : filter;
}
