import { createHash, createHmac } from 'node:crypto';
import type { ExportedRecord } from '../../domain/exported-record.ts';
import { archiveKey, canonical, canonicalText, dayOf, nextRevision } from '../../domain/archive/identity.ts';
import type { ArchiveMask } from '../../domain/archive/archive-settings.ts';
import { maskForArchive, type KeyedDigest } from '../../domain/archive/mask.ts';
import {
  mostIssues,
  type ArchiveCounts,
  type ArchiveIdentity,
  type ArchiveIssue,
  type LineMaking,
  type LineOutcome,
  type LinePreview,
  type QueuedLine,
} from '../../domain/archive/queue.ts';
import { archiveLimits, type Outcome, type RecordLine } from '../../domain/archive/wire.ts';
import { say } from '../../domain/words/say.ts';

import { checksummedTable, type RowOf } from './checksummed-table.ts';
import {
  communicationsTable,
  isOpen,
  parseCommunication,
  workKeys,
  type CommunicationRow,
} from './communications.ts';
import { asNumber, numberIn, type Engine, type Value } from './engine.ts';
import { exportedRecord, unlessDamaged } from './records.ts';
import { momentOf } from './time-ids.ts';
import { readTotals } from './totals.ts';

/**
 * What goes to the archive. Records that changed are noted (`archive_behind`); a finished one becomes a line under the
 * next number, and stays one until the archive has answered it. A line that was sent once is never changed, so that
 * whatever arrives of it twice is the same; what changed since is a line of its own.
 */

const stateColumns = {
  id: 'number',
  url: 'text',
  is_on: 'number',
  device: 'text',
  generation: 'number',
  seq: 'number',
  answered: 'number',
  identity: 'text',
} as const;
const archivedColumns = {
  key: 'text',
  record: 'text',
  generation: 'number',
  revision: 'number',
  digest: 'text',
  outcome: 'text',
  reason: 'text',
} as const;
const lineColumns = {
  seq: 'number',
  key: 'text',
  record: 'text',
  revision: 'number',
  sent: 'number',
  line: 'text',
} as const;

export const archiveStateTable = checksummedTable('archive_state', stateColumns);
export const archivedTable = checksummedTable('archived', archivedColumns);
export const archiveLinesTable = checksummedTable('archive_lines', lineColumns);

type State = RowOf<typeof stateColumns>;

/** A fact that arrives meanwhile waits no longer than one step takes, ms. */
const stepMs = 8;
const stepSize = 32;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function readState(engine: Engine): State | null {
  return archiveStateTable.select(engine)[0] ?? null;
}

/** @throws where no archive was ever connected: nobody may ask before */
function stateOf(engine: Engine): State {
  const state = readState(engine);
  if (state === null) throw new Error('No archive is connected');
  return state;
}

/** Notes a record whose line in the listing was made again, inside the caller's transaction. */
export function noteForArchive(engine: Engine, id: number): void {
  engine.run(
    'INSERT OR IGNORE INTO archive_behind SELECT ? WHERE EXISTS (SELECT 1 FROM archive_state WHERE is_on = 1)',
    id,
  );
}

function noteWhere(engine: Engine, where = 'true'): void {
  engine.run(`INSERT OR IGNORE INTO archive_behind SELECT id FROM communications WHERE ${where}`);
}

/** Inside the caller's transaction, as all that writes here. */
export function turnOn(engine: Engine, url: string, device: string): ArchiveCounts {
  const state = readState(engine);
  if (state?.url === url) {
    if (state.is_on === 1) noteWhere(engine, 'settled = 0');
    else noteWhere(engine);
    archiveStateTable.put(engine, { ...state, is_on: 1 });
  } else {
    const next = { id: 1, url, is_on: 1, generation: state?.generation ?? 0, identity: '' };
    startOver(engine, { ...next, device, seq: 0, answered: 0 });
  }
  return countAll(engine);
}

