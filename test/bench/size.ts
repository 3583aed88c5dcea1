import { execFile } from 'node:child_process';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { goals } from './goals.mjs';
import { readingOf } from './report.ts';
import type { Measured, Workshop } from './workshop.ts';

const run = promisify(execFile);

/** P10: what the unpacked package has beyond the runtime it is made of. */
export async function measureSize({ place, runtime }: Workshop): Promise<Measured> {
  await run(process.execPath, [path.join(place.root, 'build/package.mjs'), '--stand-in'], {
    cwd: place.root,
  });
  const ours = await filesIn(path.join(place.root, 'dist/linux-unpacked'));
  const bare = await filesIn(runtime.dist);
  const { id, unit } = goals.size;
  const all = (files: ReadonlyMap<string, number>): number =>
    [...files.values()].reduce((sum, size) => sum + size, 0);
  const megabytes = (bytes: number): number => bytes / 1e6;
  return {
    readings: [
      readingOf('size', { ours: [megabytes(addedTo(bare, ours))] }),
      { id, measure: 'installed size, all of it', unit, ours: [megabytes(all(ours))] },
      { id, measure: 'the bare runtime', unit, ours: [megabytes(all(bare))] },
    ],
  };
}

/**
 * Bytes that are there beyond the runtime, by the names of files: what packing moves is no addition, and what it leaves
 * out (languages) is not set off.
 */
export function addedTo(bare: ReadonlyMap<string, number>, ours: ReadonlyMap<string, number>): number {
  return (
    [...ours]
      // The program itself, under its new name.
      .map(([name, size]) => size - (bare.get(name === 'sharelight' ? 'electron' : name) ?? 0))
      .reduce((sum, more) => sum + Math.max(0, more), 0)
  );
}

/** Bytes of all files below a folder, by their names. */
async function filesIn(folder: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const { parentPath, name } of entries.filter((entry) => !entry.isDirectory())) {
    const { size } = await lstat(path.join(parentPath, name));
    sizes.set(name, (sizes.get(name) ?? 0) + size);
  }
  return sizes;
}
