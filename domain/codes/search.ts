import type { CodeChoice, LettersPick } from '../state.ts';
import { foldedLetters, searchWords } from '../words/search-words.ts';

/**
 * Finding a wrap-up code while typing. Main has already put favourites and the most used first, so this ranks by a
 * few tiers and keeps that order inside each: a general fuzzy matcher would reorder codes that match equally well.
 */

/** `Billing / Refund › Partial` → `Billing`, `Refund`, `Partial`. A stroke without spaces is part of a name: `Yes/No`. */
export function pathOf(name: string): readonly string[] {
  const parts = name
    .split(/\s+\/\s+|\s*›\s*/u)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.length === 0 ? [name] : parts;
}

// How well a code matches, best first. Only a match by name may be picked without looking.
const WHOLE_NAME = 0;
const NAME_START = 1;
const WORD_START = 2;
const INSIDE = 3;
const DESCRIPTION = 4;
const NOT_AT_ALL = 5;

/** Up to so many matches, a slip is looked for as well. */
const fewMatches = 5;

export interface FoundCodes {
  /** By name, best first. */
  readonly matches: readonly CodeChoice[];
  /** Only their description has the words. */
  readonly described: readonly CodeChoice[];
  /** Names that the words may be a slip of: “Did you mean”. */
  readonly near: readonly CodeChoice[];
}

/**
 * Codes that match every word of `query`, best first; all of them, as given, for an empty query. Case,
 * accents and punctuation do not matter, the order of the words neither. Among equally good ones the code stands
 * first that these letters chose last.
 */
export function findCodes(
  codes: readonly CodeChoice[],
  query: string,
  picks: readonly LettersPick[] = [],
): FoundCodes {
  const typed = searchWords(query);
  if (typed.length === 0) return { matches: codes, described: [], near: [] };
  const before = pickedBefore(typed.join(' '), picks);
  // Of each rank, first those that have the words in the order they are typed in.
  const tiers: CodeChoice[][] = Array.from({ length: 2 * NOT_AT_ALL }, () => []);
  for (const code of codes) {
    const rank = rankOf(code, typed);
    if (rank < NOT_AT_ALL) tiers[2 * rank + (isInOrder(typed, wordsOf(code)) ? 0 : 1)]?.push(code);
  }
  for (const tier of tiers) {
    const place = tier.findIndex(({ id }) => id === before);
    if (place > 0) tier.unshift(...tier.splice(place, 1));
  }
  const matches = tiers.slice(2 * WHOLE_NAME, 2 * DESCRIPTION).flat();
  const described = tiers.slice(2 * DESCRIPTION).flat();
  // Who finds plenty has made no slip.
  const hasFew = matches.length <= fewMatches;
  return { matches, described, near: hasFew ? nearTo(codes, typed) : [] };
}

/** What was typed, as picks remember it. */
export function lettersOf(query: string): string {
  return searchWords(query).join(' ').slice(0, 40);
}

/** By these letters, else on the way to those that chose, else by the beginning of these. */
function pickedBefore(letters: string, picks: readonly LettersPick[]): string | undefined {
  const onTheWay = (): LettersPick | undefined => picks.find((pick) => pick.letters.startsWith(letters));
  const shorter = (): LettersPick | undefined =>
    picks
      .filter((pick) => pick.letters !== '' && letters.startsWith(pick.letters))
      .reduce<LettersPick | undefined>(
        (best, pick) => (best && best.letters.length >= pick.letters.length ? best : pick),
        undefined,
      );
  return (picks.find((pick) => pick.letters === letters) ?? onTheWay() ?? shorter())?.code;
}

/**
 * Whether a digit picks the row of that number instead of being typed: always while nothing is typed, and
 * during a search as long as no code has a digit in its name that the agent could be looking for.
 */
export function digitPicks(codes: readonly CodeChoice[], query: string): boolean {
  return query.trim() === '' || !codes.some((code) => /\d/.test(code.name));
}

