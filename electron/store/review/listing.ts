import { type Listing, listingOf } from '../../../domain/review/record-listing.ts';
import { say } from '../../../domain/words/say.ts';
import { participantPrefix } from '../../../domain/communication/shared-work.ts';
import { codeKey } from '../../../domain/model/code-names.ts';
import { searchWords } from '../../../domain/words/search-words.ts';
import { noteForArchive } from '../archive-queue.ts';
import { codeNamesOf } from '../codes.ts';
import {
  communicationsTable,
  parseCommunication,
  sharedPrefixes,
  workKeys,
  type CommunicationRow,
} from '../communications.ts';
import { draftsOf, latestDraftOf } from '../drafts.ts';
import { asNumber, bytesIn, numberIn, type Engine, type Row, type Value } from '../engine.ts';
import { unlessDamaged } from '../records.ts';
import { latestSubmissionOf, latestSubmissionsOf } from '../submissions.ts';
import { idsBehind, noteListed, removeLine } from './listing-table.ts';
import { putWords, sameWords } from './word-index.ts';

/**
 * What every record is sorted, filtered and summed by (`listing`) and found by (`listing_search`). All of it follows
 * from the records. What a list shows is drawn from the records themselves, so nothing damaged is shown as true.
 */

const columns = ['missed', 'timed_out', 'on_air', 'work', 'length', 'peer', 'queue', 'code'] as const;
type ListingRow = Readonly<Record<(typeof columns)[number], Value>>;

const whole = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));

const separator = 1;
const separatorText = String.fromCharCode(separator);

/** Folded, so that "Ángel" stands beside "angel"; then the name itself, so that two names stay two. */
function sortKey(name: string | null): Buffer | null {
  if (!name) return null;
  return Buffer.concat([Buffer.from(searchWords(name).join(' ')), Buffer.of(separator), Buffer.from(name)]);
}

export function nameFrom(sort: Buffer): string {
  return sort.subarray(sort.indexOf(separator) + 1).toString('utf8');
}

/** A code without a name goes by its id. Two codes of one name stay two: the id comes last, without separators. */
function codeSortKey({ code, codeName }: Pick<Listing, 'code' | 'codeName'>): Buffer | null {
  const named = sortKey(codeName ?? code);
  const id = Buffer.from(codeKey(code ?? '').replaceAll(separatorText, ''));
  return named && Buffer.concat([named, Buffer.of(separator), id]);
}

/** `name`: the id where only that is known. */
export function codeFrom(sort: Buffer): { readonly name: string; readonly code: string } {
  const end = sort.lastIndexOf(separator);
  return { name: nameFrom(sort.subarray(0, end)), code: sort.subarray(end + 1).toString('utf8') };
}

function rowOf(line: Listing): ListingRow {
  return {
    missed: line.missed ? 1 : 0,
    timed_out: line.wrapup === 'timedOut' ? 1 : 0,
    on_air: whole(line.onAirMs),
    work: whole(line.workMs),
    length: whole(line.connectedMs),
    peer: sortKey(line.peer),
    queue: sortKey(line.queue),
    code: codeSortKey(line),
  };
}

const selectRow = `SELECT ${columns.map((name) => (['peer', 'queue', 'code'].includes(name) ? name : asNumber(name))).join(', ')}
  FROM listing WHERE id = ?`;

function isSame(stored: Row, name: (typeof columns)[number], value: Value): boolean {
  if (value === null) return stored[name] === null;
  return value instanceof Uint8Array ? bytesIn(stored, name).equals(value) : numberIn(stored, name) === value;
}

function lineOf(engine: Engine, row: CommunicationRow): Listing {
  const communication = parseCommunication(row);
  const keys = workKeys(engine, communication);
  return listingOf(
    communication,
    latestDraftOf(engine, keys),
    latestSubmissionOf(engine, keys),
    codeNamesOf(engine),
  );
}

/** In the order of `ids`. A record that is damaged is left out. */
export function linesOf(engine: Engine, ids: readonly number[]): Listing[] {
  const found = communicationsTable.look(
    engine,
    'WHERE id IN (SELECT value FROM json_each(?))',
    JSON.stringify(ids),
  );
  const make = lineMaker(
    engine,
    found.map(({ row }) => row.key),
  );
  const lines = new Map(
    found.map(({ position, row, fault }) => [
      position,
      fault === null ? unlessDamaged(() => make(row)) : null,
    ]),
  );
  return ids.flatMap((id) => lines.get(id) ?? []);
}

