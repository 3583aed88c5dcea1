import { measureWords, type Measure } from '../../../domain/review/figures.ts';
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
