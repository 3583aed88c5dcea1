/**
 * Seeded randomness whose state is one number inside the saved world, so that a resumed world draws
 * the same numbers an uninterrupted one would have drawn. (mulberry32)
 */
export interface Random {
  random: number;
}

/** The next number in [0, 1). */
export function draw(holder: Random): number {
  holder.random = (holder.random + 0x6d2b79f5) >>> 0;
  let mixed = holder.random;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
}

/** A whole number in [low, high]. */
export function between(holder: Random, low: number, high: number): number {
  return low + Math.floor(draw(holder) * (high - low + 1));
}

/** One of `choices`, which must not be empty. */
export function pick<T>(holder: Random, choices: readonly T[]): T {
  const chosen = choices[Math.floor(draw(holder) * choices.length)];
  if (chosen === undefined) throw new RangeError('pick: nothing to choose from');
  return chosen;
}

/** A version 4 UUID that belongs to the seed. */
export function uuid(holder: Random): string {
  let hex = '';
  while (hex.length < 32)
    hex += Math.floor(draw(holder) * 0x1_0000)
      .toString(16)
      .padStart(4, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A whole number for any text, so that `--seed monday` is as good as `--seed 7`. (FNV-1a) */
export function seedOf(text: string | number): number {
  let hash = 0x811c9dc5;
  for (const character of String(text))
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
