import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Communication } from '../../domain/communication/communication.ts';
import { say } from '../../build/say.mjs';
import { putCommunications } from '../../electron/store/communications.ts';
import { openEngine, type Engine } from '../../electron/store/engine.ts';
import { databaseFile } from '../../electron/store/files.ts';
import { listAll } from '../../electron/store/review/listing.ts';
import { readTotals, writeTotals } from '../../electron/store/totals.ts';
import type { Day } from './day.ts';
import type { Place } from './place.ts';
import { cloned, keyOfSeed, databaseFolderIn, openSeeded } from './seed.ts';
import { drawing, someNotes, someone, vocabulary } from './words.ts';

/** Written in one transaction. */
const batch = 5_000;
/** The last of the days, epoch ms; always the same, so that a volume can be kept. */
export const volumeStart = Date.parse('2026-11-23T08:00:00.000Z');

/** What decides how a volume comes out. */
const makers = [
  'electron/store/migrations',
  ...['listing', 'word-index'].map((name) => `electron/store/review/${name}.ts`),
  'electron/store/time-ids.ts',
  'domain/review/record-listing.ts',
  'domain/words/search-words.ts',
  ...['day', 'volume', 'words'].map((name) => `test/bench/${name}.ts`),
];

function versionOf({ root }: Place): string {
  const hash = createHash('sha256');
  for (const maker of makers.map((each) => path.join(root, each))) {
    const files = maker.endsWith('.ts') ? [maker] : readdirSync(maker).map((file) => path.join(maker, file));
    for (const file of files.sort()) hash.update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 12);
}

/** A database with so many records. */
export interface Volume {
  /** A data folder. */
  readonly folder: string;
  readonly records: number;
}

/**
 * A data folder with `records` records: the settled ones of a real day, and clones of them on the days before,
 * each with another peer and other notes. Facts are left out, they would be ten times as much and no review
 * reads them; records and listing are written by the store's own code, without the thread between. Kept below
 * `node_modules/.cache`; made again when what makes it has changed.
 */
export async function volumeOf(place: Place, day: Day, records: number): Promise<Volume> {
  const folder = path.join(place.volumes, String(records));
  const done = path.join(folder, 'seeded');
  const version = versionOf(place);
  const isDone = existsSync(done) && (await readFile(done, 'utf8')) === version;
  if (!isDone) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    // Makes the key and the tables.
    await (await openSeeded(place, folder)).close();
    const key = await keyOfSeed(folder);
    const engine = openEngine(
      databaseFile(databaseFolderIn(folder)),
      Buffer.from(key).toString('hex'),
      false,
    );
    fill(engine, day, records);
    engine.close();
    const database = await openSeeded(place, folder);
    // It is all in the file by now; to sign one with a million records takes longer than closing waits for.
    await database.close().catch(() => undefined);
    await writeFile(done, version);
  }
  return { folder, records };
}

function fill(engine: Engine, day: Day, records: number): void {
  // A seed that a power cut spoils is made again.
  engine.exec('PRAGMA synchronous = OFF');
  const templates = settledOf(day);
  const words = vocabulary();
  const draw = drawing(records);
  const start = performance.now();
  for (let from = 0; from < records; from += batch) {
    engine.transaction(() => {
      for (let at = from; at < Math.min(records, from + batch); at += 1) {
        const template = templates[at % templates.length];
        if (!template) throw new Error('The day has no records.');
        const before = Math.floor(at / templates.length);
        const record = varied(cloned(template, before), someone(words, draw), someNotes(words, draw));
        putCommunications(engine, [record]);
      }
      listAll(engine);
    });
    if (from % 100_000 === 0)
      say(`${from} of ${records} records, ${Math.round(performance.now() - start)} ms`);
  }
  writeTotals(engine, { ...readTotals(engine), records });
}

function settledOf({ settled }: Day): Communication[] {
  return [...new Map(settled.flatMap(({ changed }) => changed.map((each) => [each.key, each]))).values()];
}

function varied(record: Communication, peerName: string, notes: string): Communication {
  const { screenshare, participantWrapup } = record;
  return {
    ...record,
    peerName,
    screenshare: screenshare.wrapup
      ? { ...screenshare, wrapup: { ...screenshare.wrapup, notes } }
      : screenshare,
    ...(participantWrapup ? { participantWrapup: { ...participantWrapup, notes } } : {}),
  };
}
