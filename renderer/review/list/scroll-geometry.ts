/**
 * Which rows of a long list are in sight. Lengths are CSS px. The list is as tall as its rows until that is
 * more than an element may be (Chromium: about 33.5 million px); from there the scroll bar is a scale, and
 * one px of it stands for more than one px of rows.
 */
export interface Extent {
  readonly rows: number;
  readonly rowHeight: number;
  /** Of the part that is in sight. */
  readonly height: number;
  /** Rows that a heading stands above, ascending, and how high one is. */
  readonly headed?: readonly number[];
  readonly headingHeight?: number;
}

export const tallestPx = 15_000_000;

/** How many of these ascending rows come before this one. */
function countBefore(headed: readonly number[], row: number): number {
  let from = 0;
  let to = headed.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((headed[middle] ?? row) < row) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Px from the top of the first heading to this row's own heading, or to the row where it has none. */
export function blockTopOf(row: number, { rowHeight, headed = [], headingHeight = 0 }: Extent): number {
  return row * rowHeight + countBefore(headed, row) * headingHeight;
}

/** The same to the row itself. */
export function rowTopOf(row: number, { rowHeight, headed = [], headingHeight = 0 }: Extent): number {
  return row * rowHeight + countBefore(headed, row + 1) * headingHeight;
}

/** The first row for which this holds, as it does for all after it; `rows` for none. */
function firstRow({ rows }: Extent, holds: (row: number) => boolean): number {
  let from = 0;
  let to = rows;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** The first row that is wholly below this edge. */
export function firstRowFrom(top: number, extent: Extent): number {
  return firstRow(extent, (row) => rowTopOf(row, extent) >= top);
}

function whole({ rows, rowHeight, headed = [], headingHeight = 0 }: Extent): number {
  return rows * rowHeight + headed.length * headingHeight;
}

/** Height of what is scrolled. */
export function scrolledHeight(extent: Extent): number {
  return Math.min(whole(extent), tallestPx);
}

export function isScaled(extent: Extent): boolean {
  return whole(extent) > tallestPx;
}

/** How far down the rows can go. */
function lowest(extent: Extent): number {
  return Math.max(0, whole(extent) - extent.height);
}

function scale(extent: Extent): number {
  const way = scrolledHeight(extent) - extent.height;
  return isScaled(extent) && way > 0 ? lowest(extent) / way : 1;
}

export function withinRows(top: number, extent: Extent): number {
  return Math.min(Math.max(0, top), lowest(extent));
}

/** Which px of the rows is at the upper edge when the bar is at `scrollTop`. */
export function topAt(scrollTop: number, extent: Extent): number {
  return withinRows(scrollTop * scale(extent), extent);
}

/** Where the bar is when `top` is at the upper edge. */
export function scrollTopAt(top: number, extent: Extent): number {
  return withinRows(top, extent) / scale(extent);
}

/** Rows of which anything is in sight; `end` is not one of them. */
export function rowsInSight(top: number, extent: Extent): { readonly first: number; readonly end: number } {
  const { rowHeight, height } = extent;
  return {
    first: firstRow(extent, (row) => rowTopOf(row, extent) + rowHeight > top),
    end: firstRow(extent, (row) => blockTopOf(row, extent) >= top + height),
  };
}

/** The smallest move after which this row is wholly in sight. */
export function topRevealing(row: number, top: number, extent: Extent): number {
  const { rowHeight, height } = extent;
  const upper = blockTopOf(row, extent);
  const lower = rowTopOf(row, extent) + rowHeight;
  if (upper < top || rowHeight > height) return withinRows(upper, extent);
  if (lower > top + height) return withinRows(lower - height, extent);
  return top;
}

/** How many whole rows a page is. */
export function pageOf({ rowHeight, height }: Extent): number {
  return Math.max(1, Math.floor(height / rowHeight));
}

/** Where a key leads from a row; null when it is not a key that moves. */
export function rowAfterKey(key: string, row: number | null, extent: Extent): number | null {
  if (extent.rows === 0) return null;
  const to = target(key, row ?? -1, extent);
  return to === null ? null : Math.min(Math.max(0, to), extent.rows - 1);
}

function target(key: string, from: number, extent: Extent): number | null {
  switch (key) {
    case 'ArrowDown':
      return from + 1;
    case 'ArrowUp':
      return from - 1;
    case 'PageDown':
      return from + pageOf(extent);
    case 'PageUp':
      return from - pageOf(extent);
    case 'Home':
      return 0;
    case 'End':
      return extent.rows - 1;
    default:
      return null;
  }
}
