import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { DatabaseProblem, Review } from '../../domain/database.ts';
import { openDatabase } from './client.ts';
import type { Added, NumberedLine } from './import-records.ts';

/** Somebody's exported records in a temporary database: nothing of it outlives `close`. */
export interface ImportedDatabase {
  readonly review: Review;
  /** Lines of one file, each with its number; the answer names those that are no record. */
  readonly add: (lines: readonly NumberedLine[]) => Promise<Added>;
  readonly close: () => Promise<void>;
}

interface OpenImported {
  /** Absolute path of a folder that is not there yet. */
  readonly folder: string;
  readonly workerFile: string;
  readonly onFailure?: (problem: DatabaseProblem) => void;
}

/**
 * Opens an empty database whose key nobody else has and nothing keeps: what a crash leaves cannot be read.
 * @throws DatabaseProblem
 */
export async function openImported({ folder, ...options }: OpenImported): Promise<ImportedDatabase> {
  const clear = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const database = await openDatabase({ folder, key: randomBytes(32), ...options });
    return {
      review: database.review,
      add: (lines) => database.addImported(lines),
      close: async () => {
        await database.close().catch(() => undefined);
        await clear();
      },
    };
  } catch (error) {
    await clear();
    throw error;
  }
}
