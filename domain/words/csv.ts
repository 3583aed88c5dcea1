/** RFC 4180: comma, CRLF, quotes doubled. UTF-8 without a byte-order mark. */

/** A list or an object is written as JSON text, nothing as an empty cell. */
export type CsvCell = string | number | boolean | null | undefined | readonly unknown[] | object;

/**
 * A spreadsheet runs a cell that begins like a formula; an apostrophe in front makes it words
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function harmless(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

function cellText(cell: CsvCell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  const text = harmless(typeof cell === 'string' ? cell : JSON.stringify(cell));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}
