import { spawn } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { seed, size } from '../size.ts';
import { temporaryFolder } from './examples.ts';
import { databaseIn, parseSaid, raw, workbench } from './workbench.ts';

// Each test starts programs and waits for the disk; a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const { child, opened, writer } = workbench();

/** What each fact of the writer is about. */
function factsIn(folder: string): string[] {
  const facts: string[] = [];
  raw(folder, (engine) => {
    for (const { body } of engine.all('SELECT CAST(body AS BLOB) AS body FROM journal ORDER BY seq')) {
      const [{ peerName }] = JSON.parse(Buffer.from(body as ArrayBuffer).toString()) as [Communication];
      facts.push(peerName ?? '');
    }
  });
  return facts;
}

const factsUpTo = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `fact ${index + 1}`);

/** How many facts a copy of the folder has with this log in place of its own; they must be the first ones. */
async function factsWithLog(folder: string, log: Uint8Array): Promise<number> {
  const copy = temporaryFolder();
  copyFileSync(databaseIn(folder), databaseIn(copy));
  writeFileSync(`${databaseIn(copy)}-wal`, log);
  const database = await opened(copy);
  const { whole, facts } = await database.verify();
  expect(whole).toBe(true);
  await database.close();
  expect(factsIn(copy)).toEqual(factsUpTo(facts));
  return facts;
}

const telling = [1, 40, 173, 512];
const kills = size('KILLS', telling.length);

/** After how many lines of the writer it is killed: the telling ones first, then any. */
const places = [
  ...telling,
  ...fc.sample(fc.integer({ min: 1, max: 600 }), {
    numRuns: Math.max(kills - telling.length, 0),
    seed: seed() ?? Date.now(),
  }),
].slice(0, kills);

/** A database is killed this often before the next one begins: each is read whole after every kill. */
const killsEach = 20;

describe('SIGKILL', () => {
  const limitMs = Math.max(300_000, kills * 15_000);
  it(
    'loses nothing that was acknowledged and invents nothing, time after time',
    { timeout: limitMs },
    async () => {
      let folder = temporaryFolder();
      for (const [turn, lines] of places.entries()) {
        if (turn % killsEach === 0) folder = temporaryFolder();
        const acknowledged = { fact: 0, draft: 0, submission: 0 };
        let seen = 0;
        const program = spawn(...writer(folder));
        for await (const line of createInterface({ input: program.stdout })) {
          const said = parseSaid(line);
          // What it had acknowledged before is there to go on from.
          if (said['opened'] !== undefined) acknowledged.fact = said['opened'] as number;
          for (const kind of ['fact', 'draft', 'submission'] as const)
            acknowledged[kind] = said[kind] ?? acknowledged[kind];
          seen += 1;
          if (seen === lines) program.kill('SIGKILL');
        }
        const database = await opened(folder);
        const { drafts, submissions, summary } = await database.recollect();
        const storedDraft = drafts[0]?.revision ?? 0;
        const storedSubmission = Number(submissions.at(-1)?.id.split(' ')[1] ?? 0);
        expect(await database.verify()).toMatchObject({
          whole: true,
          facts: summary.facts,
          records: summary.facts,
        });
        expect(summary.facts).toBeGreaterThanOrEqual(acknowledged.fact);
        expect(storedDraft).toBeGreaterThanOrEqual(acknowledged.draft);
        expect(storedSubmission).toBeGreaterThanOrEqual(acknowledged.submission);
        // Only what was under way may be there without having been acknowledged.
        expect(summary.facts).toBeLessThanOrEqual(acknowledged.fact + 1);
        expect(Math.max(storedDraft, storedSubmission)).toBeLessThanOrEqual(summary.facts);
        await database.close();
        expect(factsIn(folder)).toEqual(factsUpTo(summary.facts));
      }
    },
  );

  it('leaves a log that a reader can still read', async () => {
    const folder = temporaryFolder();
    const program = spawn(...writer(folder));
    let last = 0;
    for await (const line of createInterface({ input: program.stdout })) {
      last = parseSaid(line).fact ?? last;
      if (last === 20) program.kill('SIGKILL');
    }
    const [said] = await child(folder, 'read');
    expect(said).toMatchObject({ whole: true });
    expect(said?.['facts']).toBeGreaterThanOrEqual(last);
  });

  it('with a log that was torn or damaged since leaves what came before, whole', async () => {
    const folder = temporaryFolder();
    const program = spawn(...writer(folder));
    for await (const line of createInterface({ input: program.stdout })) {
      if (parseSaid(line).fact === 30) program.kill('SIGKILL');
    }
    const log = readFileSync(`${databaseIn(folder)}-wal`);
    const all = await factsWithLog(folder, log);
    expect(all).toBeGreaterThanOrEqual(30);
    for (const part of [0.1, 0.33, 0.5, 0.77, 0.95]) {
      const place = Math.floor(log.length * part);
      const flipped = Buffer.from(log);
      flipped[place] = (flipped[place] ?? 0) ^ 1;
      expect(await factsWithLog(folder, flipped)).toBeLessThan(all);
      expect(await factsWithLog(folder, log.subarray(0, place))).toBeLessThan(all);
    }
  });
});
