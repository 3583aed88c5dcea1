import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { DatabaseProblem, type FileProblemCode } from '../../domain/database.ts';
import { say } from '../../domain/words/say.ts';

/** `file`: where the database lies. */
export function databaseProblem(code: FileProblemCode, file: string, cause?: unknown): DatabaseProblem {
  const words = say(`database.problem.${code}`, { file });
  return new DatabaseProblem(code, words, cause === undefined ? undefined : { cause });
}

export function databaseClosed(): DatabaseProblem {
  return new DatabaseProblem('closed', say('database.closed'));
}

/** Code of this program is not the code it was built with. */
export function tampered(cause?: unknown): DatabaseProblem {
  return new DatabaseProblem(
    'tampered',
    say('database.tampered'),
    cause === undefined ? undefined : { cause },
  );
}

/** By SQLite's primary result codes (https://sqlite.org/rescode.html); extended codes carry them in the low byte. */
function codeOf(primary: number, where: string): FileProblemCode {
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

const systemCodes: Readonly<Record<string, FileProblemCode>> = {
  EACCES: 'read-only',
  EPERM: 'read-only',
  EROFS: 'read-only',
  ENOSPC: 'full',
  EDQUOT: 'full',
};

/** Turns whatever the engine or the file system threw into the one error the program knows. */
export function asProblem(error: unknown, where: string): DatabaseProblem {
  if (error instanceof DatabaseProblem) return error;
  if (!(error instanceof Error)) return databaseProblem('io', where, error);
  const primary = primaryCode(error);
  if (primary !== null) return databaseProblem(codeOf(primary, where), where, error);
  const system = 'code' in error && typeof error.code === 'string' ? systemCodes[error.code] : undefined;
  return databaseProblem(system ?? 'io', where, error);
}
