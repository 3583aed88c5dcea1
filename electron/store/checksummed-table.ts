import { createHash } from 'node:crypto';
import { DatabaseProblem } from '../../domain/database.ts';
import { say } from '../../domain/words/say.ts';
import { asBytes, asNumber, bytesIn, numberIn, textIn, type Engine, type Row, type Value } from './engine.ts';

/**
 * A table whose rows carry a checksum over all their other columns: the cipher has no authentication, so a
 * flipped byte decrypts to garbage without a word. A row is checked whenever it is read.
 */

type ColumnType = 'text' | 'number';
export type TableColumns = Readonly<Record<string, ColumnType>>;
export type RowOf<C extends TableColumns> = { readonly [Name in keyof C]: CellOf<C[Name]> };
type CellOf<T extends ColumnType> = T extends 'text' ? string : number | null;

/** A row as it was found: with what is wrong with it, if anything. */
export interface Finding<C extends TableColumns> {
  /** SQLite's own number of the row. */
  readonly position: number;
  readonly row: RowOf<C>;
  readonly fault: string | null;
}

export interface ChecksummedTable<C extends TableColumns> {
  readonly name: string;
  /** Inserts the row, or replaces the one with the same key. True when it was new. */
  put(engine: Engine, row: RowOf<C>): boolean;
  /** Writes what differs from a row that has just been read. */
  update(engine: Engine, before: RowOf<C>, row: RowOf<C>): void;
  /**
   * Inserts or replaces a row that takes something over from the one before it.
   * @param isDamageMended writes over a row that differs from its checksum
   * @throws DatabaseProblem `damaged` where there is such a row, and it is not to be written over.
   */
  change(
    engine: Engine,
    key: string,
    make: (before: RowOf<C> | null) => RowOf<C>,
    isDamageMended: boolean,
  ): boolean;
  /**
   * The rows that match; `where` is the rest of the SELECT.
   * @throws DatabaseProblem `damaged` at the first row that differs from its checksum.
   */
  select(engine: Engine, where?: string, ...values: readonly Value[]): RowOf<C>[];
  /** The same rows, good or bad, for whoever has something better to do than to give up. */
  look(engine: Engine, where?: string, ...values: readonly Value[]): Finding<C>[];
  /** Rows after a position, good or bad, for a look at all of them. */
  find(engine: Engine, after: number, limit: number): Finding<C>[];
  remove(engine: Engine, key: string): void;
}

export type Cell = string | Uint8Array | number | null;

/** Type, length and bytes of every cell, so that no two rows encode alike. */
function checksum(cells: readonly Cell[]): string {
  const hash = createHash('sha256');
  for (const cell of cells) {
    if (cell === null || typeof cell === 'number') hash.update(`n${cell};`);
    else {
      const bytes = typeof cell === 'string' ? Buffer.from(cell, 'utf8') : cell;
      hash.update(`t${bytes.length};`).update(bytes);
    }
  }
  return hash.digest('hex');
}

/** Of the columns that follow from what a row holds, the one that does not; null when all do. */
export function columnFault<Row extends object>(
  table: string,
  row: Row,
  follows: Partial<Row>,
): string | null {
  const names = Object.keys(follows) as (keyof Row & string)[];
  const field = names.find((name) => row[name] !== follows[name]);
  const key = JSON.stringify(Object.values(row)[0]);
  return field ? say('database.verify.column', { table, key, field }) : null;
}

/** The first of `columns` is the key. */
export function checksummedTable<const C extends TableColumns>(
  name: string,
  columns: C,
): ChecksummedTable<C> {
  const names = Object.keys(columns);
  const key = names[0] ?? '';
  const all = [...names, 'sum'];
  const insert = `INSERT INTO ${name} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})`;
  const read = all.map((column) => (columns[column] === 'number' ? asNumber(column) : asBytes(column)));
  const select = `SELECT rowid AS position, ${read.join(', ')} FROM ${name}`;

  const rowIn = (raw: Row): RowOf<C> =>
    Object.fromEntries(
      names.map((column) => [
        column,
        columns[column] === 'number' ? numberIn(raw, column) : textIn(raw, column),
      ]),
    ) as RowOf<C>;

  const finding = (raw: Row): Finding<C> => {
    const sum = checksum(
      names.map((column) => (columns[column] === 'number' ? numberIn(raw, column) : bytesIn(raw, column))),
    );
    const row = rowIn(raw);
    const fault =
      sum === textIn(raw, 'sum')
        ? null
        : say('database.verify.row', { table: name, key: JSON.stringify(row[key]) });
    return { position: numberIn(raw, 'position') ?? 0, row, fault };
  };

  const sumOf = (row: RowOf<C>): string => checksum(names.map((column) => row[column] ?? null));

  // Only what differs: SQLite writes a page for every index of a column that is named, changed or not.
  const update = (engine: Engine, before: RowOf<C>, row: RowOf<C>): void => {
    const changed = names.filter((column) => before[column] !== row[column]);
    engine.run(
      `UPDATE ${name} SET ${[...changed, 'sum'].map((column) => `${column} = ?`).join(', ')} WHERE ${key} = ?`,
      ...changed.map((column) => row[column] ?? null),
      sumOf(row),
      before[key] ?? null,
    );
  };

  const whole = (engine: Engine, raw: Row): RowOf<C> => {
    const { row, fault } = finding(raw);
    if (fault === null) return row;
    throw new DatabaseProblem('damaged', say('database.damagedRow', { file: engine.path, fault }));
  };

  const change = (
    engine: Engine,
    id: string | number,
    make: (before: RowOf<C> | null) => RowOf<C>,
    isDamageMended: boolean,
  ): boolean => {
    const stored = engine.first(`${select} WHERE ${key} = ?`, id);
    const before = stored ? (isDamageMended ? rowIn(stored) : whole(engine, stored)) : null;
    const row = make(before);
    if (before) update(engine, before, row);
    else engine.run(insert, ...names.map((column) => row[column] ?? null), sumOf(row));
    return before === null;
  };

  return {
    name,
    update,
    change,
    // What the row says is only compared with what is to be written.
    put: (engine, row) => change(engine, row[key] ?? '', () => row, true),
    select: (engine, where = '', ...values) =>
      engine.all(`${select} ${where}`, ...values).map((raw) => whole(engine, raw)),
    look: (engine, where = '', ...values) => engine.all(`${select} ${where}`, ...values).map(finding),
    find: (engine, after, limit) =>
      engine.all(`${select} WHERE rowid > ? ORDER BY rowid LIMIT ?`, after, limit).map(finding),
    remove: (engine, value) => {
      engine.run(`DELETE FROM ${name} WHERE ${key} = ?`, value);
    },
  };
}
