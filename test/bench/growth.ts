import { cp, rm, writeFile } from 'node:fs/promises';
import { everything, newestFirst } from '../../domain/review/query.ts';
import { parseQuery } from '../../domain/review/query-parser.ts';
import { say } from '../../build/say.mjs';
import { QUEUES } from '../../electron/feed/simulator/directory.ts';
import type { OpenedDatabase } from '../../electron/store/client.ts';
import { liveThroughADay, type Day } from './day.ts';
import { memoryOf } from './memory.ts';
import { nobody, productOn, type Starter } from './programs.ts';
import type { ScaleLine } from './scale.ts';
import { onDay, openSeeded } from './seed.ts';
import { lastState } from './start.ts';
import { timed } from './timed.ts';
import { volumeOf, volumeStart } from './volume.ts';
import { typedSearches, vocabulary } from './words.ts';
import type { Measured, Workshop } from './workshop.ts';

const starts = 5;
const firstPages = 7;
const commits = 200;
const searches = 8;
const queues = QUEUES.map(({ name }) => name);
/** Rows a window of the list shows, with some above and below. */
const rows = 60;

/** How start, memory, commit, first page and search change with the number of records. */
export async function measureGrowth(workshop: Workshop): Promise<Measured> {
  const { place, sizes } = workshop;
  const day = await liveThroughADay(volumeStart);
  const starter = await workshop.starter();
  const growth: ScaleLine[] = [];
  for (const records of sizes.records) {
    say(`Growth at ${records} records …`);
    const { folder } = await volumeOf(place, day, records);
    const data = workshop.scratch(`growth-${records}`);
    await cp(folder, data, { recursive: true });
    const line = (measure: string, unit: string, ours: readonly number[]): void => {
      growth.push({ measure, unit, records, ours, rivals: {} });
    };
    await leaveOneOpen(workshop, data, day);
    line('spawn to the true last state on screen', 'ms', await startsOf(workshop, starter, data));
    line('memory of all processes, widget open', 'MB', await memories(workshop, starter, data));
    const database = await openSeeded(place, data);
    line('durable commit of one fact', 'ms', await committed(database, day));
    line('search, each letter', 'ms', await typed(database));
    await database.close();
    line('first page of the review, in a new thread', 'ms', await pages(workshop, data));
    await rm(data, { recursive: true });
  }
  return { growth };
}

/** The volume has what was settled; a program that starts shows what was not. */
async function leaveOneOpen({ place }: Workshop, data: string, day: Day): Promise<void> {
  const settled = new Set(day.settled);
  const database = await openSeeded(place, data);
  for (const { entry, changed } of day.commits.filter((commit) => !settled.has(commit))) {
    await database.commit(entry, changed);
  }
  await database.close();
  const preferences = { account: day.person, toldAboutTray: true };
  await writeFile(`${data}/preferences.json`, JSON.stringify(preferences));
}

async function startsOf({ place, sizes }: Workshop, starter: Starter, data: string): Promise<number[]> {
  const ms: number[] = [];
  // The first one fills the caches.
  for (let turn = -1; turn < (sizes.pairs ?? starts); turn += 1) {
    const running = starter.start({ ...productOn(place, data, nobody), watch: lastState });
    const seen = await running.seenAfter();
    await running.stop();
    if (turn >= 0) ms.push(seen);
  }
  return ms;
}

async function memories({ place, sizes }: Workshop, starter: Starter, data: string): Promise<number[]> {
  const product = { ...productOn(place, data, nobody), watch: lastState };
  const megabytes: number[] = [];
  for (let turn = 0; turn < Math.min(sizes.pairs ?? starts, starts); turn += 1) {
    megabytes.push(await memoryOf(starter, product, /^mark: painted/));
  }
  return megabytes;
}

/** Facts of the day after, about conversations the database does not know. */
async function committed(database: OpenedDatabase, day: Day): Promise<number[]> {
  const ms: number[] = [];
  for (const fact of day.commits.slice(0, commits)) {
    const { entry, changed } = onDay(fact, -1);
    ms.push(await timed(() => database.commit(entry, changed)));
  }
  return ms;
}

async function typed(database: OpenedDatabase): Promise<number[]> {
  const ms: number[] = [];
  for (const text of typedSearches(vocabulary(), queues, searches).flat()) {
    const read = parseQuery(text, Date.now());
    if (read.ok) ms.push(await timed(() => database.review.find(read.query, newestFirst, 0, rows)));
  }
  return ms;
}

async function pages({ place }: Workshop, data: string): Promise<number[]> {
  const ms: number[] = [];
  for (let turn = 0; turn < firstPages; turn += 1) {
    const database = await openSeeded(place, data);
    ms.push(await timed(() => database.review.find(everything, newestFirst, 0, rows)));
    await database.close();
  }
  return ms;
}