export function turnOff(engine: Engine): void {
  const state = readState(engine);
  if (state !== null) archiveStateTable.put(engine, { ...state, is_on: 0 });
  engine.run('DELETE FROM archive_behind');
}

/** Everything is offered again, under numbers that begin again. */
function startOver(engine: Engine, state: State): void {
  archiveStateTable.put(engine, {
    ...state,
    generation: (state.generation ?? 0) + 1,
    seq: 0,
    answered: 0,
  });
  engine.run('DELETE FROM archive_lines');
  noteWhere(engine);
}

export function deviceOf(engine: Engine): string {
  return stateOf(engine).device;
}

/** See `ArchiveQueue.met`. */
export function meet(engine: Engine, who: ArchiveIdentity, seq: number, device: string): void {
  const state = stateOf(engine);
  const identity = sha256(JSON.stringify([who.agentId, who.maskKey]));
  const isAnother = state.identity !== '' && state.identity !== identity;
  const hasLess = seq < (state.answered ?? 0);
  if (isAnother || hasLess) {
    startOver(engine, { ...state, identity, device });
    return;
  }
  const last = state.seq ?? 0;
  // A backup of this database was put back: what is numbered here up to there was something else once.
  if (seq > last) renumber(engine);
  archiveStateTable.put(engine, { ...state, identity, seq: Math.max(seq, last) });
}

function renumber(engine: Engine): void {
  engine.run(
    'INSERT OR IGNORE INTO archive_behind SELECT id FROM communications WHERE key IN (SELECT record FROM archive_lines)',
  );
  engine.run('DELETE FROM archive_lines');
}

interface Digests {
  readonly keyed: KeyedDigest;
  readonly keyOf: (record: ExportedRecord) => string;
}

function digestsOf({ agentId, maskKey }: ArchiveIdentity): Digests {
  const key = Buffer.from(maskKey, 'base64url');
  const keyed = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
  return { keyed, keyOf: (record) => archiveKey(record, { agentId, digest: keyed, sha256 }) };
}

function hasUnfinished(engine: Engine, keys: readonly string[]): boolean {
  const found = engine.first(
    `SELECT EXISTS (SELECT 1 FROM submissions WHERE unfinished = 1
       AND key IN (SELECT value FROM json_each(?))) AS found`,
    JSON.stringify(keys),
  );
  return found?.['found'] === 1;
}

/** Nothing more can come of it, and what the agent wrote about it has arrived. */
function isFinished(engine: Engine, row: CommunicationRow, now: number | null): boolean {
  const communication = parseCommunication(row);
  return !isOpen({ row, communication }, now) && !hasUnfinished(engine, workKeys(engine, communication));
}

/** See `ArchiveQueue.fill`. */
export function fill(engine: Engine, how: LineMaking): boolean {
  const ids = engine
    .all(`SELECT ${asNumber('id')} FROM archive_behind ORDER BY archive_behind.id LIMIT ?`, stepSize)
    .map((row) => numberIn(row, 'id') ?? 0);
  if (ids.length === 0 || countLines(engine) >= archiveLimits.records) return false;
  const digests = digestsOf(how);
  const end = performance.now() + stepMs;
  for (const id of ids) {
    unlessDamaged(() => {
      queue(engine, id, how, digests);
    });
    engine.run('DELETE FROM archive_behind WHERE id = ?', id);
    if (performance.now() > end) break;
  }
  return engine.first('SELECT 1 AS more FROM archive_behind') !== undefined;
}

