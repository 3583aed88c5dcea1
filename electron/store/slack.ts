/**
 * Which bytes of a page hold nothing: what was deleted may still be legible there. SQLite overwrites what it
 * frees (secure_delete), but a page it builds anew in place keeps what was between its cells.
 * Source: https://sqlite.org/fileformat.html, "B-tree Pages" and "Pointer Map".
 */

export interface Span {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** The engine header lies at the beginning of the first page. */
const headerSize = 100;

const pageTypes = { interiorIndex: 2, interiorTable: 5, leafIndex: 10, leafTable: 13 } as const;
const interior: ReadonlySet<number> = new Set([pageTypes.interiorIndex, pageTypes.interiorTable]);
const known: ReadonlySet<number> = new Set(Object.values(pageTypes));

/** Whether a page is one of the maps that auto_vacuum keeps: every so many pages, from the second on. */
export function isPointerMap(page: number, usableSize: number): boolean {
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
export function slackOf(data: Buffer, page: number, usableSize: number): Span[] {
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
export function clear(data: Buffer, spans: readonly Span[]): boolean {
  const dirty = spans.filter(({ from, to }) => data.subarray(from, to).some((byte) => byte !== 0));
  for (const { from, to } of dirty) data.fill(0, from, to);
  return dirty.length > 0;
}
