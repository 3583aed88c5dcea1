/** Scripts that put no spaces between words. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

/** Letters that Unicode does not take apart, as people write them who do not have them on their keyboard. */
const plainLetters: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  ħ: 'h',
  ŧ: 't',
};
const foreignLetters = new RegExp(`[${Object.keys(plainLetters).join('')}]`, 'gu');

/** A letter or digit as it is compared; empty for anything else. */
export function foldedLetters(character: string): string {
  const before = folded.get(character);
  if (before !== undefined) return before;
  const letters = searchWords(character).join('');
  if (folded.size < foldedAtMost) folded.set(character, letters);
  return letters;
}
/** A language has few characters, and each of them is compared again with every key. */
const folded = new Map<string, string>();
const foldedAtMost = 5000;

/**
 * The words of a text as people look for them: without capitals, accents and punctuation. Where a script has no
 * spaces every character is a word. A change of this takes a migration that notes every record in `listing_behind`,
 * as the index holds these words.
 */
export function searchWords(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(foreignLetters, (letter) => plainLetters[letter] ?? letter)
    .replace(unspaced, ' $& ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** From so many letters on a word is looked for inside other words too; shorter ones would be in nearly all of them. */
export const insideFrom = 3;

/** Whether this word of a text is found by that one; both folded, see `searchWords`. */
export function isFoundBy(word: string, asked: string): boolean {
  return Array.from(asked).length < insideFrom ? word.startsWith(asked) : word.includes(asked);
}
