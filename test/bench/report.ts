import { median, quantile, ratioOf, type Ratio } from './statistics.ts';

/** What was asked for, as a ratio of medians; `stretch` is the further aim. */
export interface Goal {
  readonly bound: 'at most' | 'at least';
  readonly value: number;
  readonly stretch: number;
}

/** Ours must be at most so many times the rival. */
export function atMost(value: number, stretch: number): Goal {
  return { bound: 'at most', value, stretch };
}

/** The rival must take at least so many times as long as ours. */
export function atLeast(value: number, stretch: number): Goal {
  return { bound: 'at least', value, stretch };
}

/** One measure: samples of ours and of the rival, taken in turns. */
export interface Row {
  /** As in the table of measures. */
  readonly id: string;
  readonly measure: string;
  readonly unit: string;
  readonly rival: string;
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  readonly goal: Goal;
}

export interface Judged extends Row {
  /** Ours to the rival's; for `at least`, the rival's to ours. */
  readonly ratio: Ratio;
  /** The end of the interval that is against us decides. */
  readonly reached: 'stretch' | 'goal' | 'no';
}

export function judge(row: Row): Judged {
  const { bound, value, stretch } = row.goal;
  const ratio = bound === 'at most' ? ratioOf(row.ours, row.theirs) : ratioOf(row.theirs, row.ours);
  const meets = (aim: number): boolean => (bound === 'at most' ? ratio.high <= aim : ratio.low >= aim);
  return { ...row, ratio, reached: meets(stretch) ? 'stretch' : meets(value) ? 'goal' : 'no' };
}

const HEADINGS = ['', 'measure', 'ours', 'p95', 'rival', 'p95', 'ratio', '95 %', 'goal', 'reached'];

/** The table a person reads: one line for each measure. */
export function tableOf(rows: readonly Judged[]): string {
  const lines = rows.map(({ id, measure, unit, rival, ours, theirs, goal, ratio, reached }) => [
    id,
    measure,
    `${short(median(ours))} ${unit}`,
    short(quantile(ours, 0.95)),
    `${rival} ${short(median(theirs))} ${unit}`,
    short(quantile(theirs, 0.95)),
    times(ratio.value),
    `${short(ratio.low)}–${short(ratio.high)}`,
    `${goal.bound === 'at most' ? '≤' : '≥'} ${times(goal.value)}`,
    reached === 'stretch' ? `yes, and ${times(goal.stretch)}` : reached === 'goal' ? 'yes' : 'no',
  ]);
  const all = [HEADINGS, ...lines];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function times(ratio: number): string {
  return `${short(ratio)}×`;
}

/** Three digits that count. */
function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