function queue(engine: Engine, id: number, how: LineMaking, digests: Digests): void {
  const [row] = communicationsTable.select(engine, 'WHERE id = ?', id);
  if (!row || !isFinished(engine, row, how.now)) return;
  const record = exportedRecord(engine, id);
  if (!record) return;
  const state = stateOf(engine);
  const key = digests.keyOf(record);
  // Of what is here, before the mask: another mask alone is no other revision.
  const digest = digests.keyed(`record\0${canonicalText(record)}`);
  const [before] = archivedTable.select(engine, 'WHERE key = ?', key);
  const waiting = archiveLinesTable.select(engine, 'WHERE record = ? AND key = ?', row.key, key);
  const known = before ? { revision: before.revision ?? 0, digest: before.digest } : null;
  const changed = nextRevision(record, digest, known);
  const isOffered =
    before?.generation === state.generation && (before.outcome !== 'waiting' || waiting.length > 0);
  if (changed === null && before && isOffered) {
    // It was deleted here, and came again.
    if (before.record !== row.key) archivedTable.put(engine, { ...before, record: row.key });
    return;
  }
  // One that was not sent yet gives its number to what is newer.
  const unsent = waiting.find(({ sent }) => sent === 0);
  const revision = changed ?? before?.revision ?? record.revisions;
  const seq = unsent?.seq ?? (state.seq ?? 0) + 1;
  const text = lineText(engine, { device: state.device, seq, revision }, record, how.mask, digests);
  const entry = { key, record: row.key, generation: state.generation, revision, digest };
  if (Buffer.byteLength(text) > archiveLimits.lineBytes) {
    // It has no number: nothing is missing there that was never to come.
    archivedTable.put(engine, { ...entry, outcome: 'refused', reason: say('archive.tooLong') });
    return;
  }
  archivedTable.put(engine, { ...entry, outcome: 'waiting', reason: '' });
  archiveLinesTable.put(engine, { seq, key, record: row.key, revision, sent: 0, line: text });
  if (!unsent) archiveStateTable.put(engine, { ...state, seq });
}

/** See `ArchiveQueue.batch`. */
export function takeBatch(engine: Engine, records: number, bytes: number): QueuedLine[] {
  const lines = archiveLinesTable.select(
    engine,
    'ORDER BY seq LIMIT ?',
    Math.min(records, archiveLimits.records),
  );
  let length = 0;
  const taken: QueuedLine[] = [];
  for (const row of lines) {
    length += Buffer.byteLength(row.line) + 1;
    // A line alone goes whatever its length.
    if (length > bytes && taken.length > 0) break;
    if (row.sent === 0) archiveLinesTable.update(engine, row, { ...row, sent: 1 });
    taken.push({ seq: row.seq ?? 0, text: row.line });
  }
  return taken;
}

export function takeAnswers(engine: Engine, outcomes: readonly LineOutcome[]): ArchiveCounts {
  const state = stateOf(engine);
  let answered = state.answered ?? 0;
  for (const { seq, outcome, reason } of outcomes) {
    const [line] = archiveLinesTable.select(engine, 'WHERE seq = ?', seq);
    // Deleted here meanwhile, or offered again.
    if (!line) continue;
    answered = Math.max(answered, seq);
    engine.run('DELETE FROM archive_lines WHERE seq = ?', seq);
    const [entry] = archivedTable.select(engine, 'WHERE key = ?', line.key);
    if (entry?.revision === line.revision) archivedTable.update(engine, entry, { ...entry, outcome, reason });
  }
  if (answered !== state.answered) archiveStateTable.update(engine, state, { ...state, answered });
  return countAll(engine);
}

/**
 * A record is deleted here, inside the caller's transaction: nothing of it stays but digests. What was not sent yet is
 * not sent any more; what is in the archive stays there.
 */
export function forgetRecord(engine: Engine, record: string): void {
  engine.run('DELETE FROM archive_lines WHERE record = ?', record);
  for (const { row } of archivedTable.look(engine, 'WHERE record = ?', record))
    archivedTable.put(engine, { ...row, record: '' });
}

function countLines(engine: Engine): number {
  return countOf(engine, 'SELECT count(*) AS n FROM archive_lines');
}

function countOf(engine: Engine, sql: string, ...values: readonly Value[]): number {
  const row = engine.first(sql, ...values);
  return row ? (numberIn(row, 'n') ?? 0) : 0;
}

