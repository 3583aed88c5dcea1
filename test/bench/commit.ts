import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import Conf from 'conf';
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

/** P6: one fact made durable in a full database, against the least a disk can do and against electron-store. */
export async function measureCommit(place: Place, seed: Seed): Promise<Row[]> {
  const data = await copySeed(seed, path.join(place.scratch, 'commit'));
  const days = Array.from({ length: DAYS }, (_, day) => TOMORROW - day);
  const facts = days.flatMap((day) => seed.day.commits.map((commit) => onDay(commit, day)));
  const database = await openSeeded(place, data);
  const log = openSync(path.join(place.scratch, 'commit.log'), 'a');
  const ours: number[] = [];
  const floor: number[] = [];
  for (const { entry, changed } of facts) {
    ours.push(await timed(() => database.commit(entry, changed)));
    const text = `${JSON.stringify({ entry, changed })}\n`;
    floor.push(
      await timed(() => {
        writeSync(log, text);
        fdatasyncSync(log);
      }),
    );
  }
  closeSync(log);
  await database.close();

  const measure = `durable commit of one fact, ${seed.records} records stored`;
  const common = { id: 'P6', measure, unit: 'ms' };
  const rewritten = await rewrite(place, seed);
  return [
    { ...common, rival: 'append + fdatasync', ours, theirs: floor, goal: atMost(2, 1.3) },
    {
      ...common,
      rival: 'electron-store',
      ours: ours.slice(-REWRITES),
      theirs: rewritten,
      goal: atLeast(50, 150),
    },
  ];
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
