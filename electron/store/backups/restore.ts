import { appendFileSync, constants, copyFileSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Restored, Salvage } from '../../../domain/backups.ts';
import { faultsOf, DatabaseProblem } from '../../../domain/database.ts';
import { say } from '../../../domain/words/say.ts';
import { openEngine, type Engine } from '../engine.ts';
import { createPrivate, makeFolder, databaseFile, settleFile } from '../files.ts';
import { isFileMissing, logWaits } from '../missing-file.ts';
import { migrate } from '../migrations/migrate.ts';
import { refuseOtherVersions } from '../migrations/schema-version.ts';
import { readTotals } from '../totals.ts';
import { verify } from '../verify.ts';
import { dropDamagedCodes } from '../codes.ts';
import { rebuildListing } from '../review/listing-table.ts';
import { backupsIn, type BackupFile } from './backup-files.ts';
import { keptName, preparedFolder, replace } from './replace-database.ts';
import { salvage } from './salvage.ts';
import type { Circumstances } from './salvage-records.ts';

/** SQLite's default, bytes. */
const pageSize = 4096;

/** Puts the backup (or nothing yet) where the database is prepared. */
function layOut(folder: string, backup: BackupFile | null): string {
  const prepared = preparedFolder(folder);
  rmSync(prepared, { recursive: true, force: true });
  makeFolder(prepared);
  const file = databaseFile(prepared);
  createPrivate(file);
  if (backup) {
    copyFileSync(backup.path, `${file}.tmp`, constants.COPYFILE_FICLONE);
    settleFile(`${file}.tmp`, file);
  }
  return file;
}

function withDatabase<T>(file: string, keyHex: string, readOnly: boolean, use: (engine: Engine) => T): T {
  const engine = openEngine(file, keyHex, readOnly);
  try {
    return use(engine);
  } finally {
    engine.close();
  }
}

interface Prepared {
  readonly records: number;
  readonly saved: Salvage | null;
}

/** A file and what was made of it: the rows of it that prove themselves go into what is prepared. */
type Source = (into: Engine) => Salvage | null;

/**
 * Prepares the database: the backup as it is (or nothing), then what can be read of the sources, in their order.
 * @throws DatabaseProblem `damaged` when that does not come out whole
 */
function prepare(
  folder: string,
  keyHex: string,
  backup: BackupFile | null,
  sources: readonly Source[],
): Prepared {
  const file = layOut(folder, backup);
  return withDatabase(file, keyHex, false, (engine) => {
    // The backup itself stays, so none is made of what is only being prepared.
    migrate(engine, undefined, () => undefined);
    const [saved = null] = sources.map((source) => source(engine)).reverse();
    const { fault, derivedFault } = faultsOf(verify(engine, 'rows'));
    if (fault !== null) throw new DatabaseProblem('damaged', say('backups.notWhole', { fault }));
    if (derivedFault !== null)
      engine.transaction(() => {
        dropDamagedCodes(engine);
        rebuildListing(engine);
      });
    const { records } = readTotals(engine);
    if (!engine.checkpoint()) throw new DatabaseProblem('locked', say('database.problem.locked', { file }));
    return { records, saved };
  });
}

/**
 * The log of a file that is gone, beside a page without meaning that lets it be read: a log has pages as they
 * became. On duplicates, for SQLite deletes a log that it finds beside an empty file. Null when there is none.
 */
function logAlone(folder: string): string | null {
  if (!logWaits(folder)) return null;
  const apart = path.join(preparedFolder(folder), 'log');
  makeFolder(apart);
  const file = databaseFile(apart);
  createPrivate(file);
  appendFileSync(file, Buffer.alloc(pageSize));
  copyFileSync(`${databaseFile(folder)}-wal`, `${file}-wal`);
  return file;
}

function salvaged(file: string | null, keyHex: string, into: Engine, at: Circumstances): Salvage | null {
  if (file === null || !existsSync(file)) return null;
  try {
    return withDatabase(file, keyHex, true, (engine) => {
      refuseOtherVersions(engine);
      return salvage(engine, into, at);
    });
  } catch (error) {
    // Nothing of it can be read: not even its first page.
    if (error instanceof DatabaseProblem) return null;
    throw error;
  }
}

/**
 * Puts a backup in the place of the database, with what of that is still whole; what is replaced is kept. After an
 * error everything is as it was. No connection to the database may be open.
 * @param name of the backup; null: an empty database, with what can be saved
 * @param now epoch ms
 * @param newSalt 16 random bytes each
 * @throws DatabaseProblem
 */
export function restore(
  folder: string,
  keyHex: string,
  name: string | null,
  now: number,
  newSalt: () => Uint8Array,
): Restored {
  const backup = name === null ? null : (backupsIn(folder).find((one) => one.name === name) ?? null);
  if (name !== null && backup === null) {
    throw new DatabaseProblem('io', say('backups.gone', { file: path.join(folder, name) }));
  }
  const circumstances = { now: new Date(now).toISOString(), newSalt };
  const prepared = preparedWithWhatIsWhole(folder, keyHex, backup, circumstances);
  const kept = keptName('replaced', now);
  replace(folder, { version: 1, kind: 'restore', kept });
  return { at: backup?.at ?? null, kept: path.join(folder, kept), ...prepared };
}

const isNothing = ({ facts, records, drafts, submissions }: Salvage): boolean =>
  facts + records + drafts + submissions === 0;

function preparedWithWhatIsWhole(
  folder: string,
  keyHex: string,
  backup: BackupFile | null,
  circumstances: Circumstances,
): Prepared & Pick<Restored, 'isBackupWhole'> {
  const database: Source = (into) =>
    salvaged(isFileMissing(folder) ? logAlone(folder) : databaseFile(folder), keyHex, into, circumstances);
  /** Of a backup that is damaged itself its rows are passed over one by one, not all of it refused. */
  const rows: Source = (into) => {
    const taken = backup && salvaged(backup.path, keyHex, into, circumstances);
    if (taken && !isNothing(taken)) return taken;
    throw new DatabaseProblem('damaged', say('backups.nothingReadable'));
  };
  // What was saved of the database may not fit the backup: then that alone.
  const asItIs = [
    () => prepare(folder, keyHex, backup, [database]),
    () => prepare(folder, keyHex, backup, []),
  ];
  const inParts = [
    () => prepare(folder, keyHex, null, [rows, database]),
    () => ({ ...prepare(folder, keyHex, null, [rows]), saved: null }),
  ];
  return firstWhole([
    ...asItIs.map((attempt) => () => ({ ...attempt(), isBackupWhole: true })),
    ...(backup ? inParts.map((attempt) => () => ({ ...attempt(), isBackupWhole: false })) : []),
  ]);
}

/** @throws what the last attempt throws, or the first that is not about damage */
function firstWhole<T>(attempts: readonly (() => T)[]): T {
  const [attempt, ...others] = attempts;
  if (!attempt) throw new Error('There was nothing to attempt');
  try {
    return attempt();
  } catch (error) {
    const isDamage = error instanceof DatabaseProblem && error.code === 'damaged';
    if (!isDamage || others.length === 0) throw error;
    return firstWhole(others);
  }
}
