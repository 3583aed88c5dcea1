import { copyFile, rm } from 'node:fs/promises';
import Libsql from 'libsql';
import type { Database, Row } from '../../electron/store/database.ts';
import { openDatabase } from '../../electron/store/database.ts';

/** The same file without its encryption: what the cipher costs. */
export async function decryptedCopy(file: string, keyHex: string, copy: string): Promise<void> {
  await rm(copy, { force: true });
  await copyFile(file, copy);
  const database = openDatabase(copy, keyHex, false);
  database.exec('PRAGMA journal_mode = DELETE');
  database.exec("PRAGMA rekey = ''");
  database.close();
}

/** For reading with the store's own code, in this thread. */
export function openPlain(file: string): Database {
  const connection = new Libsql(file, { readonly: true });
  for (const pragma of ['temp_store = MEMORY', 'cell_size_check = ON', 'cache_size = -16000'])
    connection.exec(`PRAGMA ${pragma}`);
  const prepared = new Map<string, Libsql.Statement>();
  const all: Database['all'] = (sql, ...values) => {
    const known = prepared.get(sql) ?? connection.prepare(sql);
    prepared.set(sql, known);
    return known.all(...values) as Row[];
  };
  const refuse = (): never => {
    throw new Error('This copy is only read.');
  };
  return {
    path: file,
    readOnly: true,
    keyHex: '',
    all,
    first: (sql, ...values) => all(sql, ...values)[0],
    run: refuse,
    exec: (sql) => void connection.exec(sql),
    transaction: refuse,
    snapshot: (work) => {
      connection.exec('BEGIN DEFERRED');
      try {
        return work();
      } finally {
        connection.exec('COMMIT');
      }
    },
    hold: () => void connection.exec('BEGIN DEFERRED'),
    letGo: () => void connection.exec('COMMIT'),
    checkpoint: refuse,
    close: () => {
      prepared.clear();
      connection.close();
    },
  };
}
