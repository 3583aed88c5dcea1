import { dateWords, timeOfDay } from '../../../domain/words/time-words.ts';

export interface Tick {
  readonly ms: number;
  readonly words: string;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** Steps people count time in. */
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
];
/** Room for `14:18:30`, or a date, and some air; CSS px. */
const roomPx = 76;

function stepFor(length: number, widthPx: number): number {
  const least = (length * roomPx) / Math.max(roomPx, widthPx);
  const step = steps.find((each) => each >= least);
  if (step !== undefined) return step;
  let days = day;
  while (days < least) days *= 2;
  return days;
}

/**
 * Round times between two moments (epoch ms), as close together as their words leave room: on full minutes,
 * hours and days of the person's own time zone.
 */
export function niceTicks(from: number, to: number, widthPx: number, locale: string): readonly Tick[] {
  if (!(to > from)) return [];
  const step = stepFor(to - from, widthPx);
  const midnight = new Date(from).setHours(0, 0, 0, 0);
  const ticks: Tick[] = [];
  for (let ms = midnight + Math.ceil((from - midnight) / step) * step; ms <= to; ms += step) {
    ticks.push({ ms, words: step >= day ? dateWords(ms, locale) : timeOfDay(ms, locale, step < minute) });
  }
  return ticks;
}

/** The part of a timeline that is in sight; epoch ms. */
export interface Sight {
  readonly from: number;
  readonly to: number;
}

/** No time is known more exactly than this. */
export const shortestMs = 2000;

/** Within the whole, and not too short. */
function within({ from, to }: Sight, whole: Sight): Sight {
  const all = whole.to - whole.from;
  const length = Math.min(all, Math.max(Math.min(shortestMs, all), to - from));
  const start = Math.min(Math.max(whole.from, from), whole.to - length);
  return { from: start, to: start + length };
}

/** `factor` above 1 shows less, and that larger; what is at `at` stays where it is. */
export function zoomed(sight: Sight, whole: Sight, factor: number, at: number): Sight {
  const length = (sight.to - sight.from) / factor;
  const limited = Math.min(whole.to - whole.from, Math.max(shortestMs, length));
  const part = (at - sight.from) / (sight.to - sight.from);
  return within({ from: at - part * limited, to: at + (1 - part) * limited }, whole);
}

/** `ms` above 0 shows what is later. */
export function panned(sight: Sight, whole: Sight, ms: number): Sight {
  return within({ from: sight.from + ms, to: sight.to + ms }, whole);
}

/** The smallest move after which something of this span is in sight. */
export function revealing(sight: Sight, whole: Sight, span: Sight): Sight {
  if (span.from <= sight.to && span.to >= sight.from) return sight;
  const length = sight.to - sight.from;
  const middle = Math.min((span.from + span.to) / 2, span.from + length / 3);
  return within({ from: middle - length / 2, to: middle + length / 2 }, whole);
}

export function isWhole(sight: Sight, whole: Sight): boolean {
  return sight.to - sight.from >= whole.to - whole.from;
}

/** Where a moment is drawn, in px of a picture that wide; far outside is just outside. */
export function xOf(ms: number, { from, to }: Sight, width: number): number {
  const x = ((ms - from) / (to - from)) * width;
  return Math.min(width + 50, Math.max(-50, x));
}
