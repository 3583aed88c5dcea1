import type { Communication } from '../../domain/communication/communication.ts';
import { DatabaseProblem, type Recollection } from '../../domain/database.ts';
import { exportRecord, type ExportedRecord } from '../../domain/exported-record.ts';
import {
  communicationsTable,
  lastEnded,
  openCommunications,
  pageOfCommunications,
  parseCommunication,
  workKeys,
} from './communications.ts';
import { codeNamesOf } from './codes.ts';
import type { Engine } from './engine.ts';
import { latestSubmissionOf, unfinishedSubmissions } from './submissions.ts';
import { allDrafts, latestDraftOf } from './drafts.ts';
import type { RecordRange } from './schemas.ts';
import { readTotals, summaryOf } from './totals.ts';

export interface RecordPage {
  readonly records: readonly ExportedRecord[];
  /** How many more there were that are damaged: nothing damaged is handed out as true. */
  readonly unread: number;
  /** Id to go on after; null at the end. */
  readonly next: number | null;
}

function recordFrom(engine: Engine, communication: Communication): ExportedRecord {
  const keys = workKeys(engine, communication);
  const draft = latestDraftOf(engine, keys);
  return exportRecord(communication, draft, latestSubmissionOf(engine, keys), codeNamesOf(engine));
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
export function exportedRecord(engine: Engine, id: number): ExportedRecord | null {
  const row = communicationsTable.select(engine, 'WHERE id = ?', id)[0];
  return row ? recordFrom(engine, parseCommunication(row)) : null;
}

/**
 * Records in the order they happened, a page at a time so that an export needs constant memory.
 * @param after the id the page before ended with; -1 at first
 */
export function pageOfRecords(engine: Engine, range: RecordRange, after: number, limit: number): RecordPage {
  const found = pageOfCommunications(engine, range, after, limit);
  const records = found.flatMap(({ row, fault }) =>
    fault === null ? (unlessDamaged(() => recordFrom(engine, parseCommunication(row))) ?? []) : [],
  );
  const last = found.length === limit ? found.at(-1) : undefined;
  return { records, unread: found.length - records.length, next: last?.position ?? null };
}

/** Everything needed to go on where the program stopped. `lastSubmission` is the newest one about `last`. */
export function recollect(engine: Engine): Recollection {
  const last = lastEnded(engine);
  return {
    open: openCommunications(engine),
    drafts: allDrafts(engine),
    submissions: unfinishedSubmissions(engine),
    last,
    lastSubmission: last ? (latestSubmissionOf(engine, workKeys(engine, last)) ?? null) : null,
    summary: summaryOf(readTotals(engine)),
  };
}
