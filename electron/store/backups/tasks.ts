import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { MadeBackup, Backup, Restored } from '../../../domain/backups.ts';
import { openEngine } from '../engine.ts';
import { databaseFile } from '../files.ts';
import { refuseMissingFile } from '../missing-file.ts';
import { asProblem } from '../problems.ts';
import { createBackup, readableBackups } from './create-backup.ts';
import { keepOnly, rotate } from './backup-files.ts';
import { restore } from './restore.ts';

/** What a thread of the store can be started for instead of opening the database: one task, then it ends. */

const place = {
  folder: z.string().min(1),
  /** 32 bytes; the thread overwrites them. */
  key: z.instanceof(Uint8Array).refine((key) => key.length === 32, 'A key has 32 bytes'),
};
const now = z.number();

const taskArgs = {
  backup: z.tuple([
    z.strictObject({
      ...place,
      now,
      keepMs: z.number().nullable(),
      alone: z.boolean(),
      rotate: z.boolean().optional(),
    }),
  ]),
  backups: z.tuple([z.strictObject(place)]),
  restore: z.tuple([z.strictObject({ ...place, name: z.string().nullable(), now })]),
} as const;

export type TaskName = keyof typeof taskArgs;
export type TaskArgs<Name extends TaskName> = z.infer<(typeof taskArgs)[Name]>[0];
export interface TaskResults {
  readonly backup: MadeBackup;
  readonly backups: readonly Backup[];
  readonly restore: Restored;
}

export function isTaskName(name: string): name is TaskName {
  return Object.hasOwn(taskArgs, name);
}

function hexOf(key: Uint8Array): string {
  const hex = Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('hex');
  key.fill(0);
  return hex;
}

function backUp({
  folder,
  key,
  now: at,
  keepMs,
  alone,
  rotate: mayRotate = true,
}: TaskArgs<'backup'>): MadeBackup {
  refuseMissingFile(folder);
  const source = openEngine(databaseFile(folder), hexOf(key), true);
  try {
    const made = createBackup(source, at);
    if (alone) keepOnly(folder, made.name);
    else if (mayRotate) rotate(folder, at, keepMs);
    return made;
  } finally {
    source.close();
  }
}

/** @throws DatabaseProblem */
export function runTask(name: TaskName, args: unknown): TaskResults[TaskName] {
  const folderOf = z.tuple([z.looseObject({ folder: z.string() })]).parse(args)[0].folder;
  try {
    switch (name) {
      case 'backup':
        return backUp(taskArgs.backup.parse(args)[0]);
      case 'backups': {
        const [{ folder, key }] = taskArgs.backups.parse(args);
        return readableBackups(folder, hexOf(key));
      }
      case 'restore': {
        const [{ folder, key, name: wanted, now: at }] = taskArgs.restore.parse(args);
        return restore(folder, hexOf(key), wanted, at, () => randomBytes(16));
      }
    }
  } catch (error) {
    throw asProblem(error, databaseFile(folderOf));
  }
}
