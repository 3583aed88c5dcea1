import { median, quantile, ratioOf, short } from './statistics.ts';
import { textTable } from './text-table.ts';

/** One measure at one size: samples of ours and of those who hold the same records in another way. */
export interface ScaleLine {
  readonly id?: string;
  readonly measure: string;
  readonly unit: string;
  readonly records: number;
  readonly ours: readonly number[];
  /** The most that 95 of 100 may take, in `unit`. */
  readonly goal?: number;
  /** By name: samples in the same unit, or why there are none. */
  readonly rivals: Readonly<
    Partial<Record<RivalName, { readonly samples: readonly number[] } | { readonly problem: string }>>
  >;
}

/** Everybody the same records are held by. */
export const rivalNames = ['SQLite, unencrypted', 'plain JavaScript', 'electron-store'] as const;
export type RivalName = (typeof rivalNames)[number];
const headings = ['', 'measure', 'records', 'ours', 'p95', 'growth', 'goal', ...rivalNames];

/**
 * The table a person reads. Growth: the median to that of the smallest size, for us and for each rival (↗).
 * Beside each rival's median is how many times ours it is, with the bootstrap interval that holds the true
 * ratio in 95 of 100 runs.
 */
export function scaleTable(lines: readonly ScaleLine[]): string {
  const sorted = [...lines].sort(
    (one, other) => measureAt(lines, one) - measureAt(lines, other) || one.records - other.records,
  );
  const cells = sorted.map((line) => [
    line.id ?? '',
    line.measure,
    String(line.records),
    line.ours.length === 0 ? '–' : `${short(median(line.ours))} ${line.unit}`,
    line.ours.length < 3 ? '' : short(quantile(line.ours, 0.95)),
    growth(sorted, line),
    line.goal === undefined ? '' : `p95 ≤ ${line.goal}: ${reached(line)}`,
    ...rivalNames.map((name) => rivalCell(sorted, line, name)),
  ]);
  return textTable([headings, ...cells]);
}

const isSame = (one: ScaleLine, other: ScaleLine): boolean =>
  one.measure === other.measure && one.unit === other.unit;
const measureAt = (lines: readonly ScaleLine[], line: ScaleLine): number =>
  lines.findIndex((other) => isSame(line, other));

function growth(lines: readonly ScaleLine[], line: ScaleLine): string {
  const smallest = lines.find((other) => isSame(line, other));
  if (!smallest || smallest === line) return '';
  return grown(line.ours, smallest.ours);
}

const grown = (samples: readonly number[], from: readonly number[]): string =>
  samples.length === 0 || from.length === 0 ? '' : `${short(median(samples) / median(from))}×`;

const reached = ({ ours, goal = 0 }: ScaleLine): string => (quantile(ours, 0.95) <= goal ? 'yes' : 'no');

function rivalCell(lines: readonly ScaleLine[], line: ScaleLine, name: RivalName): string {
  const { ours, unit, rivals } = line;
  const rival = rivals[name];
  if (!rival) return '';
  if ('problem' in rival) return rival.problem;
  const { samples } = rival;
  const smallest = lines.find((other) => isSame(line, other));
  const before = smallest && smallest !== line ? smallest.rivals[name] : undefined;
  const growing = before && 'samples' in before ? ` ↗ ${grown(samples, before.samples)}` : '';
  const value = `${short(median(samples))} ${unit}`;
  const pairs = Math.min(samples.length, ours.length);
  if (pairs === 0) return `${value}${growing}`;
  const ratio = ratioOf(samples.slice(0, pairs), ours.slice(0, pairs));
  const sure = pairs < 3 ? '' : ` (${short(ratio.low)}–${short(ratio.high)})`;
  return `${value}, ${short(ratio.value)}×${sure}${growing}`;
}
