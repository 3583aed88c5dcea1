import {
  measureWords,
  type Measure,
  type Figure,
  type FigureKind,
} from '../../../domain/review/chart-figures.ts';
import { dayMs } from '../../../domain/clocks/time.ts';
import { clockDuration } from '../../../domain/words/time-words.ts';
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
  return measure === 'onAirMs' || measure === 'workMs' ? lengths : counts;
}

/** A value on the axis: `12`, `30 min`, `2 h`. Nothing is nothing, whatever its unit. */
export function axisWords(measure: Measure, value: number, locale: string): string {
  if (value === 0) return '0';
  const isLength = measure === 'onAirMs' || measure === 'workMs';
  // Two lines of the axis never say the same.
  if (isLength && value > minuteMs && value % minuteMs !== 0) return clockDuration(value);
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
  timedOut: 'conflict',
};

/** More bars than this are thinner than a pixel here and there. */
const mostBars = 800;
/** More queues or codes could not be distinguished; the table has them all. */
const mostNames = 20;

const nothing = { shares: 0, missed: 0, timedOut: 0, onAirMs: 0, workMs: 0 };

/** What a chart draws: time without holes, a day without shares being a day; of names those with most shares. */
export function drawnFigures(figures: readonly Figure[], by: FigureKind): readonly Figure[] {
  switch (by) {
    case 'queue':
    case 'code':
      return figures.slice(0, mostNames);
    case 'hour':
      return everyHour(figures);
    case 'day':
      return withoutHoles(figures, dayMs);
    case 'week':
      return withoutHoles(figures, 7 * dayMs);
  }
}

/** From the first hour to the last in which anything was. */
function everyHour(figures: readonly Figure[]): readonly Figure[] {
  const known = new Map(figures.map((figure) => [Number(figure.name), figure]));
  const first = Math.min(...known.keys());
  const last = Math.max(...known.keys());
  if (!(last >= first)) return figures;
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const hour = first + at;
    return known.get(hour) ?? { name: String(hour).padStart(2, '0'), ...nothing };
  });
}

function withoutHoles(figures: readonly Figure[], stepMs: number): readonly Figure[] {
  const known = new Map(figures.map((figure) => [figure.name, figure]));
  // Names are dates; counted in UTC a day has always the same length.
  const first = Date.parse(figures[0]?.name ?? '');
  const last = Date.parse(figures.at(-1)?.name ?? '');
  const count = (last - first) / stepMs + 1;
  if (!(count <= mostBars)) return figures;
  return Array.from({ length: count }, (_, at) => {
    const name = new Date(first + at * stepMs).toISOString().slice(0, 10);
    return known.get(name) ?? { name, ...nothing };
  });
}
