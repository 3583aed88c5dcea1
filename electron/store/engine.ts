import { existsSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { asProblem } from './problems.ts';

/** The only file that knows the engine: libsql, which is SQLite with encryption at rest. */

export type Value = string | number | null | Uint8Array;
/** Numbers, null and blobs (`ArrayBuffer`); never text, see `asBytes`. */
export type Row = Readonly<Record<string, unknown>>;

export interface Engine {
  readonly path: string;
  readonly readOnly: boolean;
  /** As it was given; the signature beside the file is keyed with it too. */
  readonly keyHex: string;
  all(sql: string, ...values: readonly Value[]): Row[];
  first(sql: string, ...values: readonly Value[]): Row | undefined;
  run(sql: string, ...values: readonly Value[]): void;
  /** Several statements, no values. */
  exec(sql: string): void;
  /** All or nothing; durable on disk when it returns. Not to be nested. */
  transaction<T>(work: () => T): T;
  /** Everything read in `work` is of one moment, whatever another process writes meanwhile. */
  readTransaction<T>(work: () => T): T;
  /** From here on everything read is of this moment, until `endReading`. */
  beginReading(): void;
  endReading(): void;
  /**
   * Moves the write-ahead log into the file. False while somebody still reads from it: after a wait for them, or,
   * where nobody may be kept waiting, at once.
   */
  checkpoint(patience?: 'waits' | 'at once'): boolean;
  close(): void;
}

/** How long a write waits for another process, in ms. Short: the worker stands still meanwhile. */
const busyTimeoutMs = 2_000;

/** A value of any other type than these aborts the whole process inside the engine, so none gets there. */
function bound(value: Value): Value {
  if (value === null || typeof value === 'string' || value instanceof Uint8Array) return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError(`A ${typeof value} cannot be stored`);
}

/** Where the cipher comes from and what it does not do: see README.md in this folder. */
const cipher = 'aes256cbc';

interface EncryptedOptions extends Libsql.Options {
  readonly encryptionCipher: string;
  readonly encryptionKey: string;
}

const writerPragmas = [
  // Space that deletion frees can be given back. Only a new file takes it.
  'auto_vacuum = INCREMENTAL',
  'journal_mode = WAL',
  // FULL: a commit returns after the log is synced, so what is acknowledged survives a power cut.
  'synchronous = FULL',
  // Only macOS needs to be told that "synced" means the disk and not its cache.
  'fullfsync = ON',
  'checkpoint_fullfsync = ON',
  'foreign_keys = ON',
  // DeletionReport words are overwritten, not merely unlinked.
  'secure_delete = ON',
];

const commonPragmas = ['temp_store = MEMORY', 'trusted_schema = OFF', 'cell_size_check = ON'];

// Eight times the default, in KiB: most of what a page of a list costs is pages decrypted again.
const readerPragmas = ['cache_size = -16384'];

function connect(location: string, keyHex: string): Libsql.Database {
  const options: EncryptedOptions = {
    encryptionCipher: cipher,
    encryptionKey: keyHex,
    timeout: busyTimeoutMs,
  };
  return new Libsql(location, options);
}

/** The first read is what decrypts a page, so it is what a wrong key fails on. */
function prove(connection: Libsql.Database): void {
  connection.prepare('SELECT count(*) AS n FROM sqlite_master').all();
}

function openReader(path: string, keyHex: string): Libsql.Database {
  const location = pathToFileURL(path).href;
  const open = (mode: string): Libsql.Database => {
    const connection = connect(`${location}?${mode}`, keyHex);
    prove(connection);
    return connection;
  };
  try {
    return open('mode=ro');
  } catch (error) {
    // A reader shares memory with the writer through a file beside the database. Where that cannot be made
    // (a read-only medium) and no log is waiting, nobody writes, and the file can be read for itself.
    const log = `${path}-wal`;
    const logWaits = existsSync(log) && statSync(log).size > 0;
    if (asProblem(error, path).code !== 'read-only' || logWaits) throw error;
    return open('immutable=1');
  }
}

function openWriter(path: string, keyHex: string): Libsql.Database {
  const connection = connect(path, keyHex);
  prove(connection);
  for (const pragma of writerPragmas) connection.exec(`PRAGMA ${pragma}`);
  return connection;
}

/**
 * Opens (a writer: or creates) the database at the absolute `path`.
 * @param keyHex 32 random bytes as 64 hex digits; the engine takes text only.
 * @throws DatabaseProblem
 */
export function openEngine(path: string, keyHex: string, readOnly: boolean): Engine {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw asProblem(error, path);
    }
  };
  const connection = guarded(() => {
    const opened = readOnly ? openReader(path, keyHex) : openWriter(path, keyHex);
    for (const pragma of [...commonPragmas, ...(readOnly ? readerPragmas : [])])
      opened.exec(`PRAGMA ${pragma}`);
    return opened;
  });

  const prepared = new Map<string, Libsql.Statement>();
  const statement = (sql: string): Libsql.Statement => {
    const known = prepared.get(sql);
    if (known) return known;
    const fresh = connection.prepare(sql);
    prepared.set(sql, fresh);
    return fresh;
  };
  // As one array: bytes alone would be taken for values with names, and that aborts the whole process.
  const all = (sql: string, ...values: readonly Value[]): Row[] => {
    const parameters = values.map(bound);
    return guarded(() => statement(sql).all(parameters) as Row[]);
  };
  const exec = (sql: string): void => {
    guarded(() => connection.exec(sql));
  };
  const run = (sql: string, ...values: readonly Value[]): void => {
    const parameters = values.map(bound);
    guarded(() => statement(sql).run(parameters));
  };
  const within = <T>(begin: string, work: () => T): T => {
    run(begin);
    try {
      const result = work();
      run('COMMIT');
      return result;
    } catch (error) {
      // Some failures (a full disk) have already rolled back; a second time would hide the first error.
      if (connection.inTransaction) exec('ROLLBACK');
      throw error;
    }
  };

  return {
    path,
    readOnly,
    keyHex,
    all,
    first: (sql, ...values) => all(sql, ...values)[0],
    run,
    exec,
    transaction: (work) => within('BEGIN IMMEDIATE', work),
    readTransaction: (work) => (connection.inTransaction ? work() : within('BEGIN DEFERRED', work)),
    beginReading: () => {
      exec('BEGIN DEFERRED');
      // Only what is read makes the moment.
      all('SELECT count(*) AS n FROM sqlite_master');
    },
    endReading: () => exec('COMMIT'),
    checkpoint: (patience = 'waits') => {
      if (patience === 'at once') exec('PRAGMA busy_timeout = 0');
      try {
        return all('PRAGMA wal_checkpoint(TRUNCATE)')[0]?.['busy'] === 0;
      } finally {
        if (patience === 'at once') exec(`PRAGMA busy_timeout = ${String(busyTimeoutMs)}`);
      }
    },
    close: () =>
      guarded(() => {
        prepared.clear();
        connection.close();
      }),
  };
}

/**
 * How columns are read. The engine aborts the whole process on a text that is not UTF-8 and cuts one at its
 * first NUL, and in a damaged file a column of any declared type may hold such a text. So nothing is ever
 * read as text: words come as bytes and are decoded here, numbers are cast to numbers.
 */

export const asBytes = (column: string): string => `CAST(${column} AS BLOB) AS ${column}`;
export const asNumber = (column: string): string => `CAST(${column} AS INTEGER) AS ${column}`;

export function bytesIn(row: Row, column: string): Buffer {
  const cell = row[column];
  return cell instanceof ArrayBuffer ? Buffer.from(cell) : Buffer.alloc(0);
}

/** Empty where nothing is stored; bytes that are not UTF-8 become U+FFFD. */
export function textIn(row: Row, column: string): string {
  return bytesIn(row, column).toString('utf8');
}

export function numberIn(row: Row, column: string): number | null {
  const cell = row[column];
  return typeof cell === 'number' ? cell : null;
}
