import { bytesIn, numberIn, type Engine } from '../engine.ts';
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
    if (!clear(data, unusedIn(data, page, usable))) continue;
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

// Which bytes of a page hold nothing: what was deleted may still be legible there. SQLite overwrites what it frees
// (secure_delete), but a page it builds again in place keeps what was between its cells.
// Source: https://sqlite.org/fileformat.html, "B-tree Pages" and "Pointer Map".

interface Span {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** The header of the database lies at the beginning of the first page. */
const headerSize = 100;

const pageTypes = { interiorIndex: 2, interiorTable: 5, leafIndex: 10, leafTable: 13 } as const;
const interior: ReadonlySet<number> = new Set([pageTypes.interiorIndex, pageTypes.interiorTable]);
const known: ReadonlySet<number> = new Set(Object.values(pageTypes));

/** Whether a page is one of the maps that auto_vacuum keeps: every so many pages, from the second on. */
function isPointerMap(page: number, usableSize: number): boolean {
  const apart = Math.floor(usableSize / 5) + 1;
  return page >= 2 && (page - 2) % apart === 0;
}

/** What follows the header of a free block is not used. */
function freeBlocks(data: Buffer, first: number, end: number): Span[] {
  const spans: Span[] = [];
  let at = first;
  // Each lies behind the one before it: a damaged chain comes to its end too.
  while (at !== 0 && at + 4 <= end) {
    const next = data.readUInt16BE(at);
    const to = at + data.readUInt16BE(at + 2);
    if (to > end || (next !== 0 && next <= at)) return [];
    spans.push({ from: at + 4, to });
    at = next;
  }
  return spans;
}

/**
 * The unused bytes of a b-tree page; none of any other page, and none of one that does not read as it should.
 * @param page its number, from 1
 * @param usableSize bytes of it that SQLite uses
 */
export function unusedIn(data: Buffer, page: number, usableSize: number): Span[] {
  const header = page === 1 ? headerSize : 0;
  const type = data[header] ?? 0;
  if (isPointerMap(page, usableSize) || !known.has(type)) return [];
  const cells = data.readUInt16BE(header + 3);
  const content = data.readUInt16BE(header + 5) || 65_536;
  const gap = { from: header + (interior.has(type) ? 12 : 8) + 2 * cells, to: content };
  if (gap.from > gap.to || gap.to > usableSize) return [];
  return [gap, ...freeBlocks(data, data.readUInt16BE(header + 1), usableSize)];
}

/** Overwrites with zeros; false when there was nothing else before. */
function clear(data: Buffer, spans: readonly Span[]): boolean {
  const dirty = spans.filter(({ from, to }) => data.subarray(from, to).some((byte) => byte !== 0));
  for (const { from, to } of dirty) data.fill(0, from, to);
  return dirty.length > 0;
}
