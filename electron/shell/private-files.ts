import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes sure that only their owner reads a folder of ours and these files in it, also where an earlier version, or a
 * copy, was not so careful. What is not there, or not ours to change, stays as it is. Windows has no such bits.
 */
export function makePrivate(folder: string, files: readonly string[]): void {
  if (process.platform === 'win32') return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    return;
  }
  tighten(folder, 0o700);
  for (const file of files) tighten(join(folder, file), 0o600);
}

/** Links are left alone: what they lead to may be anybody's. */
export function tighten(place: string, mode: number): void {
  try {
    const stats = lstatSync(place);
    if (stats.isSymbolicLink() || stats.uid !== process.getuid?.()) return;
    if ((stats.mode & 0o077) !== 0) chmodSync(place, mode);
  } catch {
    // It is not there, or the disk takes no changes.
  }
}
