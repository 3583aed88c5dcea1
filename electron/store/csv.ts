import { screenshareFields } from '../../domain/model/screenshare.ts';
import type { ExportedRecord } from '../../domain/record.ts';
import type { RedactedRecord } from './redact.ts';

/** RFC 4180: comma, CRLF, quotes doubled; the first line names the columns. UTF-8 without a byte-order mark. */

type Row = ExportedRecord | RedactedRecord;
type Cell = string | number | boolean | null | undefined | readonly unknown[] | object;

interface Column {
  readonly name: string;
  readonly of: (record: Row) => Cell;
}

/** The names of the JSON, by dot paths. A list or object without columns of its own is JSON text. */
const columns: readonly Column[] = [
  { name: 'conversationId', of: (record) => record.conversationId },
  { name: 'participantId', of: (record) => record.participantId },
  { name: 'role', of: (record) => record.role },
  { name: 'media', of: (record) => record.media },
  ...screenshareFields.map((field) => ({
    name: `screenshare.${field}`,
    of: (record: Row): Cell => record.screenshare[field],
  })),
  { name: 'queueName', of: (record) => record.queueName },
  { name: 'peerName', of: (record) => record.peerName },
  { name: 'alertedAt', of: (record) => record.alertedAt },
  { name: 'answered', of: (record) => record.answered },
  { name: 'wrapup.code', of: (record) => record.wrapup?.code },
  { name: 'wrapup.name', of: (record) => record.wrapup?.name },
  { name: 'wrapup.notes', of: (record) => record.wrapup?.notes },
  { name: 'wrapup.state', of: (record) => record.wrapup?.state },
  { name: 'firstSeenAt', of: (record) => record.firstSeenAt },
  { name: 'lastSeenAt', of: (record) => record.lastSeenAt },
  { name: 'revisions', of: (record) => record.revisions },
];

const redactedColumn: Column = {
  name: 'redacted',
  of: (record) => ('redacted' in record ? record.redacted.join(' ') : null),
};

/**
 * A spreadsheet runs a cell that begins like a formula; an apostrophe in front makes it words
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function harmless(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  const text = harmless(typeof cell === 'string' ? cell : JSON.stringify(cell));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;
const columnsFor = (redacted: boolean): readonly Column[] =>
  redacted ? [...columns, redactedColumn] : columns;

export function csvHead(redacted: boolean): string {
  return line(columnsFor(redacted).map(({ name }) => name));
}

export function csvRow(record: Row, redacted: boolean): string {
  return line(columnsFor(redacted).map(({ of }) => cellText(of(record))));
}
