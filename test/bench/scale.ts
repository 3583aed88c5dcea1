import { median, quantile, ratioOf } from './statistics.ts';

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
    Record<string, { readonly samples: readonly number[] } | { readonly problem: string }>
  >;
}

const rivalNames = ['without encryption', 'plain JavaScript', 'electron-store'] as const;
const headings = ['', 'measure', 'records', 'ours', 'p95', 'growth', 'goal', ...rivalNames];

/**
 * The table a person reads. Growth: the median to that of the smallest size. Beside each rival's median is how
 * many times ours it is, with the bootstrap interval that holds the true ratio in 95 of 100 runs.
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
    ...rivalNames.map((name) => rivalCell(line, name)),
  ]);
  const all = [headings, ...cells];
  const widths = headings.map((_, column) => Math.max(...all.map((cell) => cell[column]?.length ?? 0)));
  return all
    .map((cell) =>
      cell
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const isSame = (one: ScaleLine, other: ScaleLine): boolean =>
  one.measure === other.measure && one.unit === other.unit;
const measureAt = (lines: readonly ScaleLine[], line: ScaleLine): number =>
  lines.findIndex((other) => isSame(line, other));

function growth(lines: readonly ScaleLine[], line: ScaleLine): string {
  const smallest = lines.find((other) => isSame(line, other));
  if (!smallest || smallest === line || line.ours.length === 0) return '';
  return `${short(median(line.ours) / median(smallest.ours))}×`;
}

const reached = ({ ours, goal = 0 }: ScaleLine): string => (quantile(ours, 0.95) <= goal ? 'yes' : 'no');

function rivalCell({ ours, unit, rivals }: ScaleLine, name: string): string {
  const rival = rivals[name];
  if (!rival) return '';
  if ('problem' in rival) return rival.problem;
  const { samples } = rival;
  const value = `${short(median(samples))} ${unit}`;
  const pairs = Math.min(samples.length, ours.length);
  if (pairs < 3) return value;
  const ratio = ratioOf(samples.slice(0, pairs), ours.slice(0, pairs));
  return `${value}, ${short(ratio.value)}× (${short(ratio.low)}–${short(ratio.high)})`;
}

/** Three digits that count. */
function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
