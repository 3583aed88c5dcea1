import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { DatabaseProblem, type Verification } from '../../../domain/database.ts';
import { openEngine } from '../../../electron/store/engine.ts';
import { verify } from '../../../electron/store/verify.ts';
import { runs } from '../size.ts';
import { hexOf, temporaryFolder, testKey } from './examples.ts';
import { databaseIn, parseSaid, workbench } from './workbench.ts';

/** One bit of a file turns over, anywhere. */

const flips = runs('FLIPS', 15);
vi.setConfig({ testTimeout: Math.max(300_000, flips.numRuns * 2_000) });
const { opened, writer } = workbench();

const files = ['memory.db', 'memory.db-wal', 'memory.seal'];

/** A database as SIGKILL leaves it after so many facts or a few more; closed well where `closed`. */
async function left(facts: number, closed: boolean): Promise<string> {
  const folder = temporaryFolder();
  const program = spawn(...writer(folder));
  for await (const line of createInterface({ input: program.stdout }))
    if (parseSaid(line).fact === facts) program.kill('SIGKILL');
  if (closed) await (await opened(folder)).close();
  return folder;
}

function flipped(original: string, name: string, place: number, bit: number): string {
  const folder = temporaryFolder();
  for (const file of files) {
    const from = path.join(original, file);
    if (existsSync(from)) copyFileSync(from, path.join(folder, file));
  }
  const bytes = readFileSync(path.join(original, name));
  const at = place % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  writeFileSync(path.join(folder, name), bytes);
  return folder;
}

/** What a look at everything says; null where the file cannot be opened. */
function lookedAt(folder: string): Verification | null {
  try {
    const engine = openEngine(databaseIn(folder), hexOf(testKey()), true);
    try {
      return verify(engine);
    } finally {
      engine.close();
    }
  } catch (error) {
    expect(error).toBeInstanceOf(DatabaseProblem);
    return null;
  }
}

const anyBit = [fc.nat(), fc.integer({ min: 0, max: 7 })] as const;

describe('a bit that turns over', () => {
  it('anywhere in a database that was closed is found', async () => {
    const original = await left(20, true);
    const { whole, facts = 0 } = lookedAt(original) ?? {};
    expect(whole).toBe(true);
    expect(facts).toBeGreaterThanOrEqual(20);
    fc.assert(
      fc.property(fc.constantFrom('memory.db', 'memory.seal'), ...anyBit, (name, place, bit) => {
        expect(lookedAt(flipped(original, name, place, bit))?.whole ?? false).toBe(false);
      }),
      flips,
    );
  });

  it('in a file that a crash left is found, or every fact is there and whole', async () => {
    // Moved into the file and written on: both have something that only they have.
    const original = await left(400, false);
    const facts = lookedAt(original)?.facts ?? 0;
    expect(facts).toBeGreaterThanOrEqual(400);
    fc.assert(
      fc.property(...anyBit, (place, bit) => {
        const found = lookedAt(flipped(original, 'memory.db', place, bit));
        if (found?.whole === true) expect(found.facts).toBe(facts);
      }),
      flips,
    );
  });

  it('in the log that a crash left ends it there: what is before is whole, and nothing is invented', async () => {
    const original = await left(60, false);
    const facts = lookedAt(original)?.facts ?? 0;
    fc.assert(
      fc.property(...anyBit, (place, bit) => {
        const found = lookedAt(flipped(original, 'memory.db-wal', place, bit));
        if (found?.whole === true) expect(found.facts).toBeLessThanOrEqual(facts);
      }),
      flips,
    );
  });
});
