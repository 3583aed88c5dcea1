import type { ScaleLine } from './scale.ts';
import { growthPerTenfold, median, short } from './statistics.ts';

/** One line for each measure, one column for each size, and how it grows with ten times as many records. */
export function growthLines(lines: readonly ScaleLine[]): string[][] {
  const sizes = [...new Set(lines.map(({ records }) => records))].sort((one, other) => one - other);
  const measures = [...new Set(lines.map(({ measure }) => measure))];
  const rows = measures.map((measure) => {
    const own = lines.filter((line) => line.measure === measure && line.ours.length > 0);
    const cells = sizes.map((size) => {
      const line = own.find(({ records }) => records === size);
      return line ? `${short(median(line.ours))} ${line.unit}` : '–';
    });
    const points = own.map(({ records, ours }) => ({ at: records, value: median(ours) }));
    return [measure, ...cells, points.length < 2 ? '' : `${short(growthPerTenfold(points))}×`];
  });
  const headings = ['at so many records', ...sizes.map(String), 'for ten times as many'];
  return [headings, ...rows];
}
