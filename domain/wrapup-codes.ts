import type { CodeChoice } from './state.ts';
import { searchWords } from './words/search-words.ts';

/**
 * Finding a wrap-up code while typing. Main has already put favourites and the most used first, so this ranks by a
 * few tiers and keeps that order inside each: a general fuzzy matcher would reorder codes that match equally well.
 */

// How well a code matches, best first. A typo ranks below every true match.
const NAME_START = 0;
const WORD_START = 1;
const INSIDE = 2;
const DESCRIPTION = 3;
const TYPO = 4;
const NOT_AT_ALL = 5;

/**
 * Codes that match every word of `query`, best first; all of them, as given, for an empty query. Case,
 * accents and punctuation do not matter, the order of the words neither.
 */
export function findCodes(codes: readonly CodeChoice[], query: string): readonly CodeChoice[] {
  const typed = searchWords(query);
  if (typed.length === 0) return codes;
  return codes
    .map((code) => ({ code, rank: rankOf(code, typed) }))
    .filter(({ rank }) => rank < NOT_AT_ALL)
    .sort((a, b) => a.rank - b.rank)
    .map(({ code }) => code);
}

/**
 * Whether a digit picks the code of that number instead of being typed: always while nothing is typed, and
 * during a search as long as no code has a digit in its name that the agent could be looking for.
 */
export function digitPicks(codes: readonly CodeChoice[], query: string): boolean {
  return query.trim() === '' || !codes.some((code) => /\d/.test(code.name));
}

/** The code a digit key stands for in the list as shown: `1` is the first. Undefined for any other key. */
export function codeByDigit(shown: readonly CodeChoice[], key: string): CodeChoice | undefined {
  return /^[1-9]$/.test(key) ? shown[Number(key) - 1] : undefined;
}

/** The words of each code, so that a keystroke among a thousand codes does not take them apart again. */
const wordsOf = new WeakMap<CodeChoice, { name: readonly string[]; description: readonly string[] }>();

/** Rank of the word that matches worst. */
function rankOf(code: CodeChoice, typed: readonly string[]): number {
  const known = wordsOf.get(code);
  const { name, description } = known ?? {
    name: searchWords(code.name),
    description: searchWords(code.description),
  };
  if (!known) wordsOf.set(code, { name, description });
  return Math.max(...typed.map((word) => rankOfWord(word, name, description)));
}

function rankOfWord(word: string, name: readonly string[], description: readonly string[]): number {
  if (name[0]?.startsWith(word)) return NAME_START;
  if (name.some((each) => each.startsWith(word))) return WORD_START;
  if (name.some((each) => each.includes(word))) return INSIDE;
  if (description.some((each) => each.startsWith(word))) return DESCRIPTION;
  if (name.some((each) => isNearStart(word, each))) return TYPO;
  return NOT_AT_ALL;
}

/** One slip is forgiven from three letters on, two from six on: shorter words would match everything. */
function slipsAllowed(word: string): number {
  if (word.length < 3) return 0;
  return word.length < 6 ? 1 : 2;
}

/**
 * Whether `typed` is the start of `word` but for a few slips: a letter missing, added, wrong, or two
 * swapped (optimal string alignment distance against every prefix of `word`). The first letters must agree
 * or be swapped with the second: people seldom miss the first key, and short words would match too much.
 */
export function isNearStart(typed: string, word: string): boolean {
  const allowed = slipsAllowed(typed);
  if (allowed === 0) return false;
  if (typed[0] !== word[0] && !(typed[0] === word[1] && typed[1] === word[0])) return false;

  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: word.length + 1 }, (_, column) => column);
  for (let row = 1; row <= typed.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= word.length; column += 1) {
      const same = typed[row - 1] === word[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      const swapped = typed[row - 1] === word[column - 2] && typed[row - 2] === word[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return Math.min(...last) <= allowed;
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}

interface Owner {
  readonly queueId?: string;
  readonly conversationId: string;
}

/**
 * Under what name codes are stored for when the server cannot be asked: they belong to a queue, or, where there is
 * none, to their conversation.
 */
export function codesScope({ queueId, conversationId }: Owner): string {
  return queueId ? `queue/${queueId}` : `conversation/${conversationId}`;
}
