import { createWriteStream } from 'node:fs';
import { cp, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { everything, newestFirst, type Ordering, type ReviewOrder } from '../../domain/review/query.ts';
import { parseQuery } from '../../domain/review/query-parser.ts';
import { say } from '../../build/say.mjs';
import { QUEUES } from '../../electron/feed/simulator/directory.ts';
import { writeExport } from '../../electron/store/export.ts';
import type { OpenedDatabase } from '../../electron/store/client.ts';
import { databaseFile } from '../../electron/store/files.ts';
import { workerFile } from '../../electron/paths.ts';
import { liveThroughADay, type Day } from './day.ts';
import { buildHolder, startHolder } from './holder.ts';
import type { Place } from './place.ts';
import { decryptedCopy } from './plain.ts';
import { limitMs, Rivals, Samples } from './rivals.ts';
import type { ScaleLine } from './scale.ts';
import { keyOfSeed, databaseFolderIn, onDay, openSeeded } from './seed.ts';
import { timed } from './timed.ts';
import { volumeOf, volumeStart, type Volume } from './volume.ts';
import { drawing, typedSearches, vocabulary } from './words.ts';

/** Rows a window of the list shows, with some above and below. */
const rows = 60;
const searches = 32;
/** Of each way to sort and filter. */
const sortedSearches = 8;
const jumps = 200;
const opens = 7;
const repeats = 5;
const commits = 200;
/** Answers of one that reads its whole file for each. */
const slowAnswers = 3;
/** Days after the last one, so that the facts are about conversations the database does not know. */
const tomorrow = -1;

const namesShown = QUEUES.flatMap(({ name, codes }) => [name, ...codes.map((code) => code.name)]);

/** How a list is looked at while somebody types. */
interface Look {
  readonly measure: string;
  readonly by: Ordering;
  /** In front of what is typed. */
  readonly filter: string;
  readonly searches: number;
}
const looks: readonly Look[] = [
  { measure: 'a letter is typed → its rows', by: 'time', filter: '', searches },
  { measure: '… sorted by Who', by: 'peer', filter: '', searches: sortedSearches },
  { measure: '… sorted by code', by: 'code', filter: '', searches: sortedSearches },
  { measure: '… of one queue', by: 'time', filter: 'queue:billing ', searches: sortedSearches },
  {
    measure: '… of one role, sorted by Who',
    by: 'peer',
    filter: 'role:sharing ',
    searches: sortedSearches,
  },
];
const orderOf = (by: Ordering): ReviewOrder => (by === 'time' ? newestFirst : { by, descending: false });

/** P6 and P7, the part of the store: the same records at several sizes, held in several ways, asked the same. */
export async function measureReview(place: Place, sizes: readonly number[]): Promise<ScaleLine[]> {
  const lines: ScaleLine[] = [];
  const day = await liveThroughADay(volumeStart);
  const holder = await buildHolder(place);
  for (const records of sizes) {
    const volume = await volumeOf(place, day, records);
    // What is committed must not be there in the next run.
    const folder = path.join(place.scratch, 'measured');
    await cp(volume.folder, folder, { recursive: true });
    lines.push(...(await measureVolume(place, day, { records, folder }, holder)));
    await rm(folder, { recursive: true });
  }
  return lines;
}

async function measureVolume(place: Place, day: Day, volume: Volume, program: string): Promise<ScaleLine[]> {
  const { records, folder } = volume;
  say(`Review of ${records} records …`);
  const file = databaseFile(databaseFolderIn(folder));
  const plainFile = path.join(place.scratch, 'plain.db');
  await decryptedCopy(file, Buffer.from(await keyOfSeed(folder)).toString('hex'), plainFile);
  const ndjson = path.join(place.scratch, 'records.ndjson');
  const first = await firstPages(place, volume);
  const database = await openSeeded(place, folder);
  const written = await exports(database, records, ndjson);
  let rivals: Rivals | null = null;
  try {
    rivals = await Rivals.start(place, program, plainFile, ndjson);
    const lines = [
      await firstPage(first, rivals, records),
      ...(await exported(written, rivals, records, path.join(place.scratch, 'exported.ndjson'))),
    ];
    for (const look of looks) lines.push(await typed(database, rivals, look, records));
    lines.push(
      ...(await scrolled(place, volume, program, database, rivals)),
      ...(await figured(database, records)),
      ...(await committed(database, rivals, day, records)),
    );
    return lines;
  } finally {
    await rivals?.close();
    await database.close();
    for (const each of [plainFile, `${plainFile}-wal`, `${plainFile}-shm`, ndjson]) {
      await rm(each, { force: true });
    }
  }
}

/** Ms of a thread that has just been started, over a file nobody has read. */
async function firstPages(place: Place, { folder }: Volume): Promise<number[]> {
  const ours: number[] = [];
  for (let turn = 0; turn < opens; turn += 1) {
    const database = await openSeeded(place, folder);
    ours.push(await timed(() => database.review.find(everything, newestFirst, 0, rows)));
    await database.close();
  }
  return ours;
}

async function firstPage(ours: readonly number[], rivals: Rivals, records: number): Promise<ScaleLine> {
  const samples = new Samples();
  for (let turn = 0; turn < slowAnswers; turn += 1) await rivals.ask(samples, { ask: 'first', count: rows });
  const measure = 'first page, opened for it (ours: in a new thread)';
  return { measure, unit: 'ms', records, ours, rivals: rivals.told(samples) };
}

interface Written {
  readonly ms: readonly number[];
  readonly bytes: number;
  /** MB it added at most. */
  readonly added: number;
}

/** As often as is reasonable: a million takes minutes. */
const exportsOf = (records: number): number => (records >= 1_000_000 ? 1 : 3);

async function exports(database: OpenedDatabase, records: number, file: string): Promise<Written> {
  const ms: number[] = [];
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  for (let turn = 0; turn < exportsOf(records); turn += 1) {
    const to = createWriteStream(file);
    const all = database.review.records(everything);
    ms.push(await timed(() => writeExport(all, to, { format: 'ndjson', maskKey: null })));
    to.end();
  }
  clearInterval(watch);
  const { size } = await stat(file);
  return { ms, bytes: size, added: (most - before) / 2 ** 20 };
}

async function exported(
  { ms, bytes, added }: Written,
  rivals: Rivals,
  records: number,
  file: string,
): Promise<ScaleLine[]> {
  const samples = new Samples();
  for (let turn = 0; turn < exportsOf(records); turn += 1) await rivals.ask(samples, { ask: 'export', file });
  await rm(file, { force: true });
  const line = (measure: string, unit: string, ours: readonly number[]): ScaleLine => ({
    measure,
    unit,
    records,
    ours,
    rivals: {},
  });
  const each = (many: number) => (took: number) => many / took;
  const told = Object.entries(rivals.told(samples)).map(([name, rival]) => [
    name,
    'samples' in rival ? { samples: rival.samples.map(each(records)) } : rival,
  ]);
  return [
    {
      ...line('export as NDJSON', 'records/ms', ms.map(each(records))),
      rivals: Object.fromEntries(told) as ScaleLine['rivals'],
    },
    line('export as NDJSON', 'MB/s', ms.map(each((bytes / 2 ** 20) * 1_000))),
    line('memory an export adds at most', 'MB', [added]),
  ];
}

/** The same keystrokes for everybody, in turns. */
async function typed(
  database: OpenedDatabase,
  rivals: Rivals,
  look: Look,
  records: number,
): Promise<ScaleLine> {
  const { by, filter, measure } = look;
  const order = orderOf(by);
  const ours: number[] = [];
  const samples = new Samples();
  // Somebody has looked at the list before they type.
  await database.review.find(everything, order, 0, rows);
  for (const text of typedSearches(vocabulary(), namesShown, look.searches).flat()) {
    const read = parseQuery(filter + text, Date.now());
    if (!read.ok) throw new Error(`${text}: ${read.problem}`);
    const { query } = read;
    ours.push(await timed(() => database.review.find(query, order, 0, rows)));
    const question = { ask: 'search', text: filter + text, by, count: rows } as const;
    await rivals.ask(samples, question, samples.namesFor(slowAnswers));
  }
  const goal = records >= 1_000_000 ? 33 : 16;
  return { id: 'P7', measure, unit: 'ms', records, ours, goal, rivals: rivals.told(samples) };
}

/** Somebody drags the scroll bar to anywhere; meanwhile, how much memory the process of each has. */
async function scrolled(
  place: Place,
  { folder, records }: Volume,
  program: string,
  database: OpenedDatabase,
  rivals: Rivals,
): Promise<ScaleLine[]> {
  const keyHex = Buffer.from(await keyOfSeed(folder)).toString('hex');
  const file = workerFile(path.join(place.product, 'out'));
  // Of ours, too, a process that does nothing else.
  const what = { kind: 'database', file, folder: databaseFolderIn(folder), keyHex } as const;
  const alone = await startHolder(place, program, what, limitMs);
  const draw = drawing(7);
  const ours: number[] = [];
  const megabytes: number[] = [];
  const samples = new Samples();
  try {
    for (const text of typedSearches(vocabulary(), namesShown, sortedSearches).flat()) {
      await alone.ask({ ask: 'search', text, by: 'time', count: rows });
    }
    for (let turn = 0; turn < jumps; turn += 1) {
      const from = Math.floor(draw() * Math.max(1, records - rows));
      const question = { ask: 'page', from, count: rows } as const;
      ours.push(await timed(() => database.review.find(everything, newestFirst, from, rows)));
      await alone.ask(question);
      megabytes.push(alone.megabytes());
      await rivals.ask(samples, question, samples.namesFor(slowAnswers));
    }
    const problem = alone.problem();
    if (problem !== null) throw new Error(`The database could not be measured: ${problem}`);
  } finally {
    await alone.close();
  }
  return [
    { measure: 'scrolled to anywhere → its rows', unit: 'ms', records, ours, rivals: rivals.told(samples) },
    {
      measure: 'memory of a process while it is searched and scrolled',
      unit: 'MB',
      records,
      ours: megabytes,
      rivals: rivals.told(samples, 'megabytes'),
    },
  ];
}

async function figured(database: OpenedDatabase, records: number): Promise<ScaleLine[]> {
  const lines: ScaleLine[] = [];
  const line = async (measure: string, work: () => Promise<unknown>): Promise<void> => {
    const ours: number[] = [];
    for (let turn = 0; turn < repeats; turn += 1) ours.push(await timed(work));
    lines.push({ measure, unit: 'ms', records, ours, rivals: {} });
  };
  const screen = { ...everything, words: ['screen'] };
  await line('chart by day', () => database.review.figures(everything, 'day'));
  await line('chart by queue', () => database.review.figures(everything, 'queue'));
  await line('chart by day of what is found', () => database.review.figures(screen, 'day'));
  return lines;
}

/** P6: facts of a new day made durable; then its records are opened, with the facts about them. */
async function committed(
  database: OpenedDatabase,
  rivals: Rivals,
  day: Day,
  records: number,
): Promise<ScaleLine[]> {
  const steps = day.commits.slice(0, commits).map((commit) => onDay(commit, tomorrow));
  const durable: number[] = [];
  const writing = new Samples();
  for (const { entry, changed } of steps) {
    durable.push(await timed(() => database.commit(entry, changed)));
    const text = JSON.stringify([entry, changed]);
    await rivals.ask(writing, { ask: 'commit', text }, writing.namesFor(slowAnswers));
  }
  const opened: number[] = [];
  const opening = new Samples();
  for (const key of new Set(steps.flatMap(({ changed }) => changed.map((each) => each.key)))) {
    opened.push(await timed(() => Promise.all([database.review.record(key), database.review.facts(key, 0)])));
    await rivals.ask(opening, { ask: 'open', key }, ['SQLite, unencrypted']);
  }
  const common = { unit: 'ms', records };
  const { 'SQLite, unencrypted': sqlite } = rivals.told(opening);
  return [
    {
      ...common,
      id: 'P6',
      measure: 'durable commit of one fact',
      ours: durable,
      rivals: rivals.told(writing),
    },
    {
      ...common,
      measure: 'a record is opened, with its facts',
      ours: opened,
      rivals: sqlite ? { 'SQLite, unencrypted': sqlite } : {},
    },
  ];
}
