import { constants, copyFileSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Restored, Salvage } from '../../../domain/copies.ts';
import { MemoryProblem } from '../../../domain/memory.ts';
import { say } from '../../../domain/words/say.ts';
import { openDatabase, type Database } from '../database.ts';
import { createPrivate, makeFolder, memoryFile, settleFile } from '../files.ts';
import { migrate } from '../migrations/index.ts';
import { verify } from '../verify.ts';
import { glance } from './glance.ts';
import { copiesIn, type PlacedCopy } from './place.ts';
import { keptName, preparedFolder, replace } from './replace.ts';
import { salvage } from './salvage.ts';
import type { Circumstances } from './salvage-records.ts';

/** Lays the copy (or nothing yet) where the memory is prepared. */
function layOut(folder: string, copy: PlacedCopy | null): string {
  const prepared = preparedFolder(folder);
  rmSync(prepared, { recursive: true, force: true });
  makeFolder(prepared);
  const file = memoryFile(prepared);
  createPrivate(file);
  if (copy) {
    copyFileSync(copy.path, `${file}.tmp`, constants.COPYFILE_FICLONE);
    settleFile(`${file}.tmp`, file);
  }
  return file;
}

function withDatabase<T>(file: string, keyHex: string, readOnly: boolean, use: (database: Database) => T): T {
  const database = openDatabase(file, keyHex, readOnly);
  try {
    return use(database);
  } finally {
    database.close();
  }
}

/** Prepares the memory; what of the damaged one can be read goes into it when that comes out whole. */
function prepare(
  folder: string,
  keyHex: string,
  copy: PlacedCopy | null,
  circumstances: Circumstances | null,
): { records: number; saved: Salvage | null } {
  const file = layOut(folder, copy);
  return withDatabase(file, keyHex, false, (database) => {
    // The copy itself stays in the ladder, so none is kept of what is only being prepared.
    migrate(database, undefined, () => undefined);
    const saved = circumstances && salvaged(folder, keyHex, database, circumstances);
    const { problems } = verify(database, 'rows');
    if (problems[0] !== undefined) {
      throw new MemoryProblem('damaged', say('copies.notWhole', { fault: problems[0] }));
    }
    const { records } = glance(database);
    if (!database.checkpoint()) throw new MemoryProblem('locked', say('memory.problem.locked', { file }));
    return { records, saved };
  });
}

function salvaged(
  folder: string,
  keyHex: string,
  into: Database,
  circumstances: Circumstances,
): Salvage | null {
  const damaged = memoryFile(folder);
  if (!existsSync(damaged)) return null;
  try {
    return withDatabase(damaged, keyHex, true, (database) => salvage(database, into, circumstances));
  } catch (error) {
    // Nothing of it can be read: not even its first page.
    if (error instanceof MemoryProblem) return null;
    throw error;
  }
}

/**
 * Puts a copy in the place of the memory, together with what of the memory itself is still whole; what is
 * replaced is kept. Everything is prepared and proven beside it first: until the last moment, and after any
 * error, the memory there is stays what it was. No connection to it may be open.
 * @param name of the copy; null: an empty memory, with what can be saved
 * @param now epoch ms
 * @param newSalt 16 random bytes each
 * @throws MemoryProblem
 */
export function restore(
  folder: string,
  keyHex: string,
  name: string | null,
  now: number,
  newSalt: () => Uint8Array,
): Restored {
  const copy = name === null ? null : (copiesIn(folder).find((one) => one.name === name) ?? null);
  if (name !== null && copy === null) {
    throw new MemoryProblem('io', say('copies.gone', { file: path.join(folder, name) }));
  }
  const circumstances = { now: new Date(now).toISOString(), newSalt };
  const prepared = preparedWithWhatIsWhole(folder, keyHex, copy, circumstances);
  const kept = keptName('replaced', now);
  replace(folder, { version: 1, kind: 'restore', kept });
  return { at: copy?.at ?? null, kept: path.join(folder, kept), ...prepared };
}

function preparedWithWhatIsWhole(
  folder: string,
  keyHex: string,
  copy: PlacedCopy | null,
  circumstances: Circumstances,
): { records: number; saved: Salvage | null } {
  try {
    return prepare(folder, keyHex, copy, circumstances);
  } catch (error) {
    // What was saved does not fit: the copy alone is whole. A copy that is not whole itself fails once more.
    if (error instanceof MemoryProblem && error.code === 'damaged')
      return prepare(folder, keyHex, copy, null);
    throw error;
  }
}
