import { dateWords } from '../../../domain/words/time-words.ts';
import { timeOfDay } from '../../../domain/words/times.ts';

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
