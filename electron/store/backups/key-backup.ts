import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { keyFile, writeWhole } from '../files.ts';
import { backupsFolder } from './backup-files.ts';

/** `key.json` of a database, kept with its backups: without its key a backup is worth nothing. */

const keyBackup = (folder: string): string => path.join(backupsFolder(folder), 'key.json');

const replacedPattern = /^key\.replaced-.*\.json$/;

function textOf(place: string): string | null {
  try {
    return readFileSync(place, 'utf8');
  } catch {
    return null;
  }
}

/** The same file, as well guarded as the one it is a backup of. */
export function backUpKeyFile(folder: string): void {
  const text = textOf(keyFile(folder));
  if (text !== null && text !== textOf(keyBackup(folder))) writeWhole(keyBackup(folder), text);
}

/**
 * The key is kept otherwise now, and what gives it away as before must not stay: the backup follows, and what was
 * replaced once and kept goes where it lays the same key open. Anything else may be the only way to another key.
 */
export function deleteEarlierKeyFiles(folder: string, laysOpen: (text: string) => boolean): void {
  if (existsSync(keyBackup(folder))) backUpKeyFile(folder);
  for (const name of readdirSync(folder).filter((each) => replacedPattern.test(each))) {
    const place = path.join(folder, name);
    if (laysOpen(textOf(place) ?? '')) rmSync(place);
  }
}

/** True when there is a backup and it says something else than what is in its place. */
export function hasOtherKey(folder: string): boolean {
  const text = textOf(keyBackup(folder));
  return text !== null && text !== textOf(keyFile(folder));
}

/**
 * Puts the backup in its place. One that is there is kept beside it.
 * @param now epoch ms
 */
export function putKeyBack(folder: string, now: number): void {
  const place = keyFile(folder);
  const text = readFileSync(keyBackup(folder), 'utf8');
  const moment = new Date(now).toISOString().replaceAll(':', '-');
  if (existsSync(place)) renameSync(place, path.join(folder, `key.replaced-${moment}.json`));
  writeWhole(place, text);
}
