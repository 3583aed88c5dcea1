import { happenedAt } from '../../domain/fold/moments.ts';
import { exportRecord, type ExportedRecord } from '../../domain/record.ts';
import { pageOfCommunications } from './communications.ts';
import type { Database } from './database.ts';
import { latestDecisionOf } from './decisions.ts';
import { draftOf } from './drafts.ts';
import type { RecordCursor, RecordRange } from './schemas.ts';

export interface RecordPage {
  readonly records: readonly ExportedRecord[];
  /** Where to go on; null at the end. */
  readonly next: RecordCursor | null;
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
    records: communications.map((communication) =>
      exportRecord(
        communication,
        draftOf(database, communication.key),
        latestDecisionOf(database, communication.key),
      ),
    ),
    next: last && communications.length === limit ? { at: happenedAt(last), key: last.key } : null,
  };
}
