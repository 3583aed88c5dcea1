import { rmSync } from 'node:fs';
import path from 'node:path';
import type { MadeCopy, Backup } from '../../../domain/backups.ts';
import { faultsOf, DatabaseProblem, type Faults } from '../../../domain/database.ts';
import { say } from '../../../domain/words/say.ts';
import { asBytes, textIn } from '../columns.ts';
import { openEngine, type Engine } from '../engine.ts';
import { createPrivate, makeFolder, settleFile, syncFolder } from '../files.ts';
import { verify } from '../verify.ts';
import { glance, hashOf, type Glance } from './glance.ts';
import { nameOf } from './rotation.ts';
import { keepKeyFile } from './key-backup.ts';
import { clearUnfinished, copiesFolder, copiesIn, refuseWithoutRoom } from './backup-files.ts';

/** Up to so many facts every row of a copy is proven; of a larger one the structure, the counts and the chain's end. */
const provenWhole = 50_000;

function withCopy<T>(place: string, keyHex: string, use: (copy: Engine) => T): T {
  const copy = openEngine(place, keyHex, true);
  try {
    return use(copy);
  } finally {
    copy.close();
  }
}

const onlyFault = (fault: string | null): Faults => ({ fault, derivedFault: null });

function faultsOfCopy(copy: Engine, source: Engine, before: number | null): Faults {
  const structure = copy
    .all(`SELECT ${asBytes('quick_check')} FROM pragma_quick_check(1)`)
    .map((row) => textIn(row, 'quick_check'));
  if (structure[0] !== 'ok') return onlyFault(structure[0] ?? '');
  const { facts, head } = glance(copy);
  // The program goes on writing meanwhile: what it was copied from may be ahead, never behind or another.
  if (facts > 0 && hashOf(source, facts) !== head) return onlyFault(say('database.verify.end'));
  if (facts > 0 && hashOf(copy, facts) !== head) return onlyFault(say('database.verify.end'));
  // An earlier schema is not for this version's eyes; its rows are looked at once they are brought up to date.
  if (before !== null || facts > provenWhole) return onlyFault(null);
  return faultsOf(verify(copy, 'rows'));
}

/**
 * Makes a copy of the database in its folder: by the engine itself (encrypted with the same key; no other way
 * sees the log and the locks), under a passing name, proven by opening it, and only then under its own.
 * @param source open for reading or writing; goes on being used
 * @param now epoch ms
 * @param before the schema it has, when that is about to change
 * @throws DatabaseProblem `full` before anything is written; `damaged` when what was copied is not whole
 */
export function makeCopy(source: Engine, now: number, before: number | null = null): MadeCopy {
  const folder = path.dirname(source.path);
  const place = copiesFolder(folder);
  refuseWithoutRoom(folder);
  makeFolder(place);
  syncFolder(folder);
  clearUnfinished(folder);
  const name = nameOf(now, before);
  const temporary = path.join(place, `${name}.tmp`);
  createPrivate(temporary);
  let seen: Glance;
  let derivedFault: string | null;
  try {
    source.exec(`VACUUM INTO '${temporary.replaceAll("'", "''")}'`);
    ({ seen, derivedFault } = withCopy(temporary, source.keyHex, (copy) => {
      const { fault, derivedFault: ofDerived } = faultsOfCopy(copy, source, before);
      if (fault === null) return { seen: glance(copy), derivedFault: ofDerived };
      throw new DatabaseProblem('damaged', say('database.damagedRow', { file: source.path, fault }));
    }));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  settleFile(temporary, path.join(place, name));
  keepKeyFile(folder);
  const made = { name, at: now, facts: seen.facts, records: seen.records };
  return derivedFault === null ? made : { ...made, derivedFault };
}

/** The copies this key opens, newest first. */
export function readableCopies(folder: string, keyHex: string): Backup[] {
  return copiesIn(folder).flatMap(({ name, at, path: place }): Backup[] => {
    try {
      const { facts, records } = withCopy(place, keyHex, glance);
      return [{ name, at, facts, records }];
    } catch {
      // Another key's, or damaged as well: nothing to go back to.
      return [];
    }
  });
}
