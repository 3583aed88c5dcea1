import type { Communication } from '../../domain/communication/communication.ts';
import { DatabaseProblem } from '../../domain/database.ts';
import { exportRecord, type ExportedRecord } from '../../domain/exported-record.ts';
import { communicationsTable, pageOfCommunications, parseCommunication } from './communications.ts';
import type { Engine } from './engine.ts';
import { latestSubmissionOf } from './submissions.ts';
import { draftOf } from './drafts.ts';
import { databaseProblem } from './problems.ts';
import type { RecordCursor, RecordRange } from './schemas.ts';

export interface RecordPage {
  readonly records: readonly ExportedRecord[];
  /** How many more there were that are damaged: nothing damaged is handed out as true. */
  readonly unread: number;
  /** Where to go on; null at the end. */
  readonly next: RecordCursor | null;
}

function recordFrom(engine: Engine, communication: Communication): ExportedRecord {
  const { key } = communication;
  return exportRecord(communication, draftOf(engine, key), latestSubmissionOf(engine, key));
}

/** Null for a damaged one. */
export function unlessDamaged<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DatabaseProblem && error.code === 'damaged') return null;
    throw error;
  }
}

/** Null for one that is no more. */
export function exportedRecord(engine: Engine, key: string): ExportedRecord | null {
  const row = communicationsTable.select(engine, 'WHERE key = ?', key)[0];
  return row ? recordFrom(engine, parseCommunication(row)) : null;
}

function isBeyond(cursor: RecordCursor, after: RecordCursor | null): boolean {
  if (after === null || cursor.at !== after.at) return cursor.at > (after?.at ?? -Infinity);
  return Buffer.compare(Buffer.from(cursor.key), Buffer.from(after.key)) > 0;
}

/**
 * Records in the order they happened, a page at a time so that an export needs constant memory.
 * @throws DatabaseProblem `damaged` where a whole page is and does not even say where it ends
 */
export function pageOfRecords(
  engine: Engine,
  range: RecordRange,
  after: RecordCursor | null,
  limit: number,
): RecordPage {
  const found = pageOfCommunications(engine, range, after, limit);
  const isLast = found.length < limit;
  // What a damaged row says of its place may be wrong: the next page goes on after the last good one.
  const good = found.findLastIndex(({ fault }) => fault === null);
  const end = isLast || good < 0 ? found.length : good + 1;
  const records = found
    .slice(0, end)
    .map(({ row, fault }) =>
      fault === null ? unlessDamaged(() => recordFrom(engine, parseCommunication(row))) : null,
    );
  const whole = records.filter((record) => record !== null);
  const last = found[end - 1]?.row;
  const next = isLast || !last ? null : { at: last.at ?? 0, key: last.key };
  if (next && !isBeyond(next, after)) throw databaseProblem('damaged', engine.path);
  return { records: whole, unread: records.length - whole.length, next };
}
