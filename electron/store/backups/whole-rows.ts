import { DatabaseProblem } from '../../../domain/database.ts';
import type { ChecksummedTable, RowOf, TableColumns } from '../checksummed-table.ts';
import { numberIn, type Engine, type Row } from '../engine.ts';

/**
 * Reading a file of which parts are destroyed: what cannot be read is passed over, what is read has proven
 * itself by its checksum. A page that is gone takes its own rows along and no others.
 */

export interface Readable<T> {
  readonly rows: readonly T[];
  /** Nothing was passed over: what is not here was not there. */
  readonly complete: boolean;
}

const pageSize = 500;

/** Null where the file is too damaged for this. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof DatabaseProblem) return null;
    throw error;
  }
}

/** Pages of a query until it ends or breaks; true when it came to its end. */
function readPages(next: (rows: readonly Row[]) => Row[], found: Set<number>): boolean {
  let rows: readonly Row[] = [];
  for (;;) {
    const read = attempt(() => next(rows));
    if (read === null) return false;
    for (const row of read) found.add(numberIn(row, 'position') ?? 0);
    if (read.length < pageSize) return true;
    rows = read;
  }
}

/** SQLite's numbers of all rows it can still name: from the front, from the back, and by an index. */
function positionsOf(engine: Engine, table: string, key: string): { all: number[]; complete: boolean } {
  const found = new Set<number>();
  const select = `SELECT rowid AS position FROM ${table}`;
  const last = (rows: readonly Row[], start: number): number =>
    numberIn(rows.at(-1) ?? {}, 'position') ?? start;
  const complete = readPages(
    (rows) =>
      engine.all(
        `${select} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
        last(rows, Number.MIN_SAFE_INTEGER),
        pageSize,
      ),
    found,
  );
  if (!complete) {
    readPages(
      (rows) =>
        engine.all(
          `${select} WHERE rowid < ? ORDER BY rowid DESC LIMIT ?`,
          last(rows, Number.MAX_SAFE_INTEGER),
          pageSize,
        ),
      found,
    );
    let offset = -pageSize;
    readPages(
      () => engine.all(`${select} ORDER BY ${key} LIMIT ? OFFSET ?`, pageSize, (offset += pageSize)),
      found,
    );
  }
  return { all: [...found].sort((a, b) => a - b), complete };
}

/** Every row that is still whole, in SQLite's order. `key`: a column with an index. */
export function wholeRows<C extends TableColumns, T>(
  engine: Engine,
  table: ChecksummedTable<C>,
  key: string,
  parse: (row: RowOf<C>) => T,
): Readable<T> {
  const positions = attempt(() => positionsOf(engine, table.name, key));
  if (positions === null) return { rows: [], complete: false };
  let { complete } = positions;
  const rows: T[] = [];
  for (const position of positions.all) {
    const parsed = attempt(() => {
      const [finding] = table.find(engine, position - 1, 1);
      return finding?.position === position && finding.fault === null ? parse(finding.row) : null;
    });
    if (parsed === null) complete = false;
    else rows.push(parsed);
  }
  return { rows, complete };
}
