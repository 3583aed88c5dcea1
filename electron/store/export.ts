import { createHmac, randomBytes } from 'node:crypto';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isMaskedPath, isTimeOrWord, maskScreenshare, type Mask } from '../../domain/model/personal.ts';
import { screenshareFields } from '../../domain/model/screenshare.ts';
import { isExportedField, type ExportedRecord, type ExportFormat } from '../../domain/exported-record.ts';
import { byteOrderMark, csvLine, type CsvCell } from '../../domain/words/csv-line.ts';

/** Records as text, for any stream: JSON, lines of JSON, or CSV, with people and notes masked where that is asked. */

export interface ExportOptions {
  readonly format: ExportFormat;
  /** Masks people, addresses and notes; each record says what was masked in it. */
  readonly redact: boolean;
  /** They come from somebody's exported file, and may say themselves what was masked in them. */
  readonly opened?: boolean;
  /** Begins with a byte-order mark where a spreadsheet needs one: for a file, not for a pipe. */
  readonly marked?: boolean;
  /** Ends it at once, also while the writer waits for its disk. */
  readonly signal?: AbortSignal;
}

export const mask = '[redacted]';

export type RedactedRecord = ExportedRecord & {
  /** Dot paths of what was masked in this record. */
  readonly redacted: readonly string[];
};

/** Somebody's file may have anything under this name. */
export function isRedacted(record: ExportedRecord): record is RedactedRecord {
  const masked: unknown = 'redacted' in record ? record.redacted : null;
  return Array.isArray(masked) && masked.every((path) => typeof path === 'string');
}

const maskedBeside = ['*', 'alertedAt', 'conversationId', 'participantId', 'peerName', 'wrapup.notes'];

/** A record that was imported says itself what was masked before. */
function toldBefore(record: ExportedRecord): readonly string[] {
  if (!isRedacted(record)) return [];
  return record.redacted.filter((path) => maskedBeside.includes(path) || isMaskedPath(path));
}

/** Somebody's file may have words about a time that can still be read as one. */
const timeOnly = (text: string): string => (isTimeOrWord(text) ? text : new Date(text).toISOString());

/**
 * Masks who was at the other end, addresses, notes and whatever the model does not name, with the names of those
 * fields. Ids that lead back to people become digests: the same id is the same digest within one export and in no
 * other.
 * @param key of this export
 */
export function createRedaction(
  key: Uint8Array = randomBytes(32),
): (record: ExportedRecord) => RedactedRecord {
  const digest = (id: string): string =>
    id === '' ? id : createHmac('sha256', key).update(id).digest('hex').slice(0, 24);
  const put: Mask = (kind, name, value) => {
    if (kind === 'unknown') return undefined;
    if (kind === 'identifier') return typeof value === 'string' ? digest(value) : mask;
    // A list of words stays a list, as in the model.
    return name === 'tags' ? [mask] : mask;
  };
  return (record) => {
    const { screenshare, found } = maskScreenshare(record.screenshare, put);
    const redacted = new Set(['conversationId', 'participantId', ...found, ...toldBefore(record)]);
    if (Object.keys(record).some((name) => !isExportedField(name) && name !== 'redacted')) redacted.add('*');
    if (record.peerName !== null) redacted.add('peerName');
    if (record.wrapup?.notes) redacted.add('wrapup.notes');
    const isTold = record.alertedAt !== null && !isTimeOrWord(record.alertedAt);
    if (isTold) redacted.add('alertedAt');
    return {
      conversationId: digest(record.conversationId),
      participantId: digest(record.participantId),
      role: record.role,
      media: record.media,
      screenshare,
      queueName: record.queueName,
      peerName: record.peerName === null ? null : mask,
      alertedAt: isTold ? null : record.alertedAt,
      answered: record.answered,
      wrapup: record.wrapup && {
        code: record.wrapup.code,
        name: record.wrapup.name,
        notes: record.wrapup.notes ? mask : record.wrapup.notes,
        state: record.wrapup.state,
      },
      firstSeenAt: timeOnly(record.firstSeenAt),
      lastSeenAt: timeOnly(record.lastSeenAt),
      revisions: record.revisions,
      redacted: [...redacted].sort(),
    };
  };
}

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

function csvHead(redacted: boolean): string {
  return csvLine(columnsFor(redacted).map(({ name }) => name));
}

function csvRow(record: Row, redacted: boolean): string {
  return csvLine(columnsFor(redacted).map(({ of }) => of(record)));
}

async function* json(records: AsyncIterable<ExportedRecord>): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const record of records) {
    yield `${separator}${JSON.stringify(record)}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

async function* ndjson(records: AsyncIterable<ExportedRecord>): AsyncGenerator<string> {
  for await (const record of records) yield `${JSON.stringify(record)}\n`;
}

async function* csv(
  records: AsyncIterable<ExportedRecord>,
  { redact: masking, opened = false, marked = false }: ExportOptions,
): AsyncGenerator<string> {
  const redacted = masking || opened;
  yield `${marked ? byteOrderMark : ''}${csvHead(redacted)}`;
  for await (const record of records) yield csvRow(record, redacted);
}

async function* masked(records: AsyncIterable<ExportedRecord>): AsyncGenerator<ExportedRecord> {
  const redact = createRedaction();
  for await (const record of records) yield redact(record);
}

function textOf(records: AsyncIterable<ExportedRecord>, options: ExportOptions): AsyncGenerator<string> {
  const source = options.redact ? masked(records) : records;
  switch (options.format) {
    case 'json':
      return json(source);
    case 'ndjson':
      return ndjson(source);
    case 'csv':
      return csv(source, options);
  }
}

/** The last chunk has left the process's hands, so it may exit. */
function flushed(to: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    to.write('', (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/**
 * Writes the records one by one as fast as `to` takes them, so it needs the same memory for any number.
 * Leaves `to` open; resolves when `to` has passed everything on.
 * @throws what `records` or `to` throws, for instance EPIPE when the reader went away; the signal's reason
 */
export async function writeExport(
  records: AsyncIterable<ExportedRecord>,
  to: Writable,
  options: ExportOptions,
): Promise<void> {
  await pipeline(Readable.from(textOf(records, options), { objectMode: true, highWaterMark: 64 }), to, {
    end: false,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  await flushed(to);
}
