import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { backupsIn } from './backups/backup-files.ts';
import { databaseFile } from './files.ts';
import { databaseProblem } from './problems.ts';

/**
 * A database whose file is not there, or empty, although something beside it says that there was one. Never to be
 * opened: SQLite takes such a file for a new one, and deletes the log that still holds what was acknowledged.
 */

/** SQLite takes a file of one byte for an empty one: on some systems it writes that byte itself. */
export function holdsSomething(place: string): boolean {
  return existsSync(place) && statSync(place).size > 1;
}

/** Words that were acknowledged and never moved into the file. */
export function logWaits(folder: string): boolean {
  return holdsSomething(`${databaseFile(folder)}-wal`);
}

/** What a database leaves behind: it is moved or deleted together with the database, never without it. */
function hasTraces(folder: string): boolean {
  return existsSync(path.join(folder, 'memory.seal')) || logWaits(folder) || backupsIn(folder).length > 0;
}

export function isFileMissing(folder: string): boolean {
  return !holdsSomething(databaseFile(folder)) && hasTraces(folder);
}

/** Before anything is created or opened. @throws DatabaseProblem `gone`; nothing is touched then */
export function refuseMissingFile(folder: string): void {
  if (isFileMissing(folder)) throw databaseProblem('gone', databaseFile(folder));
}
