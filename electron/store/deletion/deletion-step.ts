import { z } from 'zod';
import type { Deletion } from '../../../domain/review/deletion.ts';
import { forgetRecord } from '../archive-queue.ts';
import { deleteCodesOf } from '../codes.ts';
import {
  communicationsTable,
  conversationRows,
  isOpen,
  parseCommunication,
  type StoredRecord,
} from '../communications.ts';
import { draftsTable } from '../drafts.ts';
import type { Engine } from '../engine.ts';
import { buryLeftovers } from './unclaimed-facts.ts';
import { removeLine } from '../review/listing-table.ts';
import { idsBetween } from '../time-ids.ts';
import { both, buryAbout, noneBuried, type Burial, type Buried } from './tombstones.ts';
import { readTotals, writeTotals } from '../totals.ts';

/**
 * Deleting in steps, each one transaction and short, so that facts go on being kept meanwhile: first the
 * records that are meant, with the facts they were made of; then, along the journal, the facts no record is
 * left for.
 */
export const deletionCursorSchema = z.discriminatedUnion('part', [
  /** The record after which to go on. */
  z.strictObject({ part: z.literal('records'), id: z.int() }),
  /** The fact after which to go on; of a single record: its conversation. */
  z.strictObject({ part: z.literal('facts'), seq: z.int(), conversationId: z.string().nullable() }),
]);
export type DeletionCursor = z.infer<typeof deletionCursorSchema>;

export interface DeletionStep {
  /** Of the records that are gone now. */
  readonly keys: readonly string[];
  readonly facts: number;
  readonly staying: number;
  /** Null when nothing is left to delete. */
  readonly next: DeletionCursor | null;
}

/** Records looked at in one step. */
const stepSize = 50;

const fromTheFirst: DeletionCursor = { part: 'records', id: -1 };

interface Meant {
  readonly records: readonly StoredRecord[];
  readonly next: DeletionCursor | null;
}

function meant(engine: Engine, what: Deletion, after: DeletionCursor & { part: 'records' }): Meant {
  if (what.kind === 'one') {
    const [row] = communicationsTable.select(engine, 'WHERE key = ?', what.key);
    if (!row) return { records: [], next: null };
    const communication = parseCommunication(row);
    const { conversationId } = communication;
    return { records: [{ row, communication }], next: { part: 'facts', seq: 0, conversationId } };
  }
  const { from, to } = what.kind === 'range' ? idsBetween(what.since, what.until) : idsBetween(null, null);
  const records = communicationsTable
    .select(
      engine,
      'WHERE id > ? AND id >= ? AND id < ? ORDER BY communications.id LIMIT ?',
      after.id,
      from,
      to,
      stepSize,
    )
    .map((row) => ({ row, communication: parseCommunication(row) }));
  const last = records.at(-1)?.row;
  const more = last && records.length === stepSize;
  return {
    records,
    next: more ? { part: 'records', id: last.id ?? 0 } : { part: 'facts', seq: 0, conversationId: null },
  };
}

/**
 * Something about it is not done: it goes on, or the agent's words are on their way. Words still being written are
 * about a wrap-up that is open; of one that is settled, or too old to be sent, they are part of the record.
 */
function stays(engine: Engine, record: StoredRecord, now: number | null): boolean {
  if (isOpen(record, now)) return true;
  const busy = engine.first(
    'SELECT EXISTS (SELECT 1 FROM submissions WHERE key = ? AND unfinished = 1) AS busy',
    record.row.key,
  );
  return busy?.['busy'] === 1;
}

function deleteConversation(
  engine: Engine,
  conversationId: string,
  records: readonly StoredRecord[],
  burial: Burial,
): Buried {
  const numbers = records.flatMap(({ row }) => [row.first_fact ?? 0, row.last_fact ?? 0]);
  for (const { row } of records) {
    communicationsTable.remove(engine, row.key);
    engine.run('DELETE FROM submissions WHERE key = ?', row.key);
    draftsTable.remove(engine, row.key);
    forgetRecord(engine, row.key);
    if (row.id !== null) removeLine(engine, row.id);
  }
  deleteCodesOf(engine, conversationId);
  return buryAbout(engine, conversationId, Math.min(...numbers), Math.max(...numbers), burial);
}

function deleteFoundRecords(
  engine: Engine,
  { records, next }: Meant,
  burial: Burial,
  now: number | null,
): DeletionStep {
  const keys: string[] = [];
  const looked = new Set<string>();
  let buried = noneBuried;
  let staying = 0;
  for (const { communication } of records) {
    const { conversationId } = communication;
    if (looked.has(conversationId)) continue;
    looked.add(conversationId);
    const whole = conversationRows(engine, conversationId);
    if (whole.some((record) => stays(engine, record, now))) {
      staying += records.filter((record) => record.communication.conversationId === conversationId).length;
      continue;
    }
    buried = both(buried, deleteConversation(engine, conversationId, whole, burial));
    keys.push(...whole.map(({ row }) => row.key));
  }
  count(engine, buried, keys.length);
  const nothingGoes = burial.why === 'one' && keys.length === 0;
  return { keys, facts: buried.facts, staying, next: nothingGoes ? null : next };
}

function count(engine: Engine, buried: Buried, records: number): void {
  if (buried.facts === 0 && records === 0) return;
  const totals = readTotals(engine);
  writeTotals(engine, {
    ...totals,
    records: totals.records - records,
    quarantined: totals.quarantined - buried.quarantined,
    deleted: totals.deleted + buried.facts,
    unswept: true,
  });
}

/**
 * The next step of deleting `what`, inside the caller's transaction.
 * @param after where the step before ended; null for the first
 * @param at ISO-8601, goes into the tombstones
 * @param now see `LocalDatabase.deleteRecords`
 */
export function deletionStep(
  engine: Engine,
  what: Deletion,
  after: DeletionCursor | null,
  at: string,
  now: number | null,
): DeletionStep {
  const burial = { at, why: what.kind };
  const from = after ?? fromTheFirst;
  if (from.part === 'records') return deleteFoundRecords(engine, meant(engine, what, from), burial, now);
  const { buried, next } = buryLeftovers(engine, what, from, burial);
  count(engine, buried, 0);
  return {
    keys: [],
    facts: buried.facts,
    staying: 0,
    next: next === null ? null : { ...from, seq: next },
  };
}
