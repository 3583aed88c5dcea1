import { dayMs } from '../clocks/time.ts';
import type { WrittenSearch } from './search-parts.ts';
import { dateWords, dayMonth, roughDuration, tableDuration, timeOfDay } from '../words/time-words.ts';
import { systemCodeOf } from '../model/values.ts';
import { codeWords } from '../words/communication-words.ts';
import { csvLine } from '../words/csv-line.ts';
import { inEnglish, say } from '../words/say.ts';
import { unreachable } from '../toolbox/result.ts';

export const figureKinds = ['hour', 'day', 'week', 'queue', 'code'] as const;
export type FigureKind = (typeof figureKinds)[number];

/** One bar of a chart. */
export interface Figure {
  /**
   * `14` (an hour of the day), `2026-11-23` (a week: its Monday), both in this machine's time zone; or the name of the
   * queue or code; '' for none.
   */
  readonly name: string;
  /** Of a code: its id, or what was sent in place of one. Two codes of one name are two. */
  readonly code?: string;
  readonly shares: number;
  readonly missed: number;
  /** Wrap-ups that timed out. */
  readonly timedOut: number;
  readonly onAirMs: number;
  readonly workMs: number;
}

/** What a chart can show of each day, week, queue or code. */
export const measures = ['shares', 'onAirMs', 'workMs', 'missed', 'timedOut'] as const;
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
    case 'timedOut':
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
    case 'hour':
      return timeOfDay(new Date(2026, 0, 1, Number(name)).getTime(), locale);
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
export function totalsOf(figures: readonly Figure[]): Sums {
  const sum = (measure: Measure): number => figures.reduce((total, figure) => total + figure[measure], 0);
  return {
    shares: sum('shares'),
    missed: sum('missed'),
    timedOut: sum('timedOut'),
    onAirMs: sum('onAirMs'),
    workMs: sum('workMs'),
  };
}

type Sums = Omit<Figure, 'name' | 'code'>;

/** `2 min for each share`, `9 % of shares`, `3.5 a day`; '' where there is nothing to divide by. */
export function averageWords(
  measure: Measure,
  sums: Sums,
  bars: number,
  kind: FigureKind,
  locale: string,
): string {
  const answered = sums.shares - sums.missed;
  const percent = (part: number, whole: number): string =>
    whole === 0
      ? ''
      : say('review.average.percent', {
          percent: new Intl.NumberFormat(locale, { style: 'percent' }).format(part / whole),
        });
  switch (measure) {
    case 'shares':
      return bars < 2
        ? ''
        : say(`review.average.${kind}`, {
            count: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(sums.shares / bars),
          });
    case 'onAirMs':
    case 'workMs':
      return answered === 0
        ? ''
        : say('review.average.length', { length: longDuration(sums[measure] / answered) });
    case 'missed':
      return percent(sums.missed, sums.shares);
    case 'timedOut':
      return percent(sums.timedOut, answered);
    default:
      return unreachable(measure);
  }
}

/** Below a bar, as short as it is clear: `14`, `23 Nov`. */
export function shortName({ name }: Pick<Figure, 'name'>, kind: FigureKind, locale: string): string {
  if (kind === 'hour') return name;
  const at = new Date(`${name}T00:00`).getTime();
  return Number.isNaN(at) ? name : dayMonth(at, locale);
}

/**
 * What the search has to say to find the records of this bar; '' where it has no word for them.
 * @param day `2026-11-23`, where all of them are of one day; else null
 */
export function filterOf({ name, code }: Named, kind: FigureKind, day: string | null): string {
  switch (kind) {
    case 'hour': {
      if (day === null) return '';
      const next = Number(name) + 1;
      const until = next === 24 ? day : `${day}T${String(next).padStart(2, '0')}:00`;
      return `since:${day}T${name}:00 until:${until}`;
    }
    case 'day':
      return `since:${name} until:${name}`;
    case 'week': {
      const sunday = new Date(Date.parse(name) + 6 * dayMs).toISOString().slice(0, 10);
      return `since:${name} until:${sunday}`;
    }
    case 'queue':
    case 'code': {
      const word = kind === 'code' && systemCodeOf(code ?? name) !== null ? (code ?? name) : name;
      return word === '' || word.includes('"') ? '' : `${kind}:"${word}"`;
    }
    default:
      return unreachable(kind);
  }
}

/** A search narrowed by this filter, which stands in the place of those of its kind: of all that say when, too. */
export function narrowedTo({ chips, text }: WrittenSearch, filter: string): WrittenSearch {
  const named = [...filter.matchAll(/(?:^|\s)(\w+):/g)].map(([, name]) => name);
  const isTimed = named.includes('since') || named.includes('until');
  const names = isTimed ? [...named, 'since', 'until'] : named;
  const days = isTimed ? '|(?:today|yesterday)(?!\\S)' : '';
  const others = new RegExp(`(?<!\\S)(?:(?:${names.join('|')}):(?:"[^"]*"|\\S+)${days})`, 'gi');
  const without = (part: string): string => part.replaceAll(others, ' ').replaceAll(/\s+/g, ' ').trim();
  return {
    chips: chips.filter((chip) => without(chip) !== ''),
    text: [without(text), filter].filter((part) => part !== '').join(' '),
  };
}

/** For a spreadsheet: headings in English words, as in every exported table, lengths as `h:mm:ss`, and no row of totals, which it would add to the rest. */
export function figuresCsv(figures: readonly Figure[], kind: FigureKind, locale: string): string {
  return inEnglish(() => tableOf(figures, kind, locale));
}

function tableOf(figures: readonly Figure[], kind: FigureKind, locale: string): string {
  const isCode = kind === 'code';
  const isTime = kind === 'day' || kind === 'week';
  const names = figureNames(figures, kind, locale);
  const rows = figures.map((figure, at) => [
    isTime ? figure.name : names[at],
    ...(isCode ? [figure.code ?? ''] : []),
    ...measures.map((measure) =>
      measure === 'onAirMs' || measure === 'workMs' ? tableDuration(figure[measure]) : figure[measure],
    ),
  ]);
  const head = [
    say(`review.figures.head.${kind}`),
    ...(isCode ? [say('review.figures.head.id')] : []),
    ...measures.map(measureTitle),
  ];
  return [head, ...rows].map(csvLine).join('');
}
