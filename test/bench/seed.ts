import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { everything } from '../../domain/review/query.ts';
import { openDatabase, type OpenedDatabase } from '../../electron/store/client.ts';
import { noKeyStore } from '../unit/store/values.ts';
import { resolveKey } from '../../electron/store/key.ts';
import { BUSY_DAY_MS } from '../../electron/feed/simulator/scenarios.ts';
import { AGENT, DIVISION_ID, ORGANIZATION, QUEUES } from '../../electron/feed/simulator/directory.ts';
import { databaseFolder, workerFile } from '../../electron/paths.ts';
import { liveThroughADay, type Commit, type Day } from './day.ts';
import type { Place } from './place.ts';

const DAY_MS = 24 * 3_600_000;
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/g;
const MOMENT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
/** People, queues and codes are the same every day. */
const LASTING: ReadonlySet<string> = new Set([
  AGENT.id,
  ORGANIZATION.id,
  DIVISION_ID,
  ...QUEUES.flatMap(({ id, codes }) => [id, ...codes.map((code) => code.id)]),
]);

/** A data folder as an agent has it after months of work, ready to be copied. */
export interface Seed {
  readonly folder: string;
  readonly records: number;
  readonly facts: number;
  /** How many still ask for the agent. */
  readonly open: number;
  /** The real day the records are clones of. */
  readonly day: Day;
}

/**
 * Fills a data folder with at least `records` records: one real day, and clones of it on the days before,
 * each fact committed through the store's client. Kept below `node_modules/.cache`, because it takes a
 * minute; made again when `version` is another.
 */
export async function seedFolder(place: Place, records: number, version: string): Promise<Seed> {
  const folder = path.join(place.cache, `seed-${records}-${version}`);
  const day = await liveThroughADay(startOfDay());

  const done = path.join(folder, 'seeded');
  if (!existsSync(done)) {
    // Those of other versions too: each is hundreds of MB.
    await rm(place.cache, { recursive: true, force: true });
    await fill(place, folder, day, records);
    await writeFile(done, '');
  }
  const database = await openSeeded(place, folder);
  const { summary, open } = await database.recollect();
  await database.close();
  return { folder, records: summary.records, facts: summary.facts, open: open.length, day };
}

/** Where in a data folder the database is. */
export const databaseFolderIn = (data: string): string => databaseFolder(data, AGENT.id);

/** 32 bytes; made where there is none. */
export async function keyOfSeed(data: string): Promise<Uint8Array> {
  const folder = databaseFolderIn(data);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const resolved = await resolveKey({ folder, keyStore: noKeyStore, preference: 'file', isDemo: false });
  if (resolved.kind !== 'ready') throw new Error(`The key of ${folder} is not to be had.`);
  return resolved.key;
}

/** The database inside such a data folder. */
export async function openSeeded(place: Place, data: string): Promise<OpenedDatabase> {
  const key = await keyOfSeed(data);
  return openDatabase({
    folder: databaseFolderIn(data),
    key,
    workerFile: workerFile(path.join(place.product, 'out')),
  });
}

/** A copy that a run may change. */
export async function copySeed(seed: Seed, to: string): Promise<string> {
  await cp(seed.folder, to, { recursive: true });
  return to;
}

async function fill(place: Place, folder: string, day: Day, records: number): Promise<void> {
  const database = await openSeeded(place, folder);
  const daysBefore = Math.ceil(records / day.records) - 1;
  for (let before = daysBefore; before > 0; before -= 1) {
    // Not awaited one by one: the store's thread answers in order, and the last answer covers the day.
    await Promise.all(
      day.settled.map((commit) => {
        const { entry, changed } = onDay(commit, before);
        return database.commit(entry, changed);
      }),
    );
  }
  for (const { entry, changed } of day.commits) await database.commit(entry, changed);
  // Else the next run would catch up with the listing while it is measured.
  while ((await database.review.count(everything)) < (await database.summary()).records) await wait(100);
  await database.close();
  // The account is known from an earlier run, so that its database is opened at once.
  const preferences = { account: day.person, toldAboutTray: true };
  await writeFile(path.join(folder, 'preferences.json'), JSON.stringify(preferences));
}

/** The same fact `before` days earlier, about another conversation. */
export function onDay(commit: Commit, before: number): Commit {
  return cloned(commit, before);
}

/** The same `before` days earlier, with ids of its own. */
export function cloned<T>(value: T, before: number): T {
  const mark = before.toString(16).padStart(8, '0');
  const text = JSON.stringify(value)
    .replace(UUID, (id, rest: string) => (LASTING.has(id) ? id : `${mark}${rest}`))
    .replace(MOMENT, (moment) => new Date(Date.parse(moment) - before * DAY_MS).toISOString());
  return JSON.parse(text) as T;
}

/** Today's eight hours end now. */
function startOfDay(): number {
  return Date.now() - BUSY_DAY_MS;
}
