import { rmSync } from 'node:fs';
import { z } from 'zod';
import type { Database } from '../database.ts';
import { createPrivate, settleFile } from '../files.ts';
import { memoryProblem } from '../problems.ts';
import { MemoryProblem } from '../../../domain/memory.ts';
import { say } from '../../../domain/words/say.ts';
import { first } from './010-first.ts';
import type { Migration } from './migration.ts';

/** In the order they run. */
export const migrations: readonly Migration[] = [first];

const versionRow = z.object({ user_version: z.int() });

export function versionOf(database: Database): number {
  return versionRow.parse(database.first('PRAGMA user_version')).user_version;
}

/** Where the database of `version` is kept when a newer program brings it up to date. */
export const copyBefore = (path: string, version: number): string => `${path}.before-${version}`;

/** The engine writes the copy itself (encrypted with the same key): no other way sees the log and the locks. */
function keepCopy(database: Database, version: number): void {
  const copy = copyBefore(database.path, version);
  const temporary = `${copy}.tmp`;
  rmSync(temporary, { force: true });
  createPrivate(temporary);
  database.exec(`VACUUM INTO '${temporary.replaceAll("'", "''")}'`);
  settleFile(temporary, copy);
}

const newestOf = (steps: readonly Migration[]): number => steps.at(-1)?.version ?? 0;

/** @throws MemoryProblem `newer-version` */
export function refuseNewer(database: Database, steps: readonly Migration[] = migrations): void {
  if (versionOf(database) > newestOf(steps)) throw memoryProblem('newer-version', database.path);
}

/**
 * Brings the database to the newest version, all steps in one transaction, after keeping a copy of one
 * that already held something.
 * @throws MemoryProblem `newer-version` before anything is written; `read-only` for a reader of an older one.
 */
export function migrate(database: Database, steps: readonly Migration[] = migrations): void {
  refuseNewer(database, steps);
  const version = versionOf(database);
  const newest = newestOf(steps);
  if (version === newest) return;
  if (database.readOnly) {
    throw new MemoryProblem('read-only', say('memory.olderVersion', { file: database.path }));
  }
  if (version > 0) keepCopy(database, version);
  database.transaction(() => {
    // Another process may have done it while this one waited for the lock.
    const now = versionOf(database);
    for (const step of steps) if (step.version > now) database.exec(step.sql);
    database.exec(`PRAGMA user_version = ${newest}`);
  });
}
