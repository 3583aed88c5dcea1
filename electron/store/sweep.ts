import { bytesIn, numberIn } from './columns.ts';
import type { Database } from './engine.ts';
import { clear, slackOf } from './slack.ts';
import { readTotals, writeTotals } from './totals.ts';

/**
 * After a deletion: overwrites what may still be legible in unused parts of pages, gives free pages back, and
 * empties the log, which has the pages as they were. In steps, so that facts go on being kept meanwhile; that
 * it is owed is written down, so a crash in between forgets nothing.
 */

/** Pages looked at, or given back, in one step: some ms. */
const stepSize = 256;

function numberOf(database: Database, pragma: string): number {
  const row = database.first(`PRAGMA ${pragma}`);
  return (row && numberIn(row, pragma)) ?? 0;
}

function pageAt(database: Database, page: number): Buffer {
  const row = database.first('SELECT data FROM sqlite_dbpage WHERE pgno = ?', page);
  return row ? bytesIn(row, 'data') : Buffer.alloc(0);
}

/** Byte 20 of the file says how much of each page SQLite leaves to others. */
function usableSizeOf(first: Buffer): number {
  return first.length - (first[20] ?? 0);
}

function clearPages(database: Database, after: number, upTo: number): void {
  const usable = usableSizeOf(pageAt(database, 1));
  for (let page = after + 1; page <= upTo; page += 1) {
    const data = pageAt(database, page);
    if (!clear(data, slackOf(data, page, usable))) continue;
    database.run('UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?', data, page);
  }
}

/**
 * @param after where the step before ended; 0 for the first
 * @returns where to go on; null when nothing is owed, or when a reader keeps the log from being emptied: then
 * it stays owed
 */
export function sweepStep(database: Database, after: number): number | null {
  if (!readTotals(database).unswept) return null;
  const pages = numberOf(database, 'page_count');
  if (after < pages) {
    const upTo = Math.min(after + stepSize, pages);
    database.transaction(() => clearPages(database, after, upTo));
    return upTo;
  }
  if (numberOf(database, 'freelist_count') > 0) {
    database.exec(`PRAGMA incremental_vacuum(${stepSize})`);
    return after;
  }
  if (!database.checkpoint('at once')) return null;
  database.transaction(() => writeTotals(database, { ...readTotals(database), unswept: false }));
  return null;
}
