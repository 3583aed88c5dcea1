import type { Communication } from '../../domain/fold/communication.ts';
import { happenedAt } from '../../domain/fold/moments.ts';
import { exportRecord, type ExportedRecord } from '../../domain/record.ts';
import { communicationsTable, pageOfCommunications, parseCommunication } from './communications.ts';
import type { Database } from './database.ts';
import { latestDecisionOf } from './decisions.ts';
import { draftOf } from './drafts.ts';
import type { RecordCursor, RecordRange } from './schemas.ts';

export interface RecordPage {
  readonly records: readonly ExportedRecord[];
  /** Where to go on; null at the end. */
  readonly next: RecordCursor | null;
}

function recordFrom(database: Database, communication: Communication): ExportedRecord {
  const { key } = communication;
  return exportRecord(communication, draftOf(database, key), latestDecisionOf(database, key));
}

/** Null for one that is no more. */
export function exportedRecord(database: Database, key: string): ExportedRecord | null {
  const row = communicationsTable.select(database, 'WHERE key = ?', key)[0];
  return row ? recordFrom(database, parseCommunication(row)) : null;
}

/** Records in the order they happened, a page at a time so that an export needs constant memory. */
export function pageOfRecords(
  database: Database,
  range: RecordRange,
  after: RecordCursor | null,
  limit: number,
): RecordPage {
  const communications = pageOfCommunications(database, range, after, limit);
  const last = communications.at(-1);
  return {
    records: communications.map((communication) => recordFrom(database, communication)),
    next: last && communications.length === limit ? { at: happenedAt(last), key: last.key } : null,
  };
}
