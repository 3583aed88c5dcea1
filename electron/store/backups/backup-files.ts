import { existsSync, readdirSync, rmSync, statSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { DatabaseProblem } from '../../../domain/database.ts';
import { say } from '../../../domain/words/say.ts';
import { makeFolder, databaseFile, syncFolder, writeWhole } from '../files.ts';
import { keepOf, parseName, type NamedCopy } from './rotation.ts';

/** Where the copies of a database lie, and the files among them. Opens no engine. */
export const copiesFolder = (folder: string): string => path.join(folder, 'backups');

/** A copy, and where it is. */
export interface PlacedCopy extends NamedCopy {
  readonly path: string;
}

/** Where earlier versions kept the database before they brought it up to date. */
const formerPattern = /^database\.db\.before-(\d+)$/;

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Newest first. */
export function copiesIn(folder: string): PlacedCopy[] {
  const placed = entries(copiesFolder(folder)).flatMap((name): PlacedCopy[] => {
    const parsed = parseName(name);
    return parsed ? [{ ...parsed, path: path.join(copiesFolder(folder), name) }] : [];
  });
  const former = entries(folder).flatMap((name): PlacedCopy[] => {
    const before = formerPattern.exec(name)?.[1];
    if (before === undefined) return [];
    const place = path.join(folder, name);
    return [{ name, at: Math.floor(statSync(place).mtimeMs), before: Number(before), path: place }];
  });
  return [...placed, ...former].sort((a, b) => b.at - a.at);
}

/** What a copy that was interrupted leaves: never taken for one. */
export function clearUnfinished(folder: string): void {
  for (const name of entries(copiesFolder(folder))) {
    if (name.endsWith('.tmp') || name.endsWith('.tmp-journal'))
      rmSync(path.join(copiesFolder(folder), name), { force: true });
  }
}

function remove(copies: readonly PlacedCopy[]): void {
  for (const copy of copies) rmSync(copy.path, { force: true });
  for (const folder of new Set(copies.map((copy) => path.dirname(copy.path)))) syncFolder(folder);
}

/** Takes away what the ladder no longer keeps. Only to be called once a newer copy has proven itself. */
export function rotate(folder: string, now: number, keepMs: number | null): void {
  const copies = copiesIn(folder);
  const kept = keepOf(copies, now, keepMs);
  remove(copies.filter((copy) => !kept.has(copy)));
}

/** Takes away copies older than that (epoch ms): the words in them were deleted for their age. */
export function dropOlder(folder: string, than: number): void {
  remove(copiesIn(folder).filter(({ at }) => at < than));
}

/** Takes away every other copy: what a person deleted must not live on in one. */
export function keepOnly(folder: string, name: string): void {
  remove(copiesIn(folder).filter((copy) => copy.name !== name));
}

/** One from before a change of the schema is enough, however often that was attempted. */
export function keepOneBefore(folder: string, before: number, name: string): void {
  const others = copiesIn(folder).filter((copy) => copy.before === before && copy.name !== name);
  // What earlier versions kept elsewhere may be of another time.
  remove(others.filter((copy) => path.dirname(copy.path) === copiesFolder(folder)));
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

/** So much is left free beside a copy: history goes first. Bytes. */
const reserve = 32 << 20;

/** @throws DatabaseProblem `full` when a copy would take the room that the database itself needs */
export function refuseWithoutRoom(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= sizeOf(folder) + reserve) return;
  throw new DatabaseProblem('full', say('copies.noRoom', { folder }));
}

const staleMark = (folder: string): string => path.join(copiesFolder(folder), 'stale');

/** From now on the copies hold something that a person deleted: the next one takes the place of all of them. */
export function markStale(folder: string): void {
  makeFolder(copiesFolder(folder));
  writeWhole(staleMark(folder), '');
}
export const isStale = (folder: string): boolean => existsSync(staleMark(folder));
export function clearStale(folder: string): void {
  rmSync(staleMark(folder), { force: true });
}
