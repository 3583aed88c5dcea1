import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { World } from './world.ts';

/** The world at rest: what it was, and when (both clocks, ms), so that time can go on from there. */
export interface Saved {
  world: World;
  simulatedAt: number;
  wallAt: number;
}

/** Only what decides whether the file is ours and of this version; the rest was written by this program. */
const savedSchema = z.object({
  simulatedAt: z.number(),
  wallAt: z.number(),
  world: z.custom<World>(
    (value) =>
      z.looseObject({ version: z.literal(1), conversations: z.array(z.unknown()) }).safeParse(value).success,
  ),
});

/**
 * Reads a saved world. A missing file is null. A file that cannot be understood is moved aside to
 * `<file>.unreadable` and reported through `log`, and null: a demo starts anew rather than not at all.
 */
export function load(file: string, log: (line: string) => void): Saved | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return savedSchema.parse(JSON.parse(text));
  } catch {
    renameSync(file, `${file}.unreadable`);
    log(
      `The saved simulator world could not be read; it is kept as ${file}.unreadable and a new one begins.`,
    );
    return null;
  }
}

/** Writes in one step: a crash leaves the old file or the new one. @throws what the file system throws */
export function save(file: string, saved: Saved): void {
  const temporary = `${file}.new`;
  // It holds the demo's access tokens: for its owner only.
  writeFileSync(temporary, JSON.stringify(saved), { mode: 0o600 });
  renameSync(temporary, file);
}
