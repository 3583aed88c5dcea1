import { copyFile, rm } from 'node:fs/promises';
import Libsql from 'libsql';
import type { Engine, Row } from '../../electron/store/engine.ts';
import { openEngine } from '../../electron/store/engine.ts';

/** The same file without its encryption: what SQLite alone would be. */
export async function decryptedCopy(file: string, keyHex: string, copy: string): Promise<void> {
  await rm(copy, { force: true });
  await copyFile(file, copy);
  const engine = openEngine(copy, keyHex, false);
  engine.exec('PRAGMA journal_mode = DELETE');
  engine.exec("PRAGMA rekey = ''");
  engine.close();
}

/** As the store writes, so that a commit promises the same. */
const writing = ['journal_mode = WAL', 'synchronous = FULL', 'secure_delete = ON'];

/** To be asked with the store's own code, in this thread. */
export function openPlain(file: string, { readOnly = true } = {}): Engine {
  const connection = new Libsql(file, { readonly: readOnly });
  const pragmas = ['temp_store = MEMORY', 'cell_size_check = ON', ...(readOnly ? [] : writing)];
  for (const pragma of pragmas) connection.exec(`PRAGMA ${pragma}`);
  const prepared = new Map<string, Libsql.Statement>();
  const statement = (sql: string): Libsql.Statement => {
    const known = prepared.get(sql) ?? connection.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  const all: Engine['all'] = (sql, ...values) => statement(sql).all(...values) as Row[];
  const run: Engine['run'] = (sql, ...values) => void statement(sql).run(...values);
  const within = <T>(begin: string, work: () => T): T => {
    run(begin);
    try {
      const result = work();
      run('COMMIT');
      return result;
    } catch (error) {
      if (connection.inTransaction) run('ROLLBACK');
      throw error;
    }
  };
  return {
    path: file,
    readOnly,
    keyHex: '',
    all,
    first: (sql, ...values) => all(sql, ...values)[0],
    run,
    exec: (sql) => void connection.exec(sql),
    transaction: (work) => within('BEGIN IMMEDIATE', work),
    readTransaction: (work) => within('BEGIN DEFERRED', work),
    beginReading: () => void connection.exec('BEGIN DEFERRED'),
    endReading: () => void connection.exec('COMMIT'),
    checkpoint: () => all('PRAGMA wal_checkpoint(TRUNCATE)')[0]?.['busy'] === 0,
    close: () => {
      prepared.clear();
      connection.close();
    },
  };
}
