import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { screenshareFields } from '../../domain/model/screenshare.ts';
import { readableColumns } from '../../domain/review/readable-columns.ts';
import type { ExportedRecord, ExportFormat, HeadingKind } from '../../domain/exported-record.ts';
import { inEnglish, say } from '../../domain/words/say.ts';
import { byteOrderMark, csvLine, type CsvCell } from '../../domain/words/csv-line.ts';
import { isMasked, type MaskedRecord } from '../../domain/masked-record.ts';
import { createRecordMask } from './mask-records.ts';

/** Records as text, for any stream: JSON, lines of JSON, or CSV, with people and notes masked where that is asked. */

export interface ExportOptions {
  readonly format: ExportFormat;
  /** Of a CSV: by the names of the fields unless words are asked for. */
  readonly headings?: HeadingKind;
  /** Masks people, addresses and notes with it (see `Review.maskKey`); each record says what was masked in it. */
  readonly maskKey: Uint8Array | null;
  /** They come from somebody's exported file, and may say themselves what was masked in them. */
  readonly opened?: boolean;
  /** Begins with a byte-order mark where a spreadsheet needs one: for a file, not for a pipe. */
  readonly marked?: boolean;
  /** Ends it at once, also while the writer waits for its disk. */
  readonly signal?: AbortSignal;
}

type Row = ExportedRecord | MaskedRecord;

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
  { name: 'wrapup.origin', of: (record) => record.wrapup?.origin },
  { name: 'wrapup.afterLimit', of: (record) => record.wrapup?.afterLimit },
  { name: 'outcome', of: (record) => record.outcome },
  { name: 'exposure.onAir', of: (record) => record.exposure?.onAir },
  { name: 'exposure.counts', of: (record) => record.exposure?.counts },
  { name: 'exposure.people', of: (record) => record.exposure?.people },
  { name: 'firstSeenAt', of: (record) => record.firstSeenAt },
  { name: 'lastSeenAt', of: (record) => record.lastSeenAt },
  { name: 'revisions', of: (record) => record.revisions },
];

const whatIsMasked = (record: Row): CsvCell => (isMasked(record) ? record.redacted.join(' ') : null);

function columnsFor(headings: HeadingKind, masked: boolean): readonly Column[] {
  const isFields = headings === 'fields';
  const all = isFields ? columns : readableColumns.map(({ heading, of }) => ({ name: heading, of }));
  const name = isFields ? 'redacted' : inEnglish(() => say('review.table.masked'));
  return masked ? [...all, { name, of: whatIsMasked }] : all;
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
  { headings = 'fields', maskKey, opened = false, marked = false }: ExportOptions,
): AsyncGenerator<string> {
  const shown = columnsFor(headings, maskKey !== null || opened);
  yield `${marked ? byteOrderMark : ''}${csvLine(shown.map(({ name }) => name))}`;
  for await (const record of records) yield csvLine(shown.map(({ of }) => of(record)));
}

async function* masked(
  records: AsyncIterable<ExportedRecord>,
  key: Uint8Array,
): AsyncGenerator<ExportedRecord> {
  const maskRecord = createRecordMask(key);
  for await (const record of records) yield maskRecord(record);
}

function textOf(records: AsyncIterable<ExportedRecord>, options: ExportOptions): AsyncGenerator<string> {
  const source = options.maskKey ? masked(records, options.maskKey) : records;
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