/** Reads the words about all records of a page at once: one by one took half as long again as the records. */
function lineMaker(engine: Engine, keys: readonly string[]): (row: CommunicationRow) => Listing {
  const words = unlessDamaged(() => ({
    drafts: draftsOf(engine, keys),
    submissions: latestSubmissionsOf(engine, keys),
    shared: sharedPrefixes(engine, keys),
  }));
  // Something is damaged: whose it is shows one by one.
  if (!words) return (row) => lineOf(engine, row);
  const names = codeNamesOf(engine);
  return (row) => {
    const { key } = row;
    // Few share their work with others.
    if (words.shared.has(participantPrefix(key))) return lineOf(engine, row);
    return listingOf(parseCommunication(row), words.drafts.get(key), words.submissions.get(key), names);
  };
}

function putRow(engine: Engine, id: number, row: ListingRow): void {
  const stored = engine.first(selectRow, id);
  if (!stored) {
    const names = ['id', ...columns];
    engine.run(
      `INSERT INTO listing (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      id,
      ...columns.map((name) => row[name]),
    );
    return;
  }
  const changed = columns.filter((name) => !isSame(stored, name, row[name]));
  if (changed.length === 0) return;
  engine.run(
    `UPDATE listing SET ${changed.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`,
    ...changed.map((name) => row[name]),
    id,
  );
}

/** Brings the line of one record up to date, inside the caller's transaction. A damaged record stays behind. */
function list(engine: Engine, id: number): void {
  unlessDamaged(() => {
    const [row] = communicationsTable.select(engine, 'WHERE id = ?', id);
    if (!row) {
      removeLine(engine, id);
      return;
    }
    const line = lineOf(engine, row);
    putRow(engine, id, rowOf(line));
    putWords(engine, id, line);
    noteListed(engine, id);
    noteForArchive(engine, id);
  });
}

/** A fact that arrives meanwhile waits no longer than one batch takes, ms. */
const batchMs = 8;
const batchSize = 64;

/** Lists a few of the records that are behind, in one transaction. Answers the last id; null when none is left. */
export function listBatch(engine: Engine, after: number): number | null {
  const ids = idsBehind(engine, after, batchSize);
  if (ids.length === 0) return null;
  const end = performance.now() + batchMs;
  let last = after;
  engine.transaction(() => {
    for (const id of ids) {
      list(engine, id);
      last = id;
      if (performance.now() > end) break;
    }
  });
  return last;
}

/** Lists everything that is behind, inside the caller's transaction. */
export function listAll(engine: Engine): void {
  for (let ids = idsBehind(engine, -1, batchSize); ids.length > 0;) {
    for (const id of ids) list(engine, id);
    ids = idsBehind(engine, ids.at(-1) ?? 0, batchSize);
  }
}

/** Above this many lines nobody learns more. */
const mostProblems = 20;
const pageSize = 500;

/**
 * Compares the listing of every record with what the record says now; those that are known to be behind are left
 * out. That the index of words is what its rows say is SQLite's own check to find.
 */
export function verifyListing(engine: Engine): string[] {
  const problems: string[] = [];
  for (let after = -1; problems.length < mostProblems;) {
    const page = communicationsTable.find(engine, after, pageSize);
    const behind = new Set(idsBehind(engine, after, pageSize));
    for (const { position, row, fault } of page) {
      after = position;
      // A damaged record is named by the look at its table.
      if (fault !== null || behind.has(position)) continue;
      const line = unlessDamaged(() => lineOf(engine, row));
      if (line && !isListed(engine, position, line))
        problems.push(say('database.verify.line', { key: JSON.stringify(row.key) }));
    }
    if (page.length < pageSize) break;
  }
  return problems.length === 0 ? countFaults(engine) : problems.slice(0, mostProblems);
}

function isListed(engine: Engine, id: number, line: Listing): boolean {
  const stored = engine.first(selectRow, id);
  const row = rowOf(line);
  return (
    stored !== undefined &&
    columns.every((name) => isSame(stored, name, row[name])) &&
    sameWords(engine, id, line)
  );
}

/** Rows that no record stands behind; a record that is behind may have any. */
function countFaults(engine: Engine): string[] {
  const countOf = (table: string): number => {
    const row = engine.first(
      `SELECT count(*) AS n FROM ${table} WHERE id NOT IN (SELECT id FROM listing_behind)`,
    );
    return row ? (numberIn(row, 'n') ?? 0) : 0;
  };
  const expected = countOf('communications');
  return ['listing', 'listing_search_content']
    .map(countOf)
    .filter((found) => found !== expected)
    .map((found) => say('database.verify.lines', { expected, found }));
}
