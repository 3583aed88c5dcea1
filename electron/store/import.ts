import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { MemoryProblem, Review } from '../../domain/database.ts';
import { openMemory } from './client.ts';
import type { Added, NumberedLine } from './import-lines.ts';

/** Somebody's exported records in a memory that passes: nothing of it outlives `close`. */
export interface ImportedMemory {
  readonly review: Review;
  /** Lines of one file, each with its number; those that are no record are told. */
  readonly add: (lines: readonly NumberedLine[]) => Promise<Added>;
  readonly close: () => Promise<void>;
}

interface OpenImported {
  /** Absolute path of a folder that is not there yet. */
  readonly folder: string;
  readonly workerFile: string;
  readonly onFailure?: (problem: MemoryProblem) => void;
}

/**
 * Opens an empty memory whose key nobody else has and nothing keeps: what a crash leaves behind is noise.
 * @throws MemoryProblem
 */
export async function openImported({ folder, ...options }: OpenImported): Promise<ImportedMemory> {
  const clear = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const memory = await openMemory({ folder, key: randomBytes(32), ...options });
    return {
      review: memory.review,
      add: (lines) => memory.addImported(lines),
      close: async () => {
        await memory.close().catch(() => undefined);
        await clear();
      },
    };
  } catch (error) {
    await clear();
    throw error;
  }
}
