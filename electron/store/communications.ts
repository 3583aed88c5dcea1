import { firstEpoch } from '../../domain/clocks/time.ts';
import type { Communication } from '../../domain/communication/communication.ts';
import { happenedAt } from '../../domain/communication/moments.ts';
import { isSettled, connectionOf } from '../../domain/communication/phase.ts';
import { say } from '../../domain/words/say.ts';
import { asStored } from './hash-chain.ts';
import { checksummedTable, type Finding, type RowOf } from './checksummed-table.ts';
import type { Engine, Value } from './engine.ts';
import { parseJson } from './json.ts';
import { noteUnlisted } from './review/unlisted.ts';
import { communicationSchema, type RecordCursor, type RecordRange } from './schemas.ts';

const columns = {
  key: 'text',
  at: 'number',
  ended_at: 'number',
  settled: 'number',
  first_fact: 'number',
  last_fact: 'number',
  json: 'text',
} as const;

type Row = RowOf<typeof columns>;

/** The current state of every communication, as folded from the journal. */
export const communicationsTable = checksummedTable('communications', columns);

/** What the other columns say follows from the record. */
function columnsOf(communication: Communication): Pick<Row, 'key' | 'at' | 'ended_at' | 'settled'> {
  const over = connectionOf(communication) === 'over';
  return {
    key: communication.key,
    at: happenedAt(communication),
    ended_at: over ? firstEpoch(communication.screenshare.disconnectedTime, communication.lastSeenAt) : null,
    settled: isSettled(communication) ? 1 : 0,
  };
}

/** What a row says beside its record that does not follow from it; null when all does. */
export function columnFault(row: Row): string | null {
  const columns = columnsOf(parseCommunication(row));
  const follows = { ...columns, key: asStored(columns.key) };
  const column = (['key', 'at', 'ended_at', 'settled'] as const).find((name) => row[name] !== follows[name]);
  return column ? say('database.verify.recordChanged', { key: row.key, field: column }) : null;
}

/**
 * Inserts or replaces inside the caller's transaction; answers how many were new.
 * @param fact number of the fact that changed them; null for what no fact of this journal tells
 * @param isDamageMended writes over damaged records; else they are an error
 */
export function putCommunications(
  engine: Engine,
  changed: readonly Communication[],
  fact: number | null = null,
  isDamageMended = true,
): number {
  let added = 0;
  for (const communication of changed) {
    const rowAfter = (before: Row | null): Row => ({
      ...columnsOf(communication),
      first_fact: before && fact !== null ? before.first_fact : fact,
      last_fact: fact,
      json: JSON.stringify(communication),
    });
    const isNew = communicationsTable.change(engine, communication.key, rowAfter, isDamageMended);
    noteUnlisted(engine, communication.key);
    if (isNew) added += 1;
  }
  return added;
}

export function parseCommunication(row: Readonly<Record<'key' | 'json', string>>): Communication {
  return parseJson(row.json, communicationSchema, `communication ${JSON.stringify(row.key)}`);
}

function select(engine: Engine, where: string, ...values: readonly Value[]): Communication[] {
  return communicationsTable.select(engine, where, ...values).map(parseCommunication);
}

/** A record and the row that holds it. */
export interface StoredRecord {
  readonly row: Row;
  readonly communication: Communication;
}

/** With what the file knows of them. */
export function conversationRows(engine: Engine, conversationId: string): StoredRecord[] {
  // Every key that begins with the id and a slash; "0" is what follows a slash.
  return communicationsTable
    .select(engine, 'WHERE key > ? AND key < ? ORDER BY at, key', `${conversationId}/`, `${conversationId}0`)
    .map((row) => ({ row, communication: parseCommunication(row) }))
    .filter(({ communication }) => communication.conversationId === conversationId);
}

export function ofConversation(engine: Engine, conversationId: string): Communication[] {
  return conversationRows(engine, conversationId).map(({ communication }) => communication);
}

/** Not ended, wrap-up possibly due, or the agent's words about it still on their way; newest first. */
export function openCommunications(engine: Engine): Communication[] {
  return select(
    engine,
    `WHERE key IN (
       SELECT key FROM communications WHERE settled = 0
       UNION SELECT key FROM drafts
       UNION SELECT key FROM submissions WHERE unfinished = 1
     ) ORDER BY at DESC, key DESC`,
  );
}

export function lastEnded(engine: Engine): Communication | null {
  return (
    select(
      engine, // The column, not its reading of the same name in the result: only the column has the index.
      'WHERE ended_at IS NOT NULL ORDER BY communications.ended_at DESC LIMIT 1',
    )[0] ?? null
  );
}

/** A page of records by time, good or bad; `after` is where the page before ended. */
export function pageOfCommunications(
  engine: Engine,
  range: RecordRange,
  after: RecordCursor | null,
  limit: number,
): Finding<typeof columns>[] {
  return communicationsTable.look(
    engine,
    'WHERE (at, key) > (?, ?) AND at >= ? AND at < ? ORDER BY communications.at, key LIMIT ?',
    after?.at ?? Number.MIN_SAFE_INTEGER,
    after?.key ?? '',
    range.since ?? Number.MIN_SAFE_INTEGER,
    range.until ?? Number.MAX_SAFE_INTEGER,
    limit,
  );
}
