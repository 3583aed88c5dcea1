import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Name of the engine inside a database folder. */
export const databaseFile = (folder: string): string => path.join(folder, 'memory.db');
export const keyFile = (folder: string): string => path.join(folder, 'key.json');

/** Only its owner may look inside. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

function syncPath(place: string): void {
  const descriptor = openSync(place, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a new or renamed entry of the folder durable. Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform !== 'win32') syncPath(folder);
}

/**
 * Creates an empty, owner-only file unless one is there. An existing one is not even opened: closing any
 * descriptor of a engine drops the locks that this process's SQLite holds on it (POSIX advisory locks).
 */
export function createPrivate(place: string): void {
  try {
    closeSync(openSync(place, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** Renames a finished file into place and makes both its content and its name durable. */
export function settleFile(temporary: string, place: string): void {
  syncPath(temporary);
  renameSync(temporary, place);
  syncFolder(path.dirname(place));
}

/** Either the whole text is at `place`, readable by its owner only, or what was there before. */
export function writeWhole(place: string, text: string): void {
  const temporary = `${place}.${process.pid}.tmp`;
  rmSync(temporary, { force: true });
  try {
    const descriptor = openSync(temporary, 'wx', 0o600);
    try {
      writeSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
    settleFile(temporary, place);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
