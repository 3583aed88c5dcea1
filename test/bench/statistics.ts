/** Medians, percentiles and how sure one may be of a ratio. Samples are of one unit, in any order. */

export function quantile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

export interface Ratio {
  /** Of the medians. */
  readonly value: number;
  /** Bootstrap interval that holds the true ratio in 95 of 100 runs. */
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 5000;

/** Compares medians of two samples; resampled pair by pair, because pairs were measured next to each other. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): Ratio {
  if (ours.length !== theirs.length || ours.length === 0) throw new Error('A ratio needs pairs.');
  const draw = generator(1);
  const ratios = Array.from({ length: RESAMPLES }, () => {
    const drawn = ours.map(() => Math.floor(draw() * ours.length));
    return median(drawn.map((at) => ours[at] ?? 0)) / median(drawn.map((at) => theirs[at] ?? 0));
  });
  return {
    value: median(ours) / median(theirs),
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
