/**
 * Server clock minus this machine's clock, from the `Date` header of answers.
 *
 * The header is cut to whole seconds and was written somewhere between sending and receiving, so one
 * answer only bounds the offset: `date - receivedAt < offset < date + 1 s - sentAt`. Several answers
 * together narrow it down; when they contradict each other a clock has jumped and the newest is right.
 */

const remembered = 8;

interface Bounds {
  readonly low: number;
  readonly high: number;
}

export interface OffsetEstimate {
  /** Adds one answer; epoch ms by this machine's clock. The estimate in ms, or null when it did not change. */
  add(dateHeader: string | null, sentAt: number, receivedAt: number): number | null;
}

export function createOffsetEstimate(): OffsetEstimate {
  let samples: Bounds[] = [];
  let last: number | null = null;

  return {
    add(dateHeader, sentAt, receivedAt) {
      const date = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
      if (Number.isNaN(date) || receivedAt < sentAt) return null;
      const sample: Bounds = { low: date - receivedAt, high: date + 1000 - sentAt };
      samples = [...samples.slice(1 - remembered), sample];

      let bounds = common(samples);
      if (!bounds) {
        samples = [sample];
        bounds = sample;
      }
      const estimate = Math.round((bounds.low + bounds.high) / 2);
      if (estimate === last) return null;
      last = estimate;
      return estimate;
    },
  };
}

function common(samples: readonly Bounds[]): Bounds | null {
  const low = Math.max(...samples.map((sample) => sample.low));
  const high = Math.min(...samples.map((sample) => sample.high));
  return low <= high ? { low, high } : null;
}
