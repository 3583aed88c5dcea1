import { appendFileSync, constants, copyFileSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Restored, Salvage } from '../../../domain/backups.ts';
import { faultsOf, MemoryProblem } from '../../../domain/database.ts';
import { say } from '../../../domain/words/say.ts';
import { openDatabase, type Database } from '../engine.ts';
import { createPrivate, makeFolder, memoryFile, settleFile } from '../files.ts';
import { isGone, logWaits } from '../gone.ts';
import { migrate } from '../migrations/index.ts';
import { verify } from '../verify.ts';
import { makeDerivedAnew } from '../derived.ts';
import { glance } from './glance.ts';
import { copiesIn, type PlacedCopy } from './place.ts';
import { keptName, preparedFolder, replace } from './replace.ts';
import { salvage } from './salvage.ts';
import type { Circumstances } from './salvage-records.ts';

/** As SQLite makes them unless told otherwise, bytes. */
const pageSize = 4096;

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

interface Prepared {
  readonly records: number;
  readonly saved: Salvage | null;
}

/** A file and what was made of it: the rows of it that prove themselves go into what is prepared. */
type Source = (into: Database) => Salvage | null;

/**
 * Prepares the memory: the copy as it is (or nothing), then what can be read of the sources, in their order.
 * @throws MemoryProblem `damaged` when that does not come out whole
 */
function prepare(
  folder: string,
  keyHex: string,
  copy: PlacedCopy | null,
  sources: readonly Source[],
): Prepared {
  const file = layOut(folder, copy);
  return withDatabase(file, keyHex, false, (database) => {
    // The copy itself stays in the ladder, so none is kept of what is only being prepared.
    migrate(database, undefined, () => undefined);
    const [saved = null] = sources.map((source) => source(database)).reverse();
    const { fault, derivedFault } = faultsOf(verify(database, 'rows'));
    if (fault !== null) throw new MemoryProblem('damaged', say('copies.notWhole', { fault }));
    if (derivedFault !== null)
      database.transaction(() => {
        makeDerivedAnew(database);
      });
    const { records } = glance(database);
    if (!database.checkpoint()) throw new MemoryProblem('locked', say('memory.problem.locked', { file }));
    return { records, saved };
  });
}

/**
 * The log of a file that is gone, beside a page without meaning that lets it be read: a log has pages as they
 * became. On copies, for SQLite deletes a log that it finds beside an empty file. Null when there is none.
 */
function logAlone(folder: string): string | null {
  if (!logWaits(folder)) return null;
  const apart = path.join(preparedFolder(folder), 'log');
  makeFolder(apart);
  const file = memoryFile(apart);
  createPrivate(file);
  appendFileSync(file, Buffer.alloc(pageSize));
  copyFileSync(`${memoryFile(folder)}-wal`, `${file}-wal`);
  return file;
}

function salvaged(file: string | null, keyHex: string, into: Database, at: Circumstances): Salvage | null {
  if (file === null || !existsSync(file)) return null;
  try {
    return withDatabase(file, keyHex, true, (database) => salvage(database, into, at));
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

const isNothing = ({ facts, records, drafts, decisions }: Salvage): boolean =>
  facts + records + drafts + decisions === 0;

function preparedWithWhatIsWhole(
  folder: string,
  keyHex: string,
  copy: PlacedCopy | null,
  circumstances: Circumstances,
): Prepared & Pick<Restored, 'copyWhole'> {
  const memory: Source = (into) =>
    salvaged(isGone(folder) ? logAlone(folder) : memoryFile(folder), keyHex, into, circumstances);
  /** Of a copy that is damaged itself its rows are passed over one by one, not all of it refused. */
  const rows: Source = (into) => {
    const taken = copy && salvaged(copy.path, keyHex, into, circumstances);
    if (taken && !isNothing(taken)) return taken;
    throw new MemoryProblem('damaged', say('copies.nothingReadable'));
  };
  // What was saved of the memory may not fit the copy: then that alone.
  const asItIs = [() => prepare(folder, keyHex, copy, [memory]), () => prepare(folder, keyHex, copy, [])];
  const inParts = [
    () => prepare(folder, keyHex, null, [rows, memory]),
    () => ({ ...prepare(folder, keyHex, null, [rows]), saved: null }),
  ];
  return firstWhole([
    ...asItIs.map((attempt) => () => ({ ...attempt(), copyWhole: true })),
    ...(copy ? inParts.map((attempt) => () => ({ ...attempt(), copyWhole: false })) : []),
  ]);
}

/** @throws what the last attempt throws, or the first that is not about damage */
function firstWhole<T>(attempts: readonly (() => T)[]): T {
  const [attempt, ...others] = attempts;
  if (!attempt) throw new Error('There was nothing to attempt');
  try {
    return attempt();
  } catch (error) {
    const isDamage = error instanceof MemoryProblem && error.code === 'damaged';
    if (!isDamage || others.length === 0) throw error;
    return firstWhole(others);
  }
}
