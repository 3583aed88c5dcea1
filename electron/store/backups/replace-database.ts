import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { say } from '../../../domain/words/say.ts';
import { keyFile, databaseFile, syncFolder, writeWhole } from '../files.ts';
import { DatabaseProblem } from '../../../domain/database.ts';

/**
 * Putting another database in the place of the one there is. It takes several renames, so what is to become of
 * the folder is written down first and durably: a power cut in between is finished by the next start, and at
 * no moment is there a folder that looks as if nothing had ever been recorded. Opens no engine.
 */
const planSchema = z.discriminatedUnion('kind', [
  /** The prepared database takes the place of the one there is, which goes to the folder `kept`. */
  z.strictObject({ version: z.literal(1), kind: z.literal('restore'), kept: z.string().min(1) }),
  /** Everything goes to the folder `kept`; `withKey`: its key too, for a new one is needed. */
  z.strictObject({
    version: z.literal(1),
    kind: z.literal('aside'),
    kept: z.string().min(1),
    withKey: z.boolean(),
  }),
  /** Everything goes for good. */
  z.strictObject({ version: z.literal(1), kind: z.literal('delete') }),
]);
export type ReplacePlan = z.infer<typeof planSchema>;

const planFile = (folder: string): string => path.join(folder, 'replacing.json');
/** Where the database that is to take the place of the other is prepared. */
export const preparedFolder = (folder: string): string => path.join(folder, 'restoring');

const ofTheDatabase = ['memory.db-wal', 'memory.db-shm', 'memory.db-journal', 'memory.seal', 'memory.db'];
const keptPattern = /^(?:replaced|aside)-(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}\.\d{3})Z$/;

/** Keys in whose place a backup was put back. */
const formerKeys = (folder: string): string[] =>
  readdirSync(folder).filter((name) => /^key\.replaced-.*\.json$/.test(name));

/** @param now epoch ms */
export function keptName(kind: 'replaced' | 'aside', now: number): string {
  return `${kind}-${new Date(now).toISOString().replaceAll(':', '-')}`;
}

/** Folders with what was replaced, and when that was (epoch ms). */
function keptFolders(folder: string): { readonly path: string; readonly at: number }[] {
  return readdirSync(folder).flatMap((name) => {
    const time = keptPattern.exec(name)?.[1];
    if (time === undefined) return [];
    const iso = `${time.slice(0, 11)}${time.slice(11).replaceAll('-', ':')}Z`;
    return [{ path: path.join(folder, name), at: Date.parse(iso) }];
  });
}

/** What was put aside may not outlive the records' own time either. @param before epoch ms */
export function dropKept(folder: string, before: number): void {
  for (const kept of keptFolders(folder)) {
    if (kept.at < before) rmSync(kept.path, { recursive: true, force: true });
  }
}

/** What restores replaced: the same records, so they go when all records are deleted. */
export function dropReplaced(folder: string): void {
  for (const { path: place } of keptFolders(folder))
    if (path.basename(place).startsWith('replaced-')) rmSync(place, { recursive: true, force: true });
}

/** True while a replacement was begun and not finished; then there is a database, whatever files are missing. */
export function isReplacing(folder: string): boolean {
  return existsSync(planFile(folder));
}

function moveInto(kept: string, folder: string, names: readonly string[]): void {
  mkdirSync(kept, { recursive: true, mode: 0o700 });
  for (const name of names) {
    const from = path.join(folder, name);
    if (existsSync(from)) renameSync(from, path.join(kept, name));
  }
  syncFolder(kept);
  syncFolder(folder);
}

function carryOut(folder: string, plan: ReplacePlan): void {
  switch (plan.kind) {
    case 'restore': {
      const prepared = databaseFile(preparedFolder(folder));
      // Once it is in its place, what is there is the new one.
      if (!existsSync(prepared)) return;
      moveInto(path.join(folder, plan.kept), folder, ofTheDatabase);
      renameSync(prepared, databaseFile(folder));
      syncFolder(folder);
      return;
    }
    case 'aside':
      moveInto(path.join(folder, plan.kept), folder, [
        ...ofTheDatabase,
        'backups',
        ...(plan.withKey ? ['key.json'] : []),
      ]);
      return;
    case 'delete': {
      // The key first: without it the rest cannot be read, should anything stop here.
      for (const name of ['key.json', ...formerKeys(folder), ...ofTheDatabase])
        rmSync(path.join(folder, name), { force: true });
      syncFolder(folder);
      rmSync(path.join(folder, 'backups'), { recursive: true, force: true });
      dropKept(folder, Number.POSITIVE_INFINITY);
      syncFolder(folder);
    }
  }
}

function readPlan(folder: string): ReplacePlan {
  try {
    return planSchema.parse(JSON.parse(readFileSync(planFile(folder), 'utf8')));
  } catch (error) {
    throw new DatabaseProblem('io', say('backups.planUnreadable', { file: planFile(folder) }), {
      cause: error,
    });
  }
}

/**
 * Finishes what was begun, by this run or by one that a power cut ended. To be called before the database's key
 * is looked for; no connection may be open. Nothing happens where nothing was begun.
 * @throws when the folder cannot be written; calling it again goes on
 */
export function finishReplacing(folder: string): void {
  if (isReplacing(folder)) {
    carryOut(folder, readPlan(folder));
    rmSync(planFile(folder));
    syncFolder(folder);
  }
  // Prepared and never decided upon: the database there is stays what it was.
  rmSync(preparedFolder(folder), { recursive: true, force: true });
}

/** Writes the plan down and carries it out. */
export function replace(folder: string, plan: ReplacePlan): void {
  writeWhole(planFile(folder), `${JSON.stringify(plan)}\n`);
  finishReplacing(folder);
}

/**
 * Puts everything there is into a folder of its own, which can be opened as a database again; the next start
 * begins with an empty one.
 * @param now epoch ms
 * @param withKey the key does not fit or cannot be had: it goes along, and a new one is made
 * @returns the folder, absolute
 */
export function putAside(folder: string, now: number, withKey: boolean): string {
  const kept = keptName('aside', now);
  const place = path.join(folder, kept);
  if (!withKey && existsSync(keyFile(folder))) {
    mkdirSync(place, { recursive: true, mode: 0o700 });
    copyFileSync(keyFile(folder), keyFile(place));
  }
  replace(folder, { version: 1, kind: 'aside', kept, withKey });
  return place;
}

/** Deletes the database, its key, every backup and everything put aside. */
export function deleteAll(folder: string): void {
  replace(folder, { version: 1, kind: 'delete' });
}
