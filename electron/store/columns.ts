import type { Row } from './engine.ts';

/**
 * How columns are read. The engine aborts the whole process on a text that is not UTF-8 and cuts one at its
 * first NUL, and in a damaged file a column of any declared type may hold such a text. So nothing is ever
 * read as text: words come as bytes and are decoded here, numbers are cast to numbers.
 */

export const asBytes = (column: string): string => `CAST(${column} AS BLOB) AS ${column}`;
export const asNumber = (column: string): string => `CAST(${column} AS INTEGER) AS ${column}`;

export function bytesIn(row: Row, column: string): Buffer {
  const cell = row[column];
  return cell instanceof ArrayBuffer ? Buffer.from(cell) : Buffer.alloc(0);
}

/** Empty where nothing is stored; bytes that are not UTF-8 become U+FFFD. */
export function textIn(row: Row, column: string): string {
  return bytesIn(row, column).toString('utf8');
}

export function numberIn(row: Row, column: string): number | null {
  const cell = row[column];
  return typeof cell === 'number' ? cell : null;
}
