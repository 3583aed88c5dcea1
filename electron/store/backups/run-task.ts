import type { MadeBackup, Backup, Restored } from '../../../domain/backups.ts';
import { StoreThread } from '../store-thread.ts';
import { databaseClosed } from '../problems.ts';
import type { TaskArgs, TaskName, TaskResults } from './tasks.ts';

/** The database a task is about. */
export interface TaskPlace {
  readonly folder: string;
  /** 32 bytes; stays the caller's. */
  readonly key: Uint8Array;
  /** The built worker, `out/main/store-worker.cjs`. */
  readonly workerFile: string;
}

/** A thread of its own for one task, so that neither main nor the writer waits for it. */
async function inOwnThread<Name extends TaskName>(
  { folder, key, workerFile }: TaskPlace,
  name: Name,
  rest: Omit<TaskArgs<Name>, 'folder' | 'key'>,
  givenUp?: AbortSignal,
): Promise<TaskResults[Name]> {
  const thread = new StoreThread(workerFile, () => undefined);
  const handed = Uint8Array.from(key);
  let ending = Promise.resolve();
  const giveUp = (): void => {
    ending = thread.cut();
  };
  givenUp?.addEventListener('abort', giveUp);
  try {
    if (givenUp?.aborted === true) throw databaseClosed();
    // The worker is this program's own; its results have the type of the function that made them.
    return (await thread.send(
      name,
      [{ ...rest, folder, key: handed }],
      [handed.buffer],
    )) as TaskResults[Name];
  } finally {
    givenUp?.removeEventListener('abort', giveUp);
    await ending;
    await thread.end().catch(() => undefined);
  }
}

/**
 * Makes a backup beside the running database, proves it, and only then removes older ones.
 * @param keepMs age at which records are deleted, ms; null when never
 * @param alone something was deleted: every other backup goes
 * @param rotate false: how old backups are is not known, and none goes for its age
 * @param givenUp ends it: its thread, where that does not hang
 * @throws DatabaseProblem `full` before anything is written; `damaged` when the database is not whole; `closed`
 * when it was given up
 */
export function makeBackup(
  place: TaskPlace,
  options: Omit<TaskArgs<'backup'>, 'folder' | 'key'>,
  givenUp?: AbortSignal,
): Promise<MadeBackup> {
  return inOwnThread(place, 'backup', options, givenUp);
}

/** The backups the key opens, newest first. */
export function backupsOf(place: TaskPlace): Promise<readonly Backup[]> {
  return inOwnThread(place, 'backups', {});
}

/**
 * Puts a backup (null: an empty database) in the place of a closed one, with what of that can still be read.
 * @param now epoch ms
 * @throws DatabaseProblem and then nothing is changed
 */
export function restoreDatabase(place: TaskPlace, name: string | null, now: number): Promise<Restored> {
  return inOwnThread(place, 'restore', { name, now });
}
