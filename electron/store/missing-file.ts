import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { copiesIn } from './backups/backup-files.ts';
import { databaseFile } from './files.ts';
import { databaseProblem } from './problems.ts';

/**
 * A database whose file is not there, or empty, although something beside it says that there was one. Never to be
 * opened: SQLite takes such a file for a new one, and deletes the log that still holds what was acknowledged.
 */

function holdsSomething(place: string): boolean {
  return existsSync(place) && statSync(place).size > 0;
}

/** Words that were acknowledged and never moved into the file. */
export function logWaits(folder: string): boolean {
  return holdsSomething(`${databaseFile(folder)}-wal`);
}

/** What a database leaves behind: it is moved or deleted together with the database, never without it. */
function hasTraces(folder: string): boolean {
  return existsSync(path.join(folder, 'memory.seal')) || logWaits(folder) || copiesIn(folder).length > 0;
}

export function isGone(folder: string): boolean {
  return !holdsSomething(databaseFile(folder)) && hasTraces(folder);
}

/** Before anything is created or opened. @throws DatabaseProblem `gone`; nothing is touched then */
export function refuseGone(folder: string): void {
  if (isGone(folder)) throw databaseProblem('gone', databaseFile(folder));
}
