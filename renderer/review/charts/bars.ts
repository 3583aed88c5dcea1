/** Where the parts of a chart over time stand. CSS px; the picture that is saved is drawn from the same. */

export interface Bars {
  readonly title: string;
  /** Of all of them: `14 min`, and what that is on average. */
  readonly total: string;
  /** One for each bar: as it is said, and as short as there is room for below it. */
  readonly names: readonly string[];
  readonly short: readonly string[];
  readonly values: readonly number[];
  /** A value in words, and as it stands on the axis. */
  readonly words: (value: number) => string;
  readonly axis: (value: number) => string;
  /** Steps the axis may take, smallest first. */
  readonly steps: readonly number[];
}

interface Bar {
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly height: number;
  /** The whole strip it stands in: what the pointer is over. */
  readonly strip: { readonly x: number; readonly width: number };
}
interface Label {
  readonly x: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly words: string;
}
export interface Layout {
  readonly bars: readonly Bar[];
  readonly labels: readonly Label[];
  /** From below. */
  readonly lines: readonly { readonly y: number; readonly words: string }[];
  readonly left: number;
  readonly base: number;
}

export const chartHeight = 168;
const axisPx = 50;
const belowPx = 22;
const abovePx = 10;
const rightPx = 6;
/** Of one letter of a label, at most, and the air between two labels. */
const letterPx = 6.4;
const airPx = 10;
/** Few bars are no broader than that. */
const broadestPx = 46;
const mostLines = 4;

/** Lines at round values up to the highest; always one above nothing. */
export function linesOf(highest: number, steps: readonly number[]): readonly number[] {
  const step =
    steps.find((each) => highest / each <= mostLines) ?? Math.max(1, Math.ceil(highest / mostLines));
  const count = Math.max(1, Math.floor(highest / step));
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}

export function layoutOf(
  { short, values, axis, steps }: Pick<Bars, 'short' | 'values' | 'axis' | 'steps'>,
  width: number,
): Layout {
  const room = Math.max(1, width - axisPx - rightPx);
  const highest = Math.max(0, ...values);
  const lines = linesOf(highest, steps);
  const top = Math.max(highest, lines.at(-1) ?? 0) || 1;
  const base = chartHeight - belowPx;
  const yOf = (value: number): number => base - (value / top) * (base - abovePx);
  const strip = room / Math.max(values.length, 3);
  const thick = Math.min(broadestPx, strip * 0.66);
  const bars = values.map((value, at): Bar => {
    const x = axisPx + at * strip;
    // What is there can be seen, however little it is.
    const height = value > 0 ? Math.max(1.5, base - yOf(value)) : 0;
    return { x: x + (strip - thick) / 2, width: thick, y: base - height, height, strip: { x, width: strip } };
  });
  return {
    bars,
    labels: labelsOf(short, strip, width),
    lines: lines.map((value) => ({ y: yOf(value), words: axis(value) })),
    left: axisPx,
    base,
  };
}

/** As many whole labels as have room beside each other, from the first bar on. */
function labelsOf(names: readonly string[], strip: number, width: number): readonly Label[] {
  const longest = Math.max(0, ...names.map(({ length }) => length)) * letterPx;
  const every = Math.max(1, Math.ceil((longest + airPx) / strip));
  return names.flatMap((words, at): Label[] => {
    if (at % every !== 0) return [];
    const middle = axisPx + (at + 0.5) * strip;
    const half = (words.length * letterPx) / 2;
    if (middle + half > width) return [{ x: width, anchor: 'end', words }];
    return [{ x: middle, anchor: 'middle', words }];
  });
}

interface Colours {
  readonly bar: string;
  readonly text: string;
  readonly line: string;
  readonly font: string;
}
type Draw = (context: CanvasRenderingContext2D, bars: Bars, colours: Colours, width: number) => void;

export interface Drawable {
  readonly bars: Bars;
  /** Beside each other, with whole names: for queues and codes. */
  readonly named: boolean;
  readonly colours: Colours;
}

const titlePx = 30;
const rowPx = 26;
const picturePx = 520;

const drawUpright: Draw = (context, bars, { bar, text, line, font }, width) => {
  const { bars: drawn, labels, lines, left, base } = layoutOf(bars, width);
  context.font = `11px ${font}`;
  for (const { y, words } of lines) {
    context.fillStyle = line;
    context.fillRect(left, y, width - left, 1);
    context.fillStyle = text;
    context.textAlign = 'right';
    context.fillText(words, left - 8, y);
  }
  context.fillStyle = bar;
  for (const { x, y, width: thick, height } of drawn) context.fillRect(x, y, thick, height);
  context.fillStyle = text;
  for (const { x, anchor, words } of labels) {
    context.textAlign = anchor === 'middle' ? 'center' : anchor;
    context.fillText(words, x, base + 12);
  }
};

const drawNamed: Draw = (context, { names, values, words }, { bar, text, font }, width) => {
  const highest = Math.max(1, ...values);
  for (const [at, value] of values.entries()) {
    const y = at * rowPx + 8;
    context.font = `11px ${font}`;
    context.fillStyle = text;
    context.textAlign = 'left';
    context.fillText(names[at] ?? '', 0, y, width - 80);
    context.textAlign = 'right';
    context.fillText(words(value), width, y);
    context.fillStyle = bar;
    context.fillRect(0, y + 8, (value / highest) * width, 5);
  }
};

const heightOf = ({ bars, named }: Drawable): number =>
  titlePx + (named ? bars.values.length * rowPx + 8 : chartHeight);

/** All charts of a page as one picture, two beside each other, as a PNG. */
export async function pictureOf(
  charts: readonly Drawable[],
  { surface, text, font }: { readonly surface: string; readonly text: string; readonly font: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const gap = 18;
  const height = Math.max(0, ...charts.map(heightOf));
  const scale = Math.max(1, devicePixelRatio);
  const canvas = document.createElement('canvas');
  canvas.width = (2 * picturePx + 3 * gap) * scale;
  canvas.height = (Math.ceil(charts.length / 2) * (height + gap) + gap) * scale;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.scale(scale, scale);
  context.fillStyle = surface;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = 'middle';
  for (const [at, chart] of charts.entries()) {
    context.save();
    context.translate(gap + (at % 2) * (picturePx + gap), gap + Math.floor(at / 2) * (height + gap));
    context.fillStyle = text;
    context.textAlign = 'left';
    context.font = `600 14px ${font}`;
    context.fillText(`${chart.bars.title} – ${chart.bars.total}`, 0, titlePx / 2 - 4, picturePx);
    context.translate(0, titlePx);
    (chart.named ? drawNamed : drawUpright)(context, chart.bars, chart.colours, picturePx);
    context.restore();
  }
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (!blob) throw new Error('no picture');
  return new Uint8Array(await blob.arrayBuffer());
}
