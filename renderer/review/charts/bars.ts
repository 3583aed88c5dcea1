import uPlot from 'uplot';
import { barRange, nameBelow, namePx } from './chart-data.ts';

/** What a chart is drawn from. */
export interface Bars {
  /** One for each bar. */
  readonly names: readonly string[];
  readonly values: readonly number[];
  /** A value as shown on the axis. */
  readonly axis: (value: number) => string;
  /** Steps the axis may take, smallest first. */
  readonly steps: readonly number[];
}

/** How it is drawn: CSS colours, and the font. */
interface Colours {
  readonly bar: string;
  readonly text: string;
  readonly line: string;
  readonly font: string;
}

interface Size {
  /** CSS px. */
  readonly width: number;
  readonly height: number;
}

/** Room beside the bars, CSS px: for the axis, and on the other side. */
const axisPx = 50;
const edgePx = 8;

/** Draws bars into `target`. `onhover` hears over which one the pointer is; null: over none. */
export function drawBars(
  target: HTMLElement,
  { names, values, axis, steps }: Bars,
  { bar, text, line, font }: Colours,
  size: Size,
  onhover: (index: number | null) => void,
): uPlot {
  const highest = Math.max(0, ...values);
  const paths = uPlot.paths.bars?.({ size: [0.66, 46, 2], radius: 0.08 });
  const axisOf = { font, stroke: text, ticks: { show: false }, border: { show: false } };
  return new uPlot(
    {
      ...size,
      legend: { show: false },
      padding: [10, edgePx, 0, 0],
      cursor: { x: false, y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false, range: [...barRange(names.length)] },
        y: { range: [0, highest > 0 ? highest * 1.08 : 1] },
      },
      axes: [
        {
          ...axisOf,
          grid: { show: false },
          size: 26,
          space: namePx,
          incrs: [1, 2, 3, 5, 7, 10, 14, 20, 30, 50, 100, 200, 500, 1000],
          values: (_plot, splits) =>
            splits.map((at) => nameBelow(at, names, size.width - axisPx - edgePx, edgePx)),
        },
        {
          ...axisOf,
          grid: { stroke: line, width: 1 },
          size: axisPx,
          space: 28,
          incrs: [...steps],
          values: (_plot, splits) => splits.map(axis),
        },
      ],
      series: [{}, { fill: bar, width: 0, ...(paths ? { paths } : {}), points: { show: false } }],
      hooks: { setCursor: [({ cursor }) => onhover(cursor.idx ?? null)] },
    },
    [names.map((_, at) => at), [...values]],
    target,
  );
}

export interface Titled {
  readonly title: string;
  readonly canvas: HTMLCanvasElement;
}

/** Room for a title in the picture, CSS px. */
const titlePx = 34;

/** All charts of a page as one picture, two beside each other, as a PNG. */
export async function pictureOf(
  charts: readonly Titled[],
  { surface, text, font }: { readonly surface: string; readonly text: string; readonly font: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const scale = devicePixelRatio;
  const width = Math.max(...charts.map(({ canvas }) => canvas.width));
  const height = Math.max(...charts.map(({ canvas }) => canvas.height)) + titlePx * scale;
  const gap = 16 * scale;
  const picture = document.createElement('canvas');
  picture.width = 2 * width + 3 * gap;
  picture.height = Math.ceil(charts.length / 2) * (height + gap) + gap;
  const context = picture.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.fillStyle = surface;
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = text;
  context.font = `600 ${14 * scale}px ${font}`;
  context.textBaseline = 'middle';
  for (const [at, { title, canvas }] of charts.entries()) {
    const left = gap + (at % 2) * (width + gap);
    const top = gap + Math.floor(at / 2) * (height + gap);
    context.fillText(title, left, top + (titlePx * scale) / 2);
    context.drawImage(canvas, left, top + titlePx * scale);
  }
  const blob = await new Promise<Blob | null>((resolve) => {
    picture.toBlob(resolve, 'image/png');
  });
  if (!blob) throw new Error('no picture');
  return new Uint8Array(await blob.arrayBuffer());
}
