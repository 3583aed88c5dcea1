import { goalNames, goals, type Comparison, type Goal, type GoalName, type Kind } from './goals.mjs';
import { mean, median, quantile, ratioOf, short, type Ratio } from './statistics.ts';

/** One measure: samples of ours, and of the rival where there is one, taken in turns. */
export interface Reading {
  /** What it is judged by; one without is for information. */
  readonly goal?: GoalName;
  /** As in the table of goals. */
  readonly id: string;
  readonly measure: string;
  readonly unit: string;
  readonly rival?: string;
  readonly ours: readonly number[];
  readonly theirs?: readonly number[];
}

type Samples = Pick<Reading, 'ours' | 'theirs'>;

export function readingOf(name: GoalName, samples: Samples): Reading {
  const { id, measure, unit, rival }: Goal = goals[name];
  return { goal: name, id, measure, unit, ...(rival === undefined ? {} : { rival }), ...samples };
}

/** What decides whether a goal is reached, and how far it is on the wrong side of it. */
interface Verdict {
  readonly value: number;
  readonly reached: 'stretch' | 'goal' | 'no';
  /** 0 where it is reached. */
  readonly missedBy: number;
}

export interface Judged extends Reading {
  readonly median: number;
  readonly mean: number;
  readonly p95: number;
  /** Ours to the rival's; for a goal that asks how much faster we are, the rival's to ours. */
  readonly ratio?: Ratio;
  readonly verdict?: Verdict;
}

const isAtLeast = (compare: Comparison): boolean => compare === 'times as fast';
const isRatio = (compare: Comparison): boolean => isAtLeast(compare) || compare === 'times the rival';

export function judge(reading: Reading): Judged {
  const { goal, ours, theirs } = reading;
  const aim: Goal | null = goal === undefined ? null : goals[goal];
  const isFaster = aim === null || isAtLeast(aim.compare);
  const middle = middleOf(reading);
  const ratio = theirs && (isFaster ? ratioOf(theirs, ours, middle) : ratioOf(ours, theirs, middle));
  return {
    ...reading,
    median: median(ours),
    mean: mean(ours),
    p95: quantile(ours, 0.95),
    ...(ratio ? { ratio } : {}),
    ...(aim ? { verdict: verdictOf(aim, deciding(aim, ours, ratio)) } : {}),
  };
}

function middleOf({ goal: name }: Reading): typeof median {
  const goal: Goal | null = name === undefined ? null : goals[name];
  return goal?.middle === 'mean' ? mean : median;
}

function deciding({ compare, measure }: Goal, ours: readonly number[], ratio: Ratio | undefined): number {
  switch (compare) {
    case 'times the rival':
    case 'times as fast':
      if (!ratio) throw new Error(`${measure}: there is no rival.`);
      return compare === 'times as fast' ? ratio.low : ratio.high;
    case 'median':
      return median(ours);
    case 'most':
      return Math.max(...ours);
    case 'p95':
    case 'p98':
    case 'p99':
      return quantile(ours, Number(compare.slice(1)) / 100);
  }
}

function verdictOf({ compare, goal, stretch }: Goal, value: number): Verdict {
  const beyond = (aim: number): number => (isAtLeast(compare) ? aim - value : value - aim);
  // Not a number is no success.
  const meets = (aim: number): boolean => beyond(aim) <= 0;
  const reached = meets(stretch) ? 'stretch' : meets(goal) ? 'goal' : 'no';
  return { value, reached, missedBy: reached === 'no' ? beyond(goal) : 0 };
}

/** One line for each goal of these kinds that is missed, or was not measured. */
export function missesOf(judged: readonly Judged[], kinds: readonly Kind[]): string[] {
  return goalNames
    .filter((name) => kinds.includes(goals[name].kind))
    .flatMap((name) => {
      const found = judged.filter(({ goal }) => goal === name);
      if (found.length === 0) return [`${titleOf(goals[name])}: was not measured.`];
      return found.flatMap(({ verdict }) =>
        verdict?.reached === 'no' ? [missed(goals[name], verdict)] : [],
      );
    });
}

const titleOf = ({ id, measure, rival }: Goal): string =>
  `${id} ${measure}${rival === undefined ? '' : `, against ${rival}`}`;

function missed(goal: Goal, { value, missedBy }: Verdict): string {
  return `${titleOf(goal)}: ${amount(goal, value)}, goal ${goalWords(goal, goal.goal)}, missed by ${amount(goal, missedBy)}.`;
}

const amount = ({ compare, unit }: Goal, value: number): string =>
  isRatio(compare) ? `${short(value)}×` : `${short(value)} ${unit}`;

function goalWords(goal: Goal, value: number): string {
  const { compare } = goal;
  const quantileName = compare.startsWith('p') ? `${compare} ` : '';
  return `${quantileName}${isAtLeast(compare) ? '≥' : '≤'} ${amount(goal, value)}`;
}

const headings = ['', 'measure', 'ours', 'p95', 'rival', 'p95', 'ratio', '95 %', 'goal', 'reached'];

/** The table a person reads: headings, and one line for each measure. */
export function linesOf(rows: readonly Judged[]): string[][] {
  const lines = rows.map((row) => {
    const { id, measure, unit, rival = '', theirs, ratio, goal, verdict } = row;
    return [
      ...[id, measure, `${short(middleOf(row)(row.ours))} ${unit}`, short(row.p95)],
      ...(theirs
        ? [`${rival} ${short(middleOf(row)(theirs))} ${unit}`, short(quantile(theirs, 0.95))]
        : ['', '']),
      ...(ratio ? [`${short(ratio.value)}×`, `${short(ratio.low)}–${short(ratio.high)}`] : ['', '']),
      goal === undefined ? '' : goalWords(goals[goal], goals[goal].goal),
      goal === undefined || !verdict ? '' : reachedWords(goals[goal], verdict),
    ];
  });
  return [headings, ...lines];
}

function reachedWords(goal: Goal, { reached }: Verdict): string {
  if (reached !== 'stretch') return reached === 'goal' ? 'yes' : 'no';
  return goal.stretch === goal.goal ? 'yes' : `yes, and ${goalWords(goal, goal.stretch)}`;
}
