import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import Conf from 'conf';
import { trackerOn } from '../unit/tracker/tracker-on.ts';
import type { Commit } from './day.ts';
import { databaseFile } from '../../electron/store/files.ts';
import { goals } from './goals.mjs';
import { buildHolder, startHolder } from './holder.ts';
import type { Place } from './place.ts';
import { decryptedCopy } from './plain.ts';
import { readingOf, type Reading } from './report.ts';
import { limitMs } from './rivals.ts';
import { copySeed, databaseFolderIn, keyOfSeed, onDay, openSeeded, type Seed } from './seed.ts';
import { timed } from './timed.ts';
import type { Measured, Workshop } from './workshop.ts';

/** A program that runs all day is not judged by its first minutes. */
const DAYS = 6;
const PLAIN_FACTS = 500;
/** It rewrites its whole file each time. */
const REWRITES = 15;
/** Days after today, so that the facts are about conversations the database does not know. */
const TOMORROW = -1;

/**
 * P6: one fact made durable in a full database, against the least a disk can do, against electron-store and against the
 * same engine without a key; and the whole road of a fact, from the feed until it can be shown.
 */
export async function measureCommit(workshop: Workshop): Promise<Measured> {
  const { place } = workshop;
  const seed = await workshop.seed();
  const data = await copySeed(seed, workshop.scratch('commit'));
  const plainFile = workshop.scratch('plain.db');
  await decryptedCopy(
    databaseFile(databaseFolderIn(data)),
    Buffer.from(await keyOfSeed(data)).toString('hex'),
    plainFile,
  );
  const database = await openSeeded(place, data);
  const commit = ({ entry, changed }: Commit): Promise<unknown> => database.commit(entry, changed);
  const bare = await beside(place, factsOf(seed, TOMORROW), commit);
  let now = 0;
  const tracker = trackerOn(database, () => now);
  await tracker.identified(seed.day.person);
  const road = await beside(place, factsOf(seed, TOMORROW - DAYS), ({ entry }) => {
    now = Date.parse(entry.receivedAt);
    const content = { kind: 'conversation', value: JSON.parse(entry.body) as unknown } as const;
    return tracker.arrived({ ...entry, source: 'rest', content });
  });
  const plain = await besidePlain(place, plainFile, factsOf(seed, TOMORROW - 2 * DAYS), commit);
  await database.close();

  const rewritten = await rewrite(place, seed);
  const { id, measure, unit } = goals.commit;
  return {
    readings: [
      readingOf('commit', bare),
      readingOf('commitRoad', road),
      readingOf('commitRewrite', { ours: bare.ours.slice(-REWRITES), theirs: rewritten }),
      { id, measure, unit, rival: 'SQLite, unencrypted', ...plain },
    ],
  };
}

/** The facts of several days, the last of them first. */
function factsOf(seed: Seed, from: number): Commit[] {
  const days = Array.from({ length: DAYS }, (_, day) => from - day);
  return days.flatMap((day) => seed.day.commits.map((commit) => onDay(commit, day)));
}

/** Each fact our way, and then as a line of a file: in turns, so that the disk is the same for both. */
async function beside(
  place: Place,
  facts: readonly Commit[],
  work: (fact: Commit) => Promise<unknown>,
): Promise<Pick<Reading, 'ours' | 'theirs'>> {
  const log = openSync(path.join(place.scratch, 'commit.log'), 'a');
  const ours: number[] = [];
  const theirs: number[] = [];
  for (const fact of facts) {
    ours.push(await timed(() => work(fact)));
    const text = `${JSON.stringify(fact)}\n`;
    theirs.push(
      await timed(() => {
        writeSync(log, text);
        fdatasyncSync(log);
      }),
    );
  }
  closeSync(log);
  return { ours, theirs };
}

/** Each fact our way, and then by the store's own code over the same file without its key, without the thread between. */
async function besidePlain(
  place: Place,
  file: string,
  facts: readonly Commit[],
  work: (fact: Commit) => Promise<unknown>,
): Promise<Pick<Reading, 'ours' | 'theirs'>> {
  const plain = await startHolder(place, await buildHolder(place), { kind: 'plain', file }, limitMs);
  const ours: number[] = [];
  const theirs: number[] = [];
  try {
    for (const fact of facts.slice(0, PLAIN_FACTS)) {
      ours.push(await timed(() => work(fact)));
      const ms = await plain.ask({ ask: 'commit', text: JSON.stringify([fact.entry, fact.changed]) });
      if (ms === null) throw new Error(`SQLite without a key: ${plain.problem() ?? 'no answer'}`);
      theirs.push(ms);
    }
  } finally {
    await plain.close();
  }
  return { ours, theirs };
}

/** The same records in `conf`, which is what electron-store writes its file with outside of Electron too. */
async function rewrite(place: Place, seed: Seed): Promise<number[]> {
  const store = new Conf<Record<string, unknown>>({
    cwd: place.scratch,
    configName: 'records',
    projectName: 'bench',
    accessPropertiesByDotNotation: false,
  });
  const latest = new Map(seed.day.commits.flatMap(({ changed }) => changed.map((each) => [each.key, each])));
  const records = [...latest.values()];
  const filled = Array.from({ length: seed.records }, (_, at) => [`${at}`, records[at % records.length]]);
  store.store = Object.fromEntries(filled) as Record<string, unknown>;
  const taken: number[] = [];
  for (let at = 0; at < REWRITES; at += 1) {
    taken.push(await timed(() => store.set(`new ${at}`, records[at % records.length])));
  }
  return taken;
}
