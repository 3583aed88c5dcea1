import { z } from 'zod';
import type { Engine } from '../engine.ts';
import { databaseProblem } from '../problems.ts';
import { first } from './010-first.ts';
import type { Migration } from './migration.ts';

/** In the order they run. */
export const migrations: readonly Migration[] = [first];

/** "SLd2" in the header of the file. Development versions before the first release wrote another, or none. */
export const applicationId = 0x534c6432;

const versionRow = z.object({ user_version: z.int() });
const applicationRow = z.object({ application_id: z.int() });

export function versionOf(engine: Engine): number {
  return versionRow.parse(engine.first('PRAGMA user_version')).user_version;
}

export const newestOf = (steps: readonly Migration[]): number => steps.at(-1)?.version ?? 0;

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
