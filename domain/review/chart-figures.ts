import { dateWords, roughDuration } from '../words/time-words.ts';
import { codeWords } from '../words/communication-words.ts';
import { csvLine } from '../words/csv-line.ts';
import { say } from '../words/say.ts';
import { unreachable } from '../toolbox/result.ts';

export const figureKinds = ['day', 'week', 'queue', 'code'] as const;
export type FigureKind = (typeof figureKinds)[number];

/** One bar of a chart. */
export interface Figure {
  /** `2026-11-23` (a week: its Monday; this machine's time zone), or the name of the queue or code; '' for none. */
  readonly name: string;
  /** Of a code: its id, or what was sent in place of one. Two codes of one name are two. */
  readonly code?: string;
  readonly shares: number;
  readonly missed: number;
  readonly onAirMs: number;
  readonly workMs: number;
}

/** What a chart can show of each day, week, queue or code. */
export const measures = ['shares', 'onAirMs', 'workMs', 'missed'] as const;
export type Measure = (typeof measures)[number];

export function measureTitle(measure: Measure): string {
  return say(`review.measure.${measure}`);
}

export function kindTitle(kind: FigureKind): string {
  return say(`review.figures.${kind}`);
}

/** A value of a measure: `12`, `2 h 5 min`. */
export function measureWords(measure: Measure, value: number, locale: string): string {
  switch (measure) {
    case 'shares':
    case 'missed':
      return new Intl.NumberFormat(locale).format(value);
    case 'onAirMs':
    case 'workMs':
      return longDuration(value);
    default:
      return unreachable(measure);
  }
}

/** `2 h 5 min`: sums of a day are longer than one share. */
function longDuration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 60
    ? roughDuration(ms)
    : say('review.figures.hours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

type Named = Pick<Figure, 'name' | 'code'>;

/** The names of bars: dates, weeks by their Mondays, queues or codes. Codes of one name are told apart by their ids. */
export function figureNames(figures: readonly Named[], kind: FigureKind, locale: string): readonly string[] {
  const names = figures.map((figure) => figureName(figure, kind, locale));
  if (kind !== 'code') return names;
  return figures.map(({ code }, at) => {
    const name = names[at] ?? '';
    const isTwice = names.some((other, otherAt) => other === name && otherAt !== at);
    return isTwice && code ? say('review.figures.codeOfSeveral', { name, id: code.slice(0, 8) }) : name;
  });
}

function figureName({ name, code }: Named, kind: FigureKind, locale: string): string {
  switch (kind) {
    case 'day':
    case 'week': {
      const at = new Date(`${name}T00:00`).getTime();
      if (Number.isNaN(at)) return name;
      const date = dateWords(at, locale);
      return kind === 'day' ? date : say('review.figures.weekOf', { date });
    }
    case 'queue':
      return name === '' ? say('review.figures.noQueue') : name;
    case 'code':
      return name === '' ? say('review.figures.noCode') : codeWords(name, code ?? name);
    default:
      return unreachable(kind);
  }
}

/** All of them together, for the last row of a table. */
export function totalsOf(figures: readonly Figure[]): Omit<Figure, 'name' | 'code'> {
  const sum = (measure: Measure): number => figures.reduce((total, figure) => total + figure[measure], 0);
  return { shares: sum('shares'), missed: sum('missed'), onAirMs: sum('onAirMs'), workMs: sum('workMs') };
}

/**
 * For programs: names, the ids of codes and lengths as they are, and no row of totals, which a spreadsheet would add
 * to the rest.
 */
export function figuresCsv(figures: readonly Figure[], kind: FigureKind): string {
  const ids = kind === 'code';
  const rows = figures.map((figure) => [
    figure.name,
    ...(ids ? [figure.code ?? ''] : []),
    ...measures.map((measure) => figure[measure]),
  ]);
  return [[kind, ...(ids ? ['id'] : []), ...measures], ...rows].map(csvLine).join('');
}
