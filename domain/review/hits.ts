import { foldedLetters, insideFrom, isFoundBy, searchWords } from '../words/search-words.ts';
import type { ReviewQuery } from './query.ts';

/** Where in a text the words of a search were found. */

/** A part of a text; `hit`: it is what was searched for. */
export interface MarkedPart {
  readonly text: string;
  readonly hit: boolean;
}

/** What a search looks for in texts, folded; filters that are no words are no part of it. */
export function wordsOfQuery({ words, queue, code }: ReviewQuery): readonly string[] {
  return [...new Set([...words, ...queue, ...code].flatMap((text) => searchWords(text)))];
}

/** One word of a text: its folded letters, and of each the character it comes from. */
interface FoldedWord {
  letters: string[];
  from: number[];
}

const isMark = (character: string): boolean => /^\p{M}$/u.test(character);
const isAlone = (character: string): boolean =>
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u.test(character);

function foldedWords(characters: readonly string[]): FoldedWord[] {
  const words: FoldedWord[] = [];
  let word: FoldedWord | null = null;
  for (const [at, character] of characters.entries()) {
    // An accent that stands by itself belongs to the letter before it.
    if (isMark(character)) continue;
    const letters = Array.from(foldedLetters(character));
    if (letters.length === 0 || isAlone(character)) word = null;
    if (letters.length === 0) continue;
    if (!word) words.push((word = { letters: [], from: [] }));
    word.letters.push(...letters);
    word.from.push(...letters.map(() => at));
    if (isAlone(character)) word = null;
  }
  return words;
}

/** Whether anything of it was asked for. Most texts of a list were not, and to say where takes far longer. */
function hasHit(text: string, asked: readonly string[]): boolean {
  return asked.length > 0 && searchWords(text).some((word) => asked.some((one) => isFoundBy(word, one)));
}

/** The text in its parts, all of it in order; as the search finds them: short words at beginnings only. */
export function markHits(text: string, asked: readonly string[]): readonly MarkedPart[] {
  if (!hasHit(text, asked)) return [{ text, hit: false }];
  const characters = Array.from(text);
  const hits = new Set<number>();
  for (const { letters, from } of foldedWords(characters)) {
    for (const one of asked) {
      const sought = Array.from(one);
      const last = sought.length < insideFrom ? 0 : letters.length - sought.length;
      for (let start = 0; start <= last; start += 1) {
        if (!sought.every((letter, at) => letters[start + at] === letter)) continue;
        for (const at of from.slice(start, start + sought.length)) hits.add(at);
      }
    }
  }
  const parts: { text: string; hit: boolean }[] = [];
  for (const [at, character] of characters.entries()) {
    const before = parts.at(-1);
    const hit = hits.has(at) || (isMark(character) && before?.hit === true);
    if (before?.hit === hit) before.text += character;
    else parts.push({ text: character, hit });
  }
  return parts;
}

/** Characters of notes around what was found in them. */
const around = 24;

/** Where notes say what was searched for: a piece of them around it; '' where they do not. */
export function hitInNotes(notes: string, asked: readonly string[]): string {
  const parts = markHits(notes, asked);
  const at = parts.findIndex(({ hit }) => hit);
  const hit = parts[at];
  if (!hit) return '';
  const before = parts
    .slice(0, at)
    .map(({ text }) => text)
    .join('');
  const after = parts
    .slice(at + 1)
    .map(({ text }) => text)
    .join('');
  const start = before.length > around ? `…${before.slice(-around).replace(/^[\uDC00-\uDFFF]/, '')}` : before;
  const end = after.length > around ? `${after.slice(0, around).replace(/[\uD800-\uDBFF]$/, '')}…` : after;
  return `${start}${hit.text}${end}`.replace(/\s+/g, ' ').trim();
}
