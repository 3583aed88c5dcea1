import path from 'node:path';
import { createBackup } from '../backups/create-backup.ts';
import { keepOneBefore } from '../backups/backup-files.ts';
import type { Engine } from '../engine.ts';
import { DatabaseProblem } from '../../../domain/database.ts';
import { say } from '../../../domain/words/say.ts';
import type { Migration } from './migration.ts';
import { applicationId, migrations, newestOf, refuseOtherVersions, versionOf } from './schema-version.ts';

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
