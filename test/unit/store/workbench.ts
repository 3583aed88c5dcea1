import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { DatabaseProblem } from '../../../domain/database.ts';
import { openDatabase, type OpenedDatabase } from '../../../electron/store/client.ts';
import { openEngine, type Engine } from '../../../electron/store/engine.ts';
import { communication, draft, factOf, hexOf, temporaryFolder, testKey } from './examples.ts';
import { builtProgram, builtWorker } from './worker-file.ts';

export const execute = promisify(execFile);

export const databaseIn = (folder: string): string => path.join(folder, 'memory.db');

/** What `child.ts` says, a line each. */
export interface Said {
  readonly fact?: number;
  readonly draft?: number;
  readonly submission?: number;
  readonly [name: string]: unknown;
}

export const parseSaid = (line: string): Said => JSON.parse(line) as Said;

export interface Workbench {
  readonly workerFile: () => string;
  /** The program and its arguments, to be started and killed by hand. */
  readonly writer: (folder: string) => [string, string[]];
  /** Runs the child to its end; `before` is shell for arranging mounts, `launcher` what starts it. */
  readonly child: (folder: string, what: string, before?: string, launcher?: string) => Promise<Said[]>;
  /** Closed when the test ends. */
  readonly opened: (folder: string, key?: Uint8Array) => Promise<OpenedDatabase>;
  /** A closed database with one fact, one record and one draft. */
  readonly written: () => Promise<string>;
  /** The problem with which opening is refused. */
  readonly refused: (folder: string, key?: Uint8Array, readOnly?: boolean) => Promise<DatabaseProblem>;
}

/** Behind the program's back, with the right key. */
export function raw(folder: string, use: (engine: Engine) => void): void {
  const engine = openEngine(databaseIn(folder), hexOf(testKey()), false);
  try {
    use(engine);
  } finally {
    engine.close();
  }
}

/** Builds what the tests of the calling file start; to be called at its top. */
export function workbench(): Workbench {
  const workerFile = builtWorker();
  const childFile = builtProgram('test/unit/store/child.ts', 'child');

  const opened = async (folder: string, key = testKey()): Promise<OpenedDatabase> => {
    const database = await openDatabase({ folder, key, workerFile: workerFile() });
    onTestFinished(() => database.close());
    return database;
  };

  return {
    workerFile,
    writer: (folder) => [process.execPath, [childFile(), workerFile(), folder, 'write']],
    child: async (folder, what, before = 'true', launcher = '') => {
      const script = `${before} && exec ${launcher} "$0" "$1" "$2" "$3" "$4"`;
      const args = ['-m', 'sh', '-c', script, process.execPath, childFile(), workerFile(), folder, what];
      // A mount namespace of its own: the mounts go with the process, whatever happens to it.
      const { stdout } = await execute('unshare', args, { maxBuffer: 64 << 20 });
      return stdout.trimEnd().split('\n').map(parseSaid);
    },
    opened,
    written: async () => {
      const folder = temporaryFolder();
      const database = await opened(folder);
      await database.commit(factOf(communication()), [communication()]);
      await database.saveDraft(draft());
      await database.close();
      return folder;
    },
    refused: async (folder, key = testKey(), readOnly = false) => {
      const attempt = openDatabase({ folder, key, workerFile: workerFile(), readOnly });
      const problem: unknown = await attempt.catch((error: unknown) => error);
      expect(problem).toBeInstanceOf(DatabaseProblem);
      return problem as DatabaseProblem;
    },
  };
}