export function countAll(engine: Engine): ArchiveCounts {
  const generation = readState(engine)?.generation ?? 0;
  const having = (outcome: Outcome): number =>
    countOf(
      engine,
      'SELECT count(*) AS n FROM archived WHERE generation = ? AND outcome = ?',
      generation,
      outcome,
    );
  const conflicts = having('conflict');
  return {
    archived: having('kept') + having('known') + conflicts,
    waiting: countLines(engine) + countOf(engine, 'SELECT count(*) AS n FROM archive_behind'),
    refused: having('refused'),
    conflicts,
  };
}

function idOf(engine: Engine, record: string): number | null {
  const row = engine.first(`SELECT ${asNumber('id')} FROM communications WHERE key = ?`, record);
  return row ? numberIn(row, 'id') : null;
}

/** See `ArchiveQueue.offerRefused`. */
export function offerRefused(engine: Engine): ArchiveCounts {
  const refused = archivedTable.select(
    engine,
    `WHERE generation = ? AND outcome = 'refused' AND record <> ''`,
    readState(engine)?.generation ?? 0,
  );
  for (const entry of refused) {
    const id = idOf(engine, entry.record);
    if (id === null) continue;
    archivedTable.update(engine, entry, { ...entry, outcome: 'waiting', reason: '' });
    engine.run('INSERT OR IGNORE INTO archive_behind (id) VALUES (?)', id);
  }
  return countAll(engine);
}

export function issuesOf(engine: Engine): ArchiveIssue[] {
  const generation = readState(engine)?.generation ?? 0;
  return archivedTable
    .select(
      engine,
      `WHERE generation = ? AND outcome IN ('refused', 'conflict') ORDER BY archived.rowid DESC LIMIT ?`,
      generation,
      mostIssues,
    )
    .map(({ record, outcome, reason }) => {
      const id = record === '' ? null : idOf(engine, record);
      return {
        record: id === null ? '' : record,
        at: id === null ? null : momentOf(id),
        outcome: outcome === 'refused' ? 'refused' : 'conflict',
        reason,
      };
    });
}

/** Records looked at for one that is finished. */
const previewsLookedAt = 200;

/** See `ArchiveQueue.preview`. Changes nothing; also before an archive was ever connected. */
export function previewOf(engine: Engine, how: LineMaking, before: number | null): LinePreview | null {
  const digests = digestsOf(how);
  const rows = communicationsTable.look(
    engine,
    'WHERE id < ? ORDER BY communications.id DESC LIMIT ?',
    before ?? Number.MAX_SAFE_INTEGER,
    previewsLookedAt,
  );
  for (const { position: id, row, fault } of rows) {
    if (fault !== null || !isFinished(engine, row, how.now)) continue;
    const record = unlessDamaged(() => exportedRecord(engine, id));
    if (record) return { text: previewText(engine, row.key, record, how, digests), id, at: momentOf(id) };
  }
  return null;
}

function previewText(
  engine: Engine,
  record: string,
  exported: ExportedRecord,
  how: LineMaking,
  digests: Digests,
): string {
  const [queued] = archiveLinesTable.select(engine, 'WHERE record = ? ORDER BY seq DESC LIMIT 1', record);
  if (queued) return queued.line;
  const state = readState(engine);
  const [known] = archivedTable.select(engine, 'WHERE record = ?', record);
  const place = {
    device: state?.device ?? '',
    seq: (state?.seq ?? 0) + 1,
    revision: known?.revision ?? exported.revisions,
  };
  return lineText(engine, place, exported, how.mask, digests);
}

function lineText(
  engine: Engine,
  { device, seq, revision }: Pick<RecordLine, 'device' | 'seq' | 'revision'>,
  record: ExportedRecord,
  mask: ArchiveMask,
  digests: Digests,
): string {
  const line = {
    device,
    seq,
    chain: readTotals(engine).head,
    revision,
    day: dayOf(record),
    record: canonical(maskForArchive(record, mask, digests.keyed)),
  } satisfies Record<keyof RecordLine, unknown>;
  return JSON.stringify(line);
}
