import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExportedRecord, ExportFormat } from '../../domain/exported-record.ts';
import { byteOrderMark } from '../../domain/words/csv-line.ts';
import { csvHead, csvRow } from './csv.ts';
import { redact } from './redact.ts';

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
 * Writes the records one by one as fast as `to` takes them, so it needs the same database for any number.
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
