/** RFC 4180: comma, CRLF, quotes doubled; UTF-8. */

/** In front of a file: without it a spreadsheet takes UTF-8 for the machine's own alphabet. */
export const byteOrderMark = '\uFEFF';

/** A list or an object is written as JSON text, nothing as an empty cell. */
export type CsvCell = string | number | boolean | null | undefined | readonly unknown[] | object;

/** What a spreadsheet may take for a formula: invisible characters before the sign do not stop every one. */
const formula = /^'*[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u;

/**
 * A spreadsheet runs a cell that begins like a formula; an apostrophe in front makes it words
 * (https://owasp.org/www-community/attacks/CSV_Injection). One that has apostrophes already gets one more: so whoever
 * takes one away from such a cell has what was written.
 */
function harmless(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

function cellText(cell: CsvCell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  const text = harmless(typeof cell === 'string' ? cell : JSON.stringify(cell));
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}
