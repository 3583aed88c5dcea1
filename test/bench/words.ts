/** Names and notes for many records, from a seed: a few words very often, many seldom, as people write. */

export type Draw = () => number;

/** Mulberry32: numbers from 0 up to 1, the same for the same seed. */
export function drawing(seed: number): Draw {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const common =
  `the customer could not see screen share and we shared again after restart browser invoice claim page form
  showed where to click sent missing document will call back tomorrow asked for help with login password
  reset account payment order delivery address changed printer driver update network slow meeting room
  second line escalated resolved explained twice very friendly angry waiting since Monday contract ended new
  phone number policy renewal refund approved declined signature uploaded wrong file résumé café naïve`.split(
    /\s+/,
  );
const syllables = 'ka lo mi ne ra to vi sa pe du an el or is un ter man son berg ley ström über ção'.split(
  ' ',
);

const pick = <T>(draw: Draw, list: readonly T[]): T => {
  const one = list[Math.floor(draw() * list.length)];
  if (one === undefined) throw new Error('There is nothing to choose from.');
  return one;
};
/** The first far more often than the last. */
const pickUneven = <T>(draw: Draw, list: readonly T[]): T => {
  const skewed = draw() ** 3;
  return pick(() => skewed, list);
};

function madeUp(draw: Draw): string {
  const parts = Array.from({ length: 2 + Math.floor(draw() * 3) }, () => pick(draw, syllables));
  return parts.join('');
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

export interface Vocabulary {
  readonly peers: readonly string[];
  readonly words: readonly string[];
}

export function vocabulary(): Vocabulary {
  const draw = drawing(4);
  const firsts = Array.from({ length: 400 }, () => capital(madeUp(draw)));
  const lasts = Array.from({ length: 4_000 }, () => capital(madeUp(draw)));
  const peers = Array.from({ length: 20_000 }, () => `${pick(draw, firsts)} ${pick(draw, lasts)}`);
  const seldom = Array.from({ length: 6_000 }, () => madeUp(draw));
  return { peers, words: [...common, ...seldom] };
}

export const someone = ({ peers }: Vocabulary, draw: Draw): string => pickUneven(draw, peers);

/** Of no word to forty; a fifth of the agents write nothing. */
export function someNotes({ words }: Vocabulary, draw: Draw): string {
  if (draw() < 0.2) return '';
  const length = 1 + Math.floor(draw() ** 2 * 40);
  const text = Array.from({ length }, () => pickUneven(draw, words)).join(' ');
  return `${capital(text)}.`;
}

/** What somebody types, letter by letter: names, words of notes, queues, codes, and two of them at once. */
export function typedSearches(
  vocabulary: Vocabulary,
  names: readonly string[],
  searches: number,
): string[][] {
  const draw = drawing(44);
  return Array.from({ length: searches }, (_, turn) => {
    const name = someone(vocabulary, draw).toLowerCase();
    const word = pickUneven(draw, vocabulary.words).toLowerCase();
    const text = [name, word, pick(draw, names).toLowerCase(), `${word} ${name}`][turn % 4] ?? word;
    return Array.from({ length: text.length }, (_each, at) => text.slice(0, at + 1)).filter(
      (typed) => !typed.endsWith(' '),
    );
  });
}
