import { DatabaseProblem } from '../../../domain/database.ts';
import { type Listing, listingOf } from '../../../domain/review/record-listing.ts';
import { communicationsTable, parseCommunication } from '../communications.ts';
import { numberIn } from '../columns.ts';
import type { Finding } from '../checksummed-table.ts';
import type { Engine } from '../engine.ts';
import { latestSubmissionOf } from '../submissions.ts';
import { draftOf } from '../drafts.ts';
import { countChange, forgetChanges } from './changes.ts';
import { freeId, isAt } from '../time-ids.ts';
import { lineText, listingTable, parseLine, type listingColumns } from './lines.ts';
import { dropUnused, nameIn, nameKinds, nameNumber, type NameKind } from './names.ts';
import { addToSearch, removeFromSearch, searchTexts } from './word-index.ts';
import { noteListed } from './unlisted.ts';

/** What a chart sums and a list is sorted by. Lengths in ms. */
export interface Numbers {
  readonly missed: number;
  readonly on_air: number | null;
  readonly work: number | null;
  readonly length: number | null;
}

const whole = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));

export function numbersOf(line: Listing): Numbers {
  return {
    missed: line.missed ? 1 : 0,
    on_air: whole(line.onAirMs),
    work: whole(line.workMs),
    length: whole(line.connectedMs),
  };
}

function idOf(engine: Engine, key: string): number | null {
  const row = engine.first('SELECT id FROM listing WHERE key = ?', key);
  return row ? numberIn(row, 'id') : null;
}

/** Null where what was read turns out to be damaged: a line is made anew from its record, and must stand in nobody's way. */
function unlessDamaged<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DatabaseProblem && error.code === 'damaged') return null;
    throw error;
  }
}

function lineIn({ row, fault }: Finding<typeof listingColumns>): Listing | null {
  return fault === null ? unlessDamaged(() => parseLine(row)) : null;
}

/** Null also for a damaged line. */
function lineOf(engine: Engine, key: string): Listing | null {
  const found = listingTable.look(engine, 'WHERE key = ?', key)[0];
  return found ? lineIn(found) : null;
}

/**
 * In the order of `ids`. One that is damaged is drawn from its record, or left out where that cannot be.
 * @param damaged told of each such id
 */
export function linesOf(engine: Engine, ids: readonly number[], damaged: (id: number) => void): Listing[] {
  const found = listingTable.look(
    engine,
    'WHERE id IN (SELECT value FROM json_each(?))',
    JSON.stringify(ids),
  );
  const byId = new Map(found.map((each) => [each.row.id, each]));
  return ids.flatMap((id) => {
    const each = byId.get(id);
    const line = each ? lineIn(each) : null;
    if (line) return line;
    damaged(id);
    const now = each ? unlessDamaged(() => lineNow(engine, each.row.key)) : null;
    return now && isAt(engine, id, now.at) ? now : [];
  });
}

/** Whether there is a line with this id that can be shown. */
export function isReadable(engine: Engine, id: number): boolean {
  const found = listingTable.look(engine, 'WHERE id = ?', id)[0];
  return found !== undefined && lineIn(found) !== null;
}

/** The key of a line as it is read, which in a damaged one may be wrong. */
export function keyAt(engine: Engine, id: number): string | null {
  return listingTable.look(engine, 'WHERE id = ?', id)[0]?.row.key ?? null;
}

/** The line of a record as it should be; null when there is no such record. */
export function lineNow(engine: Engine, key: string): Listing | null {
  const communication = communicationsTable.select(engine, 'WHERE key = ?', key).map(parseCommunication)[0];
  if (!communication) return null;
  return listingOf(communication, draftOf(engine, key), latestSubmissionOf(engine, key));
}

type NameNumbers = Readonly<Record<NameKind, number | null>>;

function nameNumbersAt(engine: Engine, id: number): NameNumbers | null {
  const row = engine.first('SELECT peer, queue, code FROM listing_numbers WHERE id = ?', id);
  if (!row) return null;
  return { peer: numberIn(row, 'peer'), queue: numberIn(row, 'queue'), code: numberIn(row, 'code') };
}

function writeNumbers(engine: Engine, id: number, line: Listing, before: NameNumbers | null): void {
  const { missed, on_air, work, length } = numbersOf(line);
  const [peer, queue, code] = nameKinds.map((kind) => nameNumber(engine, kind, nameIn(line, kind)));
  engine.run(
    `INSERT OR REPLACE INTO listing_numbers (id, missed, on_air, work, length, peer, queue, code)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    missed,
    on_air,
    work,
    length,
    peer ?? null,
    queue ?? null,
    code ?? null,
  );
  if (before) dropNames(engine, before);
}

function dropNames(engine: Engine, before: NameNumbers): void {
  for (const kind of nameKinds) {
    const number = before[kind];
    if (number !== null) dropUnused(engine, kind, [number]);
  }
}

/** Inserts or replaces the line of a record, inside the caller's transaction; answers the rows that changed. */
export function putLine(engine: Engine, line: Listing): readonly number[] {
  const texts = searchTexts(line);
  const before = idOf(engine, line.key);
  if (before === null || !isAt(engine, before, line.at)) {
    if (before !== null) removeRow(engine, before);
    const id = freeId(engine, line.at);
    listingTable.put(engine, { key: line.key, id, json: lineText(line) });
    writeNumbers(engine, id, line, null);
    addToSearch(engine, id, texts);
    return before === null ? [id] : [before, id];
  }
  const lineBefore = lineOf(engine, line.key);
  listingTable.put(engine, { key: line.key, id: before, json: lineText(line) });
  writeNumbers(engine, before, line, nameNumbersAt(engine, before));
  if (lineBefore && JSON.stringify(searchTexts(lineBefore)) === JSON.stringify(texts)) return [before];
  removeFromSearch(engine, before);
  addToSearch(engine, before, texts);
  return [before];
}

/** All of a row but its line. */
function removeRow(engine: Engine, id: number): void {
  const before = nameNumbersAt(engine, id);
  engine.run('DELETE FROM listing_numbers WHERE id = ?', id);
  if (before) dropNames(engine, before);
  removeFromSearch(engine, id);
}

/** Takes out a line, of whatever record it is. */
export function removeLine(engine: Engine, id: number): void {
  removeRow(engine, id);
  engine.run('DELETE FROM listing WHERE id = ?', id);
}

/** Takes records out of the listing for good, inside the caller's transaction. */
export function forgetListing(engine: Engine, keys: readonly string[]): void {
  for (const key of keys) {
    noteListed(engine, key);
    const id = idOf(engine, key);
    if (id === null) continue;
    removeRow(engine, id);
    listingTable.remove(engine, key);
  }
  forgetChanges(engine);
  countChange(engine);
}

/** Brings the line of one record up to date, one that is no more leaves the listing; answers the rows that changed. */
export function relist(engine: Engine, key: string): readonly number[] {
  const line = lineNow(engine, key);
  if (!line) {
    forgetListing(engine, [key]);
    return [];
  }
  const changed = putLine(engine, line);
  noteListed(engine, key);
  return changed;
}
