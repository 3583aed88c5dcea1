import { existsSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { keyFile, writeWhole } from '../files.ts';
import { copiesFolder } from './place.ts';

/** `key.json` of a memory, kept with its copies: without its key a copy is worth nothing. */

const keyCopy = (folder: string): string => path.join(copiesFolder(folder), 'key.json');

function textOf(place: string): string | null {
  try {
    return readFileSync(place, 'utf8');
  } catch {
    return null;
  }
}

/** The same file, as well guarded as the one it is a copy of. */
export function keepKeyFile(folder: string): void {
  const text = textOf(keyFile(folder));
  if (text !== null && text !== textOf(keyCopy(folder))) writeWhole(keyCopy(folder), text);
}

/** True when there is a copy and it says something else than what is in its place. */
export function hasOtherKey(folder: string): boolean {
  const text = textOf(keyCopy(folder));
  return text !== null && text !== textOf(keyFile(folder));
}

/**
 * Puts the copy in its place. One that is there is kept beside it.
 * @param now epoch ms
 */
export function putKeyBack(folder: string, now: number): void {
  const place = keyFile(folder);
  const text = readFileSync(keyCopy(folder), 'utf8');
  const moment = new Date(now).toISOString().replaceAll(':', '-');
  if (existsSync(place)) renameSync(place, path.join(folder, `key.replaced-${moment}.json`));
  writeWhole(place, text);
}
