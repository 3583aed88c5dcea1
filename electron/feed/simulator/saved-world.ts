import { randomInt } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { reasonOf } from '../../../domain/toolbox/result.ts';
import { seedOf } from './random.ts';
import { newWorld, type World } from './world.ts';

/** The world at rest: what it was, and when (both clocks, ms), so that time can go on from there. */
interface Saved {
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

interface OpenWorldOptions {
  scenario: string;
  seed?: string | number;
  stateFile?: string;
  speed: number;
  wallNow: () => number;
  /** When a new scenario begins, simulated ms. */
  beginning: () => number;
  log: (line: string) => void;
}

/** The saved world, with its time moved on, or a new one. @throws when the file cannot be read */
export function openWorld(options: OpenWorldOptions): { world: World; startAt: number } {
  const { scenario, seed, stateFile, speed, wallNow, beginning, log } = options;
  const saved = stateFile === undefined ? null : load(stateFile, log);
  if (saved?.world.scenario === scenario) {
    const { world, simulatedAt, wallAt } = saved;
    world.watched = false;
    // What this version added has its usual value.
    const fresh = newWorld(scenario, 0, 0);
    world.settings = { ...fresh.settings, ...world.settings };
    world.presence = { ...fresh.presence, ...world.presence };
    return { world, startAt: simulatedAt + Math.max(0, wallNow() - wallAt) * speed };
  }
  const startAt = beginning();
  return { world: newWorld(scenario, seedOf(seed ?? randomInt(2 ** 32)), startAt), startAt };
}

/** Null when there is none. A file that cannot be understood is moved aside to `<file>.unreadable`. */
function load(file: string, log: (line: string) => void): Saved | null {
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

/** Writes in one step: a crash leaves the old file or the new one. A failure is logged, and the service goes on. */
export function saveWorld(file: string, saved: Saved, log: (line: string) => void): void {
  const temporary = `${file}.new`;
  try {
    // It holds the demo's access tokens: for its owner only.
    writeFileSync(temporary, JSON.stringify(saved), { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    log(`The simulator's world could not be saved: ${reasonOf(error)}`);
  }
}
