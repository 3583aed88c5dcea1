import { z } from 'zod';
import type { MemorySummary } from '../../domain/memory.ts';
import { checkedTable } from './checked.ts';
import type { Database } from './database.ts';

/** Running numbers and the end of the hash chain, changed in the same transaction as what they count. */
export const totalsTable = checkedTable('totals', [
  'id',
  'facts',
  'quarantined',
  'records',
  'decisions',
  'head',
]);

const totalsSchema = z.object({
  id: z.literal(1),
  facts: z.int().min(0),
  quarantined: z.int().min(0),
  records: z.int().min(0),
  /** Order of the newest decision; never given twice, even if that decision is deleted. */
  decisions: z.int().min(0),
  /** Hash of the newest fact, 64 hex digits. */
  head: z.string().length(64),
});
export type Totals = Omit<z.infer<typeof totalsSchema>, 'id'>;

/** What the first fact's hash is chained to. */
export const genesis = '0'.repeat(64);

const none: Totals = { facts: 0, quarantined: 0, records: 0, decisions: 0, head: genesis };

export function readTotals(database: Database): Totals {
  const row = totalsTable.select(database)[0];
  if (!row) return none;
  const { id: _id, ...totals } = totalsSchema.parse(row);
  return totals;
}

export function writeTotals(database: Database, totals: Totals): void {
  totalsTable.put(database, { id: 1, ...totals });
}

export function summaryOf(totals: Totals): MemorySummary {
  return { records: totals.records, facts: totals.facts, quarantined: totals.quarantined };
}
