import { createHash } from 'node:crypto';
import { MemoryProblem } from '../../domain/memory.ts';
import { storable, type Database, type Row, type Value } from './database.ts';

/**
 * A table whose rows carry a checksum over all their other columns: the cipher has no authentication, so a
 * flipped byte decrypts to garbage without a word. A row is checked whenever it is read.
 */
export interface CheckedTable<Column extends string> {
  readonly name: string;
  /** The first is the key. */
  readonly columns: readonly Column[];
  /** Inserts the row, or replaces the one with the same key. */
  put(database: Database, row: Readonly<Record<Column, string | number | null>>): void;
  /** Every column of the rows that match, checked. `where` is the rest of the SELECT. */
  select(database: Database, where?: string, ...values: readonly Value[]): Record<Column, unknown>[];
  remove(database: Database, key: string): void;
  /** What is wrong with a row as it was read, or null. */
  fault(row: Row): string | null;
}

type Cell = string | number | null;

function checksum(cells: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(cells)).digest('hex');
}

export function checkedTable<const Column extends string>(
  name: string,
  columns: readonly [Column, ...Column[]],
): CheckedTable<Column> {
  const [key] = columns;
  const list = [...columns, 'sum'];
  const put =
    `INSERT INTO ${name} (${list.join(', ')}) VALUES (${list.map(() => '?').join(', ')}) ` +
    `ON CONFLICT (${key}) DO UPDATE SET ${list
      .slice(1)
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')}`;
  const select = `SELECT ${list.join(', ')} FROM ${name}`;

  const fault = (row: Row): string | null =>
    row['sum'] === checksum(columns.map((column) => row[column]))
      ? null
      : `${name} ${JSON.stringify(row[key])}: the row differs from its checksum`;

  return {
    name,
    columns,
    put: (database, row) => {
      const cells = columns.map((column): Cell => {
        const cell = row[column];
        return typeof cell === 'string' ? storable(cell) : cell;
      });
      database.run(put, ...cells, checksum(cells));
    },
    select: (database, where = '', ...values) =>
      database.all(`${select} ${where}`, ...values).map((row) => {
        const problem = fault(row);
        if (problem !== null) {
          throw new MemoryProblem('damaged', `${database.path} is damaged: ${problem}. Nothing was deleted.`);
        }
        return row as Record<Column, unknown>;
      }),
    remove: (database, value) => {
      database.run(`DELETE FROM ${name} WHERE ${key} = ?`, value);
    },
    fault,
  };
}
