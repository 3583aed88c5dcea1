/** RFC 4180: comma, CRLF, quotes doubled; UTF-8. */

/** In front of a file: without it a spreadsheet takes UTF-8 for the machine's own alphabet. */
export const byteOrderMark = '\uFEFF';

/** A list or an object is written as JSON text, nothing as an empty cell. */
export type CsvCell = string | number | boolean | null | undefined | readonly unknown[] | object;

/**
 * Where a spreadsheet may see a cell begin: at the beginning, and after what it may take for the end of one. A
 * spreadsheet of a country that writes decimals with a comma parts cells at semicolons, inside quotes too, as
 * these do not stand at the beginning of its cell; quotes at the beginning of one are not part of what it runs.
 */
const formula =
  /^(?=[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20])|(?<=[;\t\r\n])(?="*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;

/**
 * A spreadsheet runs a cell that begins like a formula; an apostrophe in front makes it words
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function harmless(text: string): string {
  return text.replace(formula, "'");
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
