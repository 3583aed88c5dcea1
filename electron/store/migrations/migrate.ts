import path from 'node:path';
import { z } from 'zod';
import { makeCopy } from '../backups/create-backup.ts';
import { keepOneBefore } from '../backups/backup-files.ts';
import type { Engine } from '../engine.ts';
import { databaseProblem } from '../problems.ts';
import { DatabaseProblem } from '../../../domain/database.ts';
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

export function versionOf(engine: Engine): number {
  return versionRow.parse(engine.first('PRAGMA user_version')).user_version;
}

const newestOf = (steps: readonly Migration[]): number => steps.at(-1)?.version ?? 0;

/** @throws DatabaseProblem `newer-version` */
export function refuseNewer(engine: Engine, steps: readonly Migration[] = migrations): void {
  if (versionOf(engine) > newestOf(steps)) throw databaseProblem('newer-version', engine.path);
}

/**
 * Brings the engine to the newest version, all steps in one transaction, after keeping a copy of one
 * that already held something (one that cannot be copied is left as it is).
 * @throws DatabaseProblem `newer-version` before anything is written; `read-only` for a reader of an older one.
 */
export function migrate(
  engine: Engine,
  steps: readonly Migration[] = migrations,
  keepCopy = (version: number): void => {
    const { name } = makeCopy(engine, Date.now(), version);
    keepOneBefore(path.dirname(engine.path), version, name);
  },
): void {
  refuseNewer(engine, steps);
  const version = versionOf(engine);
  const newest = newestOf(steps);
  if (version === newest) return;
  if (engine.readOnly) {
    throw new DatabaseProblem('read-only', say('database.olderVersion', { file: engine.path }));
  }
  if (version > 0) {
    keepCopy(version);
    for (const step of steps) if (step.version > version) step.before?.(engine);
  }
  engine.transaction(() => {
    // Another process may have done it while this one waited for the lock.
    const now = versionOf(engine);
    for (const step of steps) {
      if (step.version <= now) continue;
      engine.exec(step.sql);
      step.run?.(engine);
    }
    engine.exec(`PRAGMA user_version = ${newest}`);
  });
}
