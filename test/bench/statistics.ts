/** Medians, percentiles and how sure one may be of a ratio. Samples are of one unit, in any order. */

export function quantile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  // Also between two that are infinite.
  return below === above ? below : below + (above - below) * (at - Math.floor(at));
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** For what comes in bursts: most samples of a program at rest may be nothing. */
export function mean(samples: readonly number[]): number {
  return samples.reduce((sum, one) => sum + one, 0) / samples.length;
}

export interface Ratio {
  /** Of the medians, or the means. */
  readonly value: number;
  /** Bootstrap interval that holds the true ratio in 95 of 100 runs. */
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 5000;

/**
 * Compares medians of two samples, or their means; resampled pair by pair, because pairs were measured next to each
 * other.
 */
export function ratioOf(ours: readonly number[], theirs: readonly number[], middle = median): Ratio {
  if (ours.length !== theirs.length || ours.length === 0) throw new Error('A ratio needs pairs.');
  const draw = generator(1);
  const ratios = Array.from({ length: RESAMPLES }, () => {
    const drawn = ours.map(() => Math.floor(draw() * ours.length));
    return middle(drawn.map((at) => ours[at] ?? 0)) / middle(drawn.map((at) => theirs[at] ?? 0));
  });
  return {
    value: middle(ours) / middle(theirs),
    low: quantile(ratios, 0.025),
    high: quantile(ratios, 0.975),
  };
}

/** Mulberry32: the same samples give the same interval. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * By how much something grows when there is ten times as much of something else: the slope of the line through the
 * points, both as logarithms. 1 where it stays the same, 10 where it grows alike.
 */
export function growthPerTenfold(points: readonly { readonly at: number; readonly value: number }[]): number {
  const logs = points.map(({ at, value }) => ({ x: Math.log10(at), y: Math.log10(value) }));
  const middle = { x: mean(logs.map(({ x }) => x)), y: mean(logs.map(({ y }) => y)) };
  const sum = (of: (log: { x: number; y: number }) => number): number =>
    logs.reduce((all, log) => all + of(log), 0);
  const rise = sum(({ x, y }) => (x - middle.x) * (y - middle.y));
  return 10 ** (rise / sum(({ x }) => (x - middle.x) ** 2));
}

/** Three digits that count. */
export function short(value: number): string {
  const size = Math.abs(value);
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(2);
}
