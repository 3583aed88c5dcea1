import { firstEpoch } from '../../domain/clocks/time.ts';
import type { Communication } from '../../domain/communication/communication.ts';
import { happenedAt, isTooOldToFile } from '../../domain/communication/moments.ts';
import { isSettled, legStateOf } from '../../domain/communication/phase.ts';
import { isSameWork, participantPrefix, workLevelOf } from '../../domain/communication/shared-work.ts';
import { say } from '../../domain/words/say.ts';
import { asStored } from './hash-chain.ts';
import { checksummedTable, type Finding, type RowOf } from './checksummed-table.ts';
import { textIn, type Engine, type Value } from './engine.ts';
import { afterPrefix, noteBehind, noteKeyBehind, removeLine } from './review/listing-table.ts';
import { communicationSchema, parseJson, type RecordRange } from './schemas.ts';
import { freeId, idsBetween, isAt } from './time-ids.ts';

const columns = {
  key: 'text',
  /** See `time-ids.ts`. */
  id: 'number',
  ended_at: 'number',
  settled: 'number',
  first_fact: 'number',
  last_fact: 'number',
  json: 'text',
} as const;

export type CommunicationRow = RowOf<typeof columns>;

/** The current state of every communication, as the facts of the journal make it. */
export const communicationsTable = checksummedTable('communications', columns);

/** What the other columns say follows from the record. */
function columnsOf(communication: Communication): Pick<CommunicationRow, 'key' | 'ended_at' | 'settled'> {
  const over = legStateOf(communication) === 'over';
  const { screenshare, endTime, lastSeenAt } = communication;
  return {
    key: communication.key,
    ended_at: over ? firstEpoch(screenshare.disconnectedTime, endTime, lastSeenAt) : null,
    settled: isSettled(communication) ? 1 : 0,
  };
}

/** What a row says beside its record that does not follow from it; null when all does. */
export function columnFault(engine: Engine, row: CommunicationRow): string | null {
  const communication = parseCommunication(row);
  const columns = columnsOf(communication);
  const follows = { ...columns, key: asStored(columns.key) };
  const column =
    (['key', 'ended_at', 'settled'] as const).find((name) => row[name] !== follows[name]) ??
    (isAt(engine, row.id ?? -1, happenedAt(communication)) ? null : 'id');
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
    const at = happenedAt(communication);
    let id = 0;
    const isNew = communicationsTable.change(
      engine,
      communication.key,
      (before) => {
        const stored = before?.id ?? null;
        id = stored !== null && isAt(engine, stored, at) ? stored : freeId(engine, at);
        if (stored !== null && stored !== id) removeLine(engine, stored);
        return {
          ...columnsOf(communication),
          id,
          first_fact: before && fact !== null ? before.first_fact : fact,
          last_fact: fact,
          json: JSON.stringify(communication),
        };
      },
      isDamageMended,
    );
    noteBehind(engine, id);
    noteKeyBehind(engine, communication.key);
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
  readonly row: CommunicationRow;
  readonly communication: Communication;
}

/**
 * Whether something may still come of it. `now`: epoch ms of the server's clock; null where nobody knows it, and nothing
 * is too old then.
 */
export function isOpen({ row, communication }: StoredRecord, now: number | null): boolean {
  return row.settled !== 1 && (now === null || !isTooOldToFile(communication, now));
}

export function unsettledRows(engine: Engine): StoredRecord[] {
  return communicationsTable
    .select(engine, 'WHERE settled = 0')
    .map((row) => ({ row, communication: parseCommunication(row) }));
}

/** With what the file knows of them. */
export function conversationRows(engine: Engine, conversationId: string): StoredRecord[] {
  // Every key that begins with the id and a slash; "0" is what follows a slash.
  return communicationsTable
    .select(
      engine,
      'WHERE key > ? AND key < ? ORDER BY communications.id',
      `${conversationId}/`,
      `${conversationId}0`,
    )
    .map((row) => ({ row, communication: parseCommunication(row) }))
    .filter(({ communication }) => communication.conversationId === conversationId);
}

export function ofConversation(engine: Engine, conversationId: string): Communication[] {
  return conversationRows(engine, conversationId).map(({ communication }) => communication);
}

/** Keys of the records that have their after-call work in common with this one, its own among them. */
export function workKeys(engine: Engine, communication: Communication): readonly string[] {
  const { key } = communication;
  if (workLevelOf(communication) !== 'participant') return [key];
  const prefix = participantPrefix(key);
  const found = communicationsTable.look(
    engine,
    'WHERE key >= ? AND key < ? AND key <> ?',
    prefix,
    afterPrefix(prefix),
    key,
  );
  const sharers = found.flatMap(({ row, fault }) => (fault === null ? [parseCommunication(row)] : []));
  return [key, ...sharers.filter((other) => isSameWork(communication, other)).map((other) => other.key)];
}

/** Not ended, wrap-up possibly due, or the agent's words about it still on their way; newest first. */
export function openCommunications(engine: Engine): Communication[] {
  return select(
    engine,
    `WHERE key IN (
       SELECT key FROM communications WHERE settled = 0
       UNION SELECT key FROM drafts
       UNION SELECT key FROM submissions WHERE unfinished = 1
     ) ORDER BY communications.id DESC`,
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

/** Of the participants of these records, by their keys, those with several: few have. */
export function sharedPrefixes(engine: Engine, keys: readonly string[]): ReadonlySet<string> {
  const found = engine.all(
    `SELECT CAST(one.value AS BLOB) AS prefix FROM json_each(?) AS one CROSS JOIN communications AS other
     ON other.key >= one.value AND other.key < substr(one.value, 1, length(one.value) - 1) || '0'
     GROUP BY one.value HAVING count(*) > 1`,
    JSON.stringify([...new Set(keys.map(participantPrefix))]),
  );
  return new Set(found.map((row) => textIn(row, 'prefix')));
}

/** A page of records by time, good or bad; `after`: the id the page before ended with, -1 at first. */
export function pageOfCommunications(
  engine: Engine,
  { since, until }: RecordRange,
  after: number,
  limit: number,
): Finding<typeof columns>[] {
  const { from, to } = idsBetween(since ?? null, until ?? null);
  return communicationsTable.look(
    engine,
    'WHERE id > ? AND id >= ? AND id < ? ORDER BY communications.id LIMIT ?',
    after,
    from,
    to,
    limit,
  );
}
