import type { DatabaseSummary } from '../../domain/database.ts';
import { checksummedTable, type RowOf } from './checksummed-table.ts';
import type { Engine } from './engine.ts';

const columns = {
  id: 'number',
  facts: 'number',
  quarantined: 'number',
  records: 'number',
  submissions: 'number',
  deleted: 'number',
  unswept: 'number',
  head: 'text',
} as const;

/** Running numbers and the end of the hash chain, changed in the same transaction as what they count. */
export const totalsTable = checksummedTable('totals', columns);

export interface Totals {
  /** Number of the newest fact; deleted ones count. */
  readonly facts: number;
  /** Refused facts that are not deleted. */
  readonly quarantined: number;
  readonly records: number;
  /** Order of the newest submission; never given twice, even if that submission is deleted. */
  readonly submissions: number;
  /** Facts that are deleted. */
  readonly deleted: number;
  /** What was deleted may still be in unused parts of pages. */
  readonly unswept: boolean;
  /** Hash of the newest fact, 64 hex digits. */
  readonly head: string;
}

/** What the first fact's hash is chained to. */
export const genesis = '0'.repeat(64);

const none: Totals = {
  facts: 0,
  quarantined: 0,
  records: 0,
  submissions: 0,
  deleted: 0,
  unswept: false,
  head: genesis,
};

export function readTotals(engine: Engine): Totals {
  const row = totalsTable.select(engine)[0];
  if (!row) return none;
  return {
    facts: row.facts ?? 0,
    quarantined: row.quarantined ?? 0,
    records: row.records ?? 0,
    submissions: row.submissions ?? 0,
    deleted: row.deleted ?? 0,
    unswept: row.unswept === 1,
    head: row.head,
  };
}

const rowOf = (totals: Totals): RowOf<typeof columns> => ({
  id: 1,
  ...totals,
  unswept: totals.unswept ? 1 : 0,
});

/** @param before as they were read in the same transaction; then they need not be read again */
export function writeTotals(engine: Engine, totals: Totals, before: Totals = none): void {
  if (before === none) totalsTable.put(engine, rowOf(totals));
  else totalsTable.update(engine, rowOf(before), rowOf(totals));
}

export function summaryOf(totals: Totals): DatabaseSummary {
  return { records: totals.records, facts: totals.facts, quarantined: totals.quarantined };
}
