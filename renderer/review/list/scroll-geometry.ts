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
}

export const tallestPx = 15_000_000;

/** Height of what is scrolled. */
export function scrolledHeight({ rows, rowHeight }: Extent): number {
  return Math.min(rows * rowHeight, tallestPx);
}

export function isScaled({ rows, rowHeight }: Extent): boolean {
  return rows * rowHeight > tallestPx;
}

/** How far down the rows can go. */
function lowest({ rows, rowHeight, height }: Extent): number {
  return Math.max(0, rows * rowHeight - height);
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
  const { rows, rowHeight, height } = extent;
  const first = Math.min(rows, Math.max(0, Math.floor(top / rowHeight)));
  return { first, end: Math.min(rows, Math.ceil((top + height) / rowHeight)) };
}

/** The smallest move after which this row is wholly in sight. */
export function topRevealing(row: number, top: number, extent: Extent): number {
  const { rowHeight, height } = extent;
  const upper = row * rowHeight;
  if (upper < top || rowHeight > height) return withinRows(upper, extent);
  if (upper + rowHeight > top + height) return withinRows(upper + rowHeight - height, extent);
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
