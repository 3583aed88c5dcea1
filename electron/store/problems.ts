import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { MemoryProblem, type MemoryProblemCode } from '../../domain/memory.ts';

/** What the person reads for each way the file can refuse; `where` is the file. */
const words: Record<MemoryProblemCode, (where: string) => string> = {
  'wrong-key': (where) =>
    `The key does not open ${where}: it is another folder's key, or the first page of the file is damaged. ` +
    'Nothing was changed. Put back the key.json that belongs to this folder.',
  'newer-version': (where) =>
    `${where} was written by a newer version of Sharelight. Nothing was changed. Install that version again.`,
  damaged: (where) =>
    `${where} is damaged. Nothing was deleted. Copy the folder away before anything else, then restore a copy.`,
  'read-only': (where) => `${where} cannot be written. Give this account the right to write to its folder.`,
  full: (where) => `There is no room left to write ${where}. Free some space on that disk.`,
  io: (where) => `${where} could not be read or written. Check the disk and the folder.`,
  locked: (where) => `${where} is in use by another program. Close the other one and try again.`,
  closed: (where) => `${where} is closed.`,
};

export function memoryProblem(code: MemoryProblemCode, where: string, cause?: unknown): MemoryProblem {
  return new MemoryProblem(code, words[code](where), cause === undefined ? undefined : { cause });
}

/** By SQLite's primary result codes (https://sqlite.org/rescode.html); extended codes carry them in the low byte. */
function codeOf(primary: number, where: string): MemoryProblemCode {
  switch (primary) {
    case 5: // BUSY
    case 6: // LOCKED
      return 'locked';
    case 11: // CORRUPT
      return 'damaged';
    case 26: // NOTADB
      return 'wrong-key';
    case 13: // FULL
      return 'full';
    case 3: // PERM
    case 8: // READONLY
      return 'read-only';
    case 14: // CANTOPEN: SQLite does not say why, the folder does
      return folderRefusesWriting(where) ? 'read-only' : 'io';
    default:
      return 'io';
  }
}

function folderRefusesWriting(where: string): boolean {
  const folder = path.dirname(where);
  if (!existsSync(folder)) return false;
  try {
    accessSync(folder, constants.W_OK);
    if (existsSync(where)) accessSync(where, constants.W_OK);
    return false;
  } catch {
    return true;
  }
}

/** The engine has two kinds of errors: `SqliteError` with a number, and a failed connection with it in its text. */
function primaryCode(error: Error): number | null {
  if ('rawCode' in error && typeof error.rawCode === 'number') return error.rawCode & 0xff;
  const connection = /ConnectionFailed\(.*: (\d+)"\)/.exec(error.message);
  return connection ? Number(connection[1]) & 0xff : null;
}

const systemCodes: Readonly<Record<string, MemoryProblemCode>> = {
  EACCES: 'read-only',
  EPERM: 'read-only',
  EROFS: 'read-only',
  ENOSPC: 'full',
  EDQUOT: 'full',
};

/** Turns whatever the engine or the file system threw into the one error the program knows. */
export function asProblem(error: unknown, where: string): MemoryProblem {
  if (error instanceof MemoryProblem) return error;
  if (!(error instanceof Error)) return memoryProblem('io', where, error);
  const primary = primaryCode(error);
  if (primary !== null) return memoryProblem(codeOf(primary, where), where, error);
  const system = 'code' in error && typeof error.code === 'string' ? systemCodes[error.code] : undefined;
  return memoryProblem(system ?? 'io', where, error);
}