/** Of a `KeyboardEvent`. */
interface KeyPress {
  readonly key: string;
  /** Where the key is: `Digit1`. */
  readonly code: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/**
 * 1 to 9, where a key stands for that; null for any other. Where the base row of the keyboard has no digits (as in
 * France) its keys count too, by their place, but only while nothing is typed: some of them are letters of words.
 */
export function digitOf({ key, code, shiftKey, altKey }: KeyPress, query: string): number | null {
  if (altKey) return null;
  if (/^[1-9]$/.test(key)) return Number(key);
  const isElsewhere = !shiftKey && query.trim() === '' && !/^\d$/.test(key);
  const place = /^Digit([1-9])$/.exec(code)?.[1];
  return isElsewhere && place !== undefined ? Number(place) : null;
}

interface Words {
  readonly name: readonly string[];
  /** First words of the name and of what it is nested in. */
  readonly starts: readonly string[];
  readonly description: readonly string[];
}

/** The words of each code, so that a keystroke among a thousand codes does not take them apart again. */
const known = new WeakMap<CodeChoice, Words>();

function wordsOf(code: CodeChoice): Words {
  const before = known.get(code);
  if (before) return before;
  const name = searchWords(code.name);
  const words: Words = {
    name,
    starts: pathOf(code.name).flatMap((part) => searchWords(part)[0] ?? []),
    description: searchWords(code.description),
  };
  known.set(code, words);
  return words;
}

/** Rank of the word that matches worst. */
function rankOf(code: CodeChoice, typed: readonly string[]): number {
  const words = wordsOf(code);
  if (typed.length === words.name.length && typed.every((word, index) => word === words.name[index]))
    return WHOLE_NAME;
  return Math.max(...typed.map((word) => rankOfWord(word, words)));
}

function isInOrder(typed: readonly string[], { name }: Words): boolean {
  if (typed.length === 1) return true;
  let from = 0;
  return typed.every((word) => {
    const place = name.findIndex((each, index) => index >= from && each.startsWith(word));
    from = place + 1;
    return place >= 0;
  });
}

function rankOfWord(word: string, { name, starts, description }: Words): number {
  if (starts.some((each) => each.startsWith(word))) return NAME_START;
  if (name.some((each) => each.startsWith(word))) return WORD_START;
  if (name.some((each) => each.includes(word))) return INSIDE;
  if (description.some((each) => each.startsWith(word))) return DESCRIPTION;
  return NOT_AT_ALL;
}

/** Codes that match only when slips are forgiven. */
function nearTo(codes: readonly CodeChoice[], typed: readonly string[]): readonly CodeChoice[] {
  return codes.filter((code) => {
    const words = wordsOf(code);
    const ranks = typed.map((word) => rankOfWord(word, words));
    return (
      ranks.includes(NOT_AT_ALL) &&
      typed.every(
        (word, index) => ranks[index] !== NOT_AT_ALL || words.name.some((each) => isNearStart(word, each)),
      )
    );
  });
}

/** A part of a text, and whether it is what was searched for. */
export interface MarkedPart {
  readonly text: string;
  readonly hit: boolean;
}

/** The text in parts, with what each word of `query` hits in it: the start of a word, else the first that has it. */
export function markHits(text: string, query: string): readonly MarkedPart[] {
  const typed = searchWords(query);
  if (typed.length === 0) return [{ text, hit: false }];
  // A letter with the marks that are written on it.
  const characters = text.match(/\P{M}\p{M}*|\p{M}+/gu) ?? [];
  const marked = new Set<number>();
  const letters = characters.map(foldedLetters);
  for (const word of typed) for (const place of placesOfWord(letters, word)) marked.add(place);
  const parts: { text: string; hit: boolean }[] = [];
  for (const [place, character] of characters.entries()) {
    const hit = marked.has(place);
    const last = parts.at(-1);
    if (last?.hit === hit) last.text += character;
    else parts.push({ text: character, hit });
  }
  return parts;
}

/** Which characters the word covers; `letters`: each character as it is compared, empty for a mark or a space. */
function placesOfWord(letters: readonly string[], word: string): readonly number[] {
  let inside: readonly number[] = [];
  for (let start = 0; start < letters.length; start += 1) {
    const places = placesFrom(letters, start, word);
    if (places.length === 0) continue;
    if (start === 0 || letters[start - 1] === '') return places;
    if (inside.length === 0) inside = places;
  }
  return inside;
}

function placesFrom(letters: readonly string[], start: number, word: string): readonly number[] {
  const places: number[] = [];
  let rest = word;
  for (let place = start; rest !== ''; place += 1) {
    const here = letters[place] ?? '';
    // The last of the typed letters may be half of a character: `s` of `ß`.
    if (here === '' || !(rest.startsWith(here) || here.startsWith(rest))) return [];
    places.push(place);
    rest = rest.slice(here.length);
  }
  return places;
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
    if (Math.min(...current) > allowed) return false;
    beforeLast = last;
    last = current;
  }
  return Math.min(...last) <= allowed;
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
