import { measureWords, type Measure } from '../../../domain/review/chart-figures.ts';
import { say } from '../../../domain/words/say.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const counts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];
const lengths = [
  ...[1, 5, 10, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 6, 12, 24, 48, 100, 200, 500, 1000, 2000, 5000].map((hours) => hours * hourMs),
];

/** Steps an axis of this measure may take, smallest first. */
export function stepsOf(measure: Measure): readonly number[] {
  return measure === 'shares' || measure === 'missed' ? counts : lengths;
}

/** A value on the axis: `12`, `30 min`, `2 h`. Nothing is nothing, whatever its unit. */
export function axisWords(measure: Measure, value: number, locale: string): string {
  if (value === 0) return '0';
  const isLength = measure === 'onAirMs' || measure === 'workMs';
  return isLength && value % hourMs === 0
    ? say('review.charts.hours', { count: value / hourMs })
    : measureWords(measure, value, locale);
}

/** The phase each measure is coloured like. */
export const tones: Record<Measure, string> = {
  shares: 'viewing',
  onAirMs: 'sharing',
  workMs: 'wrapUp',
  missed: 'missed',
};

/** A name that would run into the next one is cut. */
const longestName = 12;
/** Room for a name below the axis, CSS px. */
export const namePx = 68;

/** What of the axis below is shown, for so many bars: the first stands at 0, and few are no broader for that. */
export function barRange(count: number): readonly [number, number] {
  return [-0.6, Math.max(count, 3) - 0.4];
}

/** The name below a bar; '' where it would reach over the edge on the right. `room` and `edge`: CSS px. */
export function nameBelow(at: number, names: readonly string[], room: number, edge: number): string {
  const [from, to] = barRange(names.length);
  const middle = ((at - from) / (to - from)) * room;
  if (middle + namePx / 2 > room + edge) return '';
  const name = names[at] ?? '';
  return name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
}
