import { bytesIn, numberIn } from '../columns.ts';
import type { Engine } from '../engine.ts';
import { clear, slackOf } from '../slack.ts';
import { readTotals, writeTotals } from '../totals.ts';

/**
 * After a deletion: overwrites what may still be legible in unused parts of pages, gives free pages back, and
 * empties the log, which has the pages as they were. In steps, so that facts go on being kept meanwhile; that
 * it is owed is written down, so a crash in between forgets nothing.
 */

/** Pages looked at, or given back, in one step: some ms. */
const stepSize = 256;

function numberOf(engine: Engine, pragma: string): number {
  const row = engine.first(`PRAGMA ${pragma}`);
  return (row && numberIn(row, pragma)) ?? 0;
}

function pageAt(engine: Engine, page: number): Buffer {
  const row = engine.first('SELECT data FROM sqlite_dbpage WHERE pgno = ?', page);
  return row ? bytesIn(row, 'data') : Buffer.alloc(0);
}

/** Byte 20 of the file says how much of each page SQLite leaves to others. */
function usableSizeOf(first: Buffer): number {
  return first.length - (first[20] ?? 0);
}

function clearPages(engine: Engine, after: number, upTo: number): void {
  const usable = usableSizeOf(pageAt(engine, 1));
  for (let page = after + 1; page <= upTo; page += 1) {
    const data = pageAt(engine, page);
    if (!clear(data, slackOf(data, page, usable))) continue;
    engine.run('UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?', data, page);
  }
}

/**
 * @param after where the step before ended; 0 for the first
 * @returns where to go on; null when nothing is owed, or when a reader keeps the log from being emptied: then
 * it stays owed
 */
export function sweepStep(engine: Engine, after: number): number | null {
  if (!readTotals(engine).unswept) return null;
  const pages = numberOf(engine, 'page_count');
  if (after < pages) {
    const upTo = Math.min(after + stepSize, pages);
    engine.transaction(() => clearPages(engine, after, upTo));
    return upTo;
  }
  if (numberOf(engine, 'freelist_count') > 0) {
    engine.exec(`PRAGMA incremental_vacuum(${stepSize})`);
    return after;
  }
  if (!engine.checkpoint('at once')) return null;
  engine.transaction(() => writeTotals(engine, { ...readTotals(engine), unswept: false }));
  return null;
}
