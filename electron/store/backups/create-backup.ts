import { rmSync } from 'node:fs';
import path from 'node:path';
import type { MadeBackup, Backup } from '../../../domain/backups.ts';
import { faultsOf, DatabaseProblem, type Faults } from '../../../domain/database.ts';
import { say } from '../../../domain/words/say.ts';
import { asBytes, textIn, openEngine, type Engine } from '../engine.ts';
import { createPrivate, makeFolder, settleFile, syncFolder } from '../files.ts';
import { hashOf } from '../journal.ts';
import { refuseOtherVersions } from '../migrations/schema-version.ts';
import { readTotals, type Totals } from '../totals.ts';
import { verify } from '../verify.ts';
import { backupsFolder, backupsIn, clearUnfinished, refuseWithoutRoom } from './backup-files.ts';
import { backUpKeyFile } from './key-backup.ts';
import { nameOf } from './rotation.ts';

/** Up to so many facts every row of a backup is proven; of a larger one the structure, the counts and the chain's end. */
const provenWhole = 50_000;

function withBackup<T>(file: string, keyHex: string, use: (backup: Engine) => T): T {
  const backup = openEngine(file, keyHex, true);
  try {
    return use(backup);
  } finally {
    backup.close();
  }
}

const onlyFault = (fault: string | null): Faults => ({ fault, derivedFault: null });

function faultsOfBackup(backup: Engine, source: Engine, before: number | null): Faults {
  const structure = backup
    .all(`SELECT ${asBytes('quick_check')} FROM pragma_quick_check(1)`)
    .map((row) => textIn(row, 'quick_check'));
  if (structure[0] !== 'ok') return onlyFault(structure[0] ?? '');
  const { facts, head } = readTotals(backup);
  // The program goes on writing meanwhile: the database may be ahead of its backup, never behind or another.
  if (facts > 0 && hashOf(source, facts) !== head) return onlyFault(say('database.verify.end'));
  if (facts > 0 && hashOf(backup, facts) !== head) return onlyFault(say('database.verify.end'));
  // Rows of an earlier schema are looked at once they are brought up to date.
  if (before !== null || facts > provenWhole) return onlyFault(null);
  return faultsOf(verify(backup, 'rows'));
}

/**
 * Makes a backup in the folder of the database: by the engine, since nothing else sees the log and the locks, and under
 * a temporary name until it is proven.
 * @param source open for reading or writing; goes on being used
 * @param now epoch ms
 * @param before the schema it has, when that is about to change
 * @throws DatabaseProblem `full` before anything is written; `damaged` when what was backed up is not whole
 */
export function createBackup(source: Engine, now: number, before: number | null = null): MadeBackup {
  const folder = path.dirname(source.path);
  const place = backupsFolder(folder);
  refuseWithoutRoom(folder);
  makeFolder(place);
  syncFolder(folder);
  clearUnfinished(folder);
  const name = nameOf(now, before);
  const temporary = path.join(place, `${name}.tmp`);
  createPrivate(temporary);
  let totals: Totals;
  let derivedFault: string | null;
  try {
    source.exec(`VACUUM INTO '${temporary.replaceAll("'", "''")}'`);
    ({ totals, derivedFault } = withBackup(temporary, source.keyHex, (backup) => {
      const { fault, derivedFault: ofDerived } = faultsOfBackup(backup, source, before);
      if (fault === null) return { totals: readTotals(backup), derivedFault: ofDerived };
      throw new DatabaseProblem('damaged', say('database.damagedRow', { file: source.path, fault }));
    }));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  settleFile(temporary, path.join(place, name));
  backUpKeyFile(folder);
  const made = { name, at: now, facts: totals.facts, records: totals.records };
  return derivedFault === null ? made : { ...made, derivedFault };
}

/** The backups that this key opens and this version can use, newest first. */
export function readableBackups(folder: string, keyHex: string): Backup[] {
  return backupsIn(folder).flatMap(({ name, at, path: file }): Backup[] => {
    try {
      const { facts, records } = withBackup(file, keyHex, (backup) => {
        refuseOtherVersions(backup);
        return readTotals(backup);
      });
      return [{ name, at, facts, records }];
    } catch {
      // Another key's, or damaged as well: nothing to go back to.
      return [];
    }
  });
}
