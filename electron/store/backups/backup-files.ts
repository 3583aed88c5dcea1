import { existsSync, readdirSync, rmSync, statSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { DatabaseProblem } from '../../../domain/database.ts';
import { say } from '../../../domain/words/say.ts';
import { makeFolder, databaseFile, syncFolder, writeWhole } from '../files.ts';
import { keepOf, parseName, type NamedBackup } from './rotation.ts';

/** Where the backups of a database lie, and the files among them. Opens no engine. */
export const backupsFolder = (folder: string): string => path.join(folder, 'backups');

/** A backup, and where it is. */
export interface BackupFile extends NamedBackup {
  readonly path: string;
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Newest first. */
export function backupsIn(folder: string): BackupFile[] {
  const place = backupsFolder(folder);
  return entries(place)
    .flatMap((name): BackupFile[] => {
      const parsed = parseName(name);
      return parsed ? [{ ...parsed, path: path.join(place, name) }] : [];
    })
    .sort((a, b) => b.at - a.at);
}

/** Removes what an interrupted backup leaves: it is never taken for one. */
export function clearUnfinished(folder: string): void {
  for (const name of entries(backupsFolder(folder))) {
    if (name.endsWith('.tmp') || name.endsWith('.tmp-journal'))
      rmSync(path.join(backupsFolder(folder), name), { force: true });
  }
}

function remove(backups: readonly BackupFile[]): void {
  for (const backup of backups) rmSync(backup.path, { force: true });
  for (const folder of new Set(backups.map(({ path: file }) => path.dirname(file)))) syncFolder(folder);
}

/** Removes the backups that are not to be kept. Only to be called once a newer one has proven itself. */
export function rotate(folder: string, now: number, keepMs: number | null): void {
  const backups = backupsIn(folder);
  const kept = keepOf(backups, now, keepMs);
  remove(backups.filter((backup) => !kept.has(backup)));
}

/** Removes backups older than that (epoch ms): the words in them were deleted for their age. */
export function dropOlder(folder: string, than: number): void {
  remove(backupsIn(folder).filter(({ at }) => at < than));
}

/** Removes every other backup: what a person deleted must not live on in one. */
export function keepOnly(folder: string, name: string): void {
  remove(backupsIn(folder).filter((backup) => backup.name !== name));
}

/** One from before a change of the schema is enough, however often that was attempted. */
export function keepOneBefore(folder: string, before: number, name: string): void {
  remove(backupsIn(folder).filter((backup) => backup.before === before && backup.name !== name));
}

/** When the database last changed on the disk, epoch ms. By its entries only: see "Traps" in README.md. */
export function changedAt(folder: string): number {
  const file = databaseFile(folder);
  // Reading makes an empty log; only one that holds something was written.
  const places = [file, `${file}-wal`].filter((place) => existsSync(place) && statSync(place).size > 0);
  return Math.max(0, ...places.map((place) => statSync(place).mtimeMs));
}

/** Bytes of the database and its log. */
export function sizeOf(folder: string): number {
  const file = databaseFile(folder);
  return [file, `${file}-wal`].reduce(
    (sum, place) => sum + (existsSync(place) ? statSync(place).size : 0),
    0,
  );
}

/** So much is left free beside a backup: the database goes first. Bytes. */
const reserve = 32 << 20;

/** @throws DatabaseProblem `full` when a backup would take the room that the database itself needs */
export function refuseWithoutRoom(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= sizeOf(folder) + reserve) return;
  throw new DatabaseProblem('full', say('backups.noRoom', { folder }));
}

const staleMark = (folder: string): string => path.join(backupsFolder(folder), 'stale');

/** From now on the backups hold something that a person deleted: the next one takes the place of all of them. */
export function markStale(folder: string): void {
  makeFolder(backupsFolder(folder));
  writeWhole(staleMark(folder), '');
}
export const isStale = (folder: string): boolean => existsSync(staleMark(folder));
export function clearStale(folder: string): void {
  rmSync(staleMark(folder), { force: true });
}
