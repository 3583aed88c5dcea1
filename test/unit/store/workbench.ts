import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { MemoryProblem } from '../../../domain/database.ts';
import { openMemory, type OpenedMemory } from '../../../electron/store/client.ts';
import { openDatabase, type Database } from '../../../electron/store/engine.ts';
import { communication, draft, factOf, hexOf, temporaryFolder, testKey } from './examples.ts';
import { builtProgram, builtWorker } from './worker-file.ts';

export const execute = promisify(execFile);

export const databaseIn = (folder: string): string => path.join(folder, 'memory.db');

/** What `child.ts` says, a line each. */
export interface Said {
  readonly fact?: number;
  readonly draft?: number;
  readonly decision?: number;
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
  readonly opened: (folder: string, key?: Uint8Array) => Promise<OpenedMemory>;
  /** A closed memory with one fact, one record and one draft. */
  readonly written: () => Promise<string>;
  /** The problem with which opening is refused. */
  readonly refused: (folder: string, key?: Uint8Array, readOnly?: boolean) => Promise<MemoryProblem>;
}

/** Behind the program's back, with the right key. */
export function raw(folder: string, use: (database: Database) => void): void {
  const database = openDatabase(databaseIn(folder), hexOf(testKey()), false);
  try {
    use(database);
  } finally {
    database.close();
  }
}

/** Builds what the tests of the calling file start; to be called at its top. */
export function workbench(): Workbench {
  const workerFile = builtWorker();
  const childFile = builtProgram('test/unit/store/child.ts', 'child');

  const opened = async (folder: string, key = testKey()): Promise<OpenedMemory> => {
    const memory = await openMemory({ folder, key, workerFile: workerFile() });
    onTestFinished(() => memory.close());
    return memory;
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
      const memory = await opened(folder);
      await memory.commit(factOf(communication()), [communication()]);
      await memory.saveDraft(draft());
      await memory.close();
      return folder;
    },
    refused: async (folder, key = testKey(), readOnly = false) => {
      const attempt = openMemory({ folder, key, workerFile: workerFile(), readOnly });
      const problem: unknown = await attempt.catch((error: unknown) => error);
      expect(problem).toBeInstanceOf(MemoryProblem);
      return problem as MemoryProblem;
    },
  };
}
