import { exportRecord, type ExportedRecord } from '../../../domain/exported-record.ts';
import type { Imported } from '../../../domain/review/imported-record.ts';

/** An imported record as it would be exported again. */
export function exportImported({ communication, draft, submission }: Imported): ExportedRecord {
  return exportRecord(
    communication,
    draft ?? undefined,
    submission ? { ...submission, order: 1 } : undefined,
  );
}
