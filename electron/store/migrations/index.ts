import path from 'node:path';
import { z } from 'zod';
import { makeCopy } from '../backups/copy.ts';
import { keepOneBefore } from '../backups/place.ts';
import type { Database } from '../engine.ts';
import { memoryProblem } from '../problems.ts';
import { MemoryProblem } from '../../../domain/database.ts';
import { say } from '../../../domain/words/say.ts';
import { first } from './010-first.ts';
import { tombstones } from './020-tombstones.ts';
import { listing } from './030-listing.ts';
import { changes } from './040-changes.ts';
import { times } from './050-times.ts';
import { listedAnew } from './060-listed-anew.ts';
import { letters } from './070-letters.ts';
import type { Migration } from './migration.ts';

/** In the order they run. */
export const migrations: readonly Migration[] = [
  first,
  tombstones,
  listing,
  changes,
  times,
  listedAnew,
  letters,
];

const versionRow = z.object({ user_version: z.int() });

export function versionOf(database: Database): number {
  return versionRow.parse(database.first('PRAGMA user_version')).user_version;
}

const newestOf = (steps: readonly Migration[]): number => steps.at(-1)?.version ?? 0;

/** @throws MemoryProblem `newer-version` */
export function refuseNewer(database: Database, steps: readonly Migration[] = migrations): void {
  if (versionOf(database) > newestOf(steps)) throw memoryProblem('newer-version', database.path);
}

/**
 * Brings the database to the newest version, all steps in one transaction, after keeping a copy of one
 * that already held something (one that cannot be copied is left as it is).
 * @throws MemoryProblem `newer-version` before anything is written; `read-only` for a reader of an older one.
 */
export function migrate(
  database: Database,
  steps: readonly Migration[] = migrations,
  keepCopy = (version: number): void => {
    const { name } = makeCopy(database, Date.now(), version);
    keepOneBefore(path.dirname(database.path), version, name);
  },
): void {
  refuseNewer(database, steps);
  const version = versionOf(database);
  const newest = newestOf(steps);
  if (version === newest) return;
  if (database.readOnly) {
    throw new MemoryProblem('read-only', say('memory.olderVersion', { file: database.path }));
  }
  if (version > 0) {
    keepCopy(version);
    for (const step of steps) if (step.version > version) step.before?.(database);
  }
  database.transaction(() => {
    // Another process may have done it while this one waited for the lock.
    const now = versionOf(database);
    for (const step of steps) {
      if (step.version <= now) continue;
      database.exec(step.sql);
      step.run?.(database);
    }
    database.exec(`PRAGMA user_version = ${newest}`);
  });
}
