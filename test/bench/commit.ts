import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import Conf from 'conf';
import { trackerOn, type Commit } from './day.ts';
import type { Place } from './place.ts';
import { atLeast, atMost, type Row } from './report.ts';
import { timed } from './timed.ts';
import { copySeed, onDay, openSeeded, type Seed } from './seed.ts';

/** A program that runs all day is not judged by its first minutes. */
const DAYS = 6;
/** It rewrites its whole file each time. */
const REWRITES = 15;
/** Days after today, so that the facts are about conversations the database does not know. */
const TOMORROW = -1;

/**
 * P6: one fact made durable in a full database, against the least a disk can do and against electron-store; and the
 * whole road of a fact, from the feed until it can be shown.
 */
export async function measureCommit(place: Place, seed: Seed): Promise<Row[]> {
  const data = await copySeed(seed, path.join(place.scratch, 'commit'));
  const database = await openSeeded(place, data);
  const bare = await beside(place, factsOf(seed, TOMORROW), ({ entry, changed }) =>
    database.commit(entry, changed),
  );
  let now = 0;
  const tracker = trackerOn(database, () => now);
  await tracker.identified(seed.day.person);
  const road = await beside(place, factsOf(seed, TOMORROW - DAYS), ({ entry }) => {
    now = Date.parse(entry.receivedAt);
    const content = { kind: 'conversation', value: JSON.parse(entry.body) as unknown } as const;
    return tracker.arrived({ ...entry, source: 'rest', content });
  });
  await database.close();

  const stored = `${seed.records} records stored`;
  const common = { id: 'P6', measure: `durable commit of one fact, ${stored}`, unit: 'ms' };
  const floor = { rival: 'append + fdatasync', goal: atMost(2, 1.3) };
  const rewritten = await rewrite(place, seed);
  return [
    { ...common, ...floor, ...bare },
    { ...common, ...floor, ...road, measure: `fact received, reduced and durable, ${stored}` },
    {
      ...common,
      rival: 'electron-store',
      ours: bare.ours.slice(-REWRITES),
      theirs: rewritten,
      goal: atLeast(50, 150),
    },
  ];
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
): Promise<Pick<Row, 'ours' | 'theirs'>> {
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
