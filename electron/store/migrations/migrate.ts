import path from 'node:path';
import { z } from 'zod';
import { createBackup } from '../backups/create-backup.ts';
import { keepOneBefore } from '../backups/backup-files.ts';
import type { Engine } from '../engine.ts';
import { databaseProblem } from '../problems.ts';
import { DatabaseProblem } from '../../../domain/database.ts';
import { say } from '../../../domain/words/say.ts';
import { first } from './010-first.ts';

/** One step of the schema. A published one is never changed; a later one corrects it. */
export interface Migration {
  /** Steps of ten, so that a fix can be put between two of them. */
  readonly version: number;
  readonly name: string;
  /** Runs first, in the transaction of all steps. */
  readonly sql: string;
  /** What SQL cannot say; runs after `sql`, in the same transaction. */
  readonly run?: (engine: Engine) => void;
  /**
   * What cannot be done inside a transaction, before it begins. Not for a new database; may run again, since the
   * transaction after it may fail.
   */
  readonly before?: (engine: Engine) => void;
}

/** In the order they run. */
export const migrations: readonly Migration[] = [first];

/** "SLdb" in the header of the file. Development versions before the first release did not write it. */
export const applicationId = 0x534c6462;

const versionRow = z.object({ user_version: z.int() });
const applicationRow = z.object({ application_id: z.int() });

export function versionOf(engine: Engine): number {
  return versionRow.parse(engine.first('PRAGMA user_version')).user_version;
}

const newestOf = (steps: readonly Migration[]): number => steps.at(-1)?.version ?? 0;

/**
 * Refuses a file this version cannot use; nothing is written.
 * @throws DatabaseProblem `development-version` or `newer-version`
 */
export function refuseOtherVersions(engine: Engine, steps: readonly Migration[] = migrations): void {
  const version = versionOf(engine);
  if (version === 0) return;
  const { application_id: id } = applicationRow.parse(engine.first('PRAGMA application_id'));
  if (id !== applicationId) throw databaseProblem('development-version', engine.path);
  if (version > newestOf(steps)) throw databaseProblem('newer-version', engine.path);
}

/**
 * Brings the database to the newest version, all steps in one transaction, after a backup of one that already held
 * something (one that cannot be backed up is left as it is).
 * @throws DatabaseProblem as `refuseOtherVersions`; `read-only` for a reader of an older one
 */
export function migrate(
  engine: Engine,
  steps: readonly Migration[] = migrations,
  backUp = (version: number): void => {
    const { name } = createBackup(engine, Date.now(), version);
    keepOneBefore(path.dirname(engine.path), version, name);
  },
): void {
  refuseOtherVersions(engine, steps);
  const version = versionOf(engine);
  const newest = newestOf(steps);
  if (version === newest) return;
  if (engine.readOnly) {
    throw new DatabaseProblem('read-only', say('database.olderVersion', { file: engine.path }));
  }
  if (version > 0) {
    backUp(version);
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
    engine.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${newest}`);
  });
}
