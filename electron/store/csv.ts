import { screenshareFields } from '../../domain/model/screenshare.ts';
import type { ExportedRecord } from '../../domain/exported-record.ts';
import { csvLine, type CsvCell } from '../../domain/words/csv-line.ts';
import { isRedacted, type RedactedRecord } from './redact.ts';

/** Records as CSV; the first line names the columns. */

type Row = ExportedRecord | RedactedRecord;

interface Column {
  readonly name: string;
  readonly of: (record: Row) => CsvCell;
}

/** The names of the JSON, by dot paths. A list or object without columns of its own is JSON text. */
const columns: readonly Column[] = [
  { name: 'conversationId', of: (record) => record.conversationId },
  { name: 'participantId', of: (record) => record.participantId },
  { name: 'role', of: (record) => record.role },
  { name: 'media', of: (record) => record.media },
  ...screenshareFields.map((field) => ({
    name: `screenshare.${field}`,
    of: (record: Row): CsvCell => record.screenshare[field],
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
  of: (record) => (isRedacted(record) ? record.redacted.join(' ') : null),
};

const columnsFor = (redacted: boolean): readonly Column[] =>
  redacted ? [...columns, redactedColumn] : columns;

export function csvHead(redacted: boolean): string {
  return csvLine(columnsFor(redacted).map(({ name }) => name));
}

export function csvRow(record: Row, redacted: boolean): string {
  return csvLine(columnsFor(redacted).map(({ of }) => of(record)));
}
