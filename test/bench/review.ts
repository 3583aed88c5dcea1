import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { everything, newestFirst, type ReviewQuery } from '../../domain/review/query.ts';
import { readQuery } from '../../domain/review/read-query.ts';
import { say } from '../../build/say.mjs';
import { QUEUES } from '../../electron/feed/simulator/directory.ts';
import { writeExport } from '../../electron/store/export.ts';
import type { OpenedMemory } from '../../electron/store/client.ts';
import { memoryFile } from '../../electron/store/files.ts';
import { find } from '../../electron/store/review/review.ts';
import { liveThroughADay } from './day.ts';
import { buildHolder, startHolder, type Holder, type Question } from './holder.ts';
import { workerFile } from '../../electron/wiring/paths.ts';
import type { Place } from './place.ts';
import { decryptedCopy, openPlain } from './plain.ts';
import { keyOfSeed, memoryIn, openSeeded } from './seed.ts';
import type { ScaleLine } from './scale.ts';
import { volumeOf, volumeStart, type Volume } from './volume.ts';
import { drawing, typedSearches, vocabulary } from './words.ts';

/** Rows a window of the list shows, with some above and below. */
const rows = 60;
const searches = 32;
const jumps = 200;
const opens = 7;
const repeats = 5;
/** A rival that takes longer for one answer is left behind. */
const limitMs = 120_000;
/** It reads its whole file for each answer. */
const confAnswers = 8;

const namesShown = QUEUES.flatMap(({ name, codes }) => [name, ...codes.map((code) => code.name)]);

/** P7, the part of the store: the same records at several sizes, held in several ways, asked the same. */
export async function measureReview(place: Place, sizes: readonly number[]): Promise<ScaleLine[]> {
  const lines: ScaleLine[] = [];
  const day = await liveThroughADay(volumeStart);
  const holder = await buildHolder(place);
  for (const records of sizes) {
    const volume = await volumeOf(place, day, records);
    lines.push(...(await measureVolume(place, volume, holder)));
  }
  return lines;
}

async function measureVolume(place: Place, volume: Volume, program: string): Promise<ScaleLine[]> {
  const { records, folder } = volume;
  say(`Review of ${records} records …`);
  const file = memoryFile(memoryIn(folder));
  const plainFile = path.join(place.scratch, 'plain.db');
  await decryptedCopy(file, Buffer.from(await keyOfSeed(folder)).toString('hex'), plainFile);
  const ndjson = path.join(place.scratch, 'records.ndjson');
  const lines = [await firstPage(place, volume), ...(await exported(place, volume, ndjson))];
  const own = await ownMemory(place, volume, program);

  const plain = openPlain(plainFile);
  const memory = await openSeeded(place, folder);
  const holders: Holder[] = [];
  try {
    for (const kind of ['scan', 'conf'] as const) {
      holders.push(await startHolder(place, program, { kind, file: ndjson }, limitMs));
    }
    const [scan, conf] = holders;
    if (!scan || !conf) throw new Error('There are two rivals.');
    const ask = { memory, plain, scan, conf };
    lines.push(await typed(ask, records), await scrolled(ask, records), ...(await figured(memory, records)));
    lines.push({
      measure: 'memory of a process that has them searched and scrolled',
      unit: 'MB',
      records,
      ours: [own],
      rivals: { 'plain JavaScript': heldBy(scan), 'electron-store': heldBy(conf) },
    });
  } finally {
    for (const each of holders) await each.close();
    plain.close();
    await memory.close();
    await rm(plainFile, { force: true });
    await rm(ndjson, { force: true });
  }
  return lines;
}

/** MB of a process that does what the rivals' do, once it has been typed into and scrolled about. */
async function ownMemory(place: Place, { folder, records }: Volume, program: string): Promise<number> {
  const keyHex = Buffer.from(await keyOfSeed(folder)).toString('hex');
  const file = workerFile(path.join(place.product, 'out'));
  const holder = await startHolder(
    place,
    program,
    { kind: 'memory', file, folder: memoryIn(folder), keyHex },
    limitMs,
  );
  const draw = drawing(8);
  for (const text of typedSearches(vocabulary(), namesShown, searches).flat()) {
    await holder.ask({ search: [text, rows] });
  }
  for (let turn = 0; turn < jumps; turn += 1) {
    await holder.ask({ page: [Math.floor(draw() * Math.max(1, records - rows)), rows] });
  }
  const megabytes = holder.megabytes();
  const problem = holder.problem();
  await holder.close();
  if (problem !== null) throw new Error(`The memory could not be measured: ${problem}`);
  return megabytes;
}

interface Asked {
  readonly memory: OpenedMemory;
  readonly plain: ReturnType<typeof openPlain>;
  readonly scan: Holder;
  readonly conf: Holder;
}

const heldBy = (holder: Holder): ScaleLine['rivals'][string] =>
  holder.problem() === null ? { samples: [holder.megabytes()] } : { problem: holder.problem() ?? '' };

/** A thread that has just been started, over a file nobody has read. */
async function firstPage(place: Place, { folder, records }: Volume): Promise<ScaleLine> {
  const ours: number[] = [];
  for (let turn = 0; turn < opens; turn += 1) {
    const memory = await openSeeded(place, folder);
    ours.push(await timed(() => memory.review.find(everything, newestFirst, 0, rows)));
    await memory.close();
  }
  return { measure: 'first page, its thread started for it', unit: 'ms', records, ours, rivals: {} };
}

async function exported(place: Place, { folder, records }: Volume, file: string): Promise<ScaleLine[]> {
  const memory = await openSeeded(place, folder);
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  const to = createWriteStream(file);
  const ms = await timed(() =>
    writeExport(memory.review.records(everything), to, { format: 'ndjson', redact: false }),
  );
  to.end();
  clearInterval(watch);
  await memory.close();
  const { size } = await stat(file);
  const line = (measure: string, unit: string, value: number): ScaleLine => ({
    measure,
    unit,
    records,
    ours: [value],
    rivals: {},
  });
  return [
    line('export as NDJSON', 'records/ms', records / ms),
    line('export as NDJSON', 'MB/s', size / 2 ** 20 / (ms / 1_000)),
    line('memory an export adds at most', 'MB', (most - before) / 2 ** 20),
  ];
}

function queryOf(text: string): ReviewQuery {
  const read = readQuery(text, Date.now());
  if (!read.ok) throw new Error(`${text}: ${read.problem}`);
  return read.query;
}

/** The same keystrokes for everybody, in turns. */
async function typed({ memory, plain, scan, conf }: Asked, records: number): Promise<ScaleLine> {
  const ours: number[] = [];
  const theirs = { 'without encryption': [] as number[], 'plain JavaScript': [] as number[] };
  const confs: number[] = [];
  // Somebody has looked at the list before they type.
  await memory.review.find(everything, newestFirst, 0, rows);
  for (const text of typedSearches(vocabulary(), namesShown, searches).flat()) {
    const query = queryOf(text);
    const question: Question = { search: [text, rows] };
    ours.push(await timed(() => memory.review.find(query, newestFirst, 0, rows)));
    theirs['without encryption'].push(await timed(() => find(plain, query, newestFirst, 0, rows)));
    const scanned = await scan.ask(question);
    if (scanned !== null) theirs['plain JavaScript'].push(scanned);
    if (confs.length < confAnswers) {
      const answered = await conf.ask(question);
      if (answered !== null) confs.push(answered);
    }
  }
  return {
    id: 'P7',
    measure: 'a letter is typed → its rows (painting them is not in it)',
    unit: 'ms',
    records,
    ours,
    goal: records >= 1_000_000 ? 33 : 16,
    rivals: {
      'without encryption': { samples: theirs['without encryption'] },
      'plain JavaScript': answers(scan, theirs['plain JavaScript']),
      'electron-store': answers(conf, confs),
    },
  };
}

const answers = (holder: Holder, samples: readonly number[]): ScaleLine['rivals'][string] =>
  samples.length > 0 ? { samples } : { problem: holder.problem() ?? 'not asked' };

/** Somebody drags the scroll bar to anywhere. */
async function scrolled({ memory, plain, scan, conf }: Asked, records: number): Promise<ScaleLine> {
  const draw = drawing(7);
  const ours: number[] = [];
  const plains: number[] = [];
  const scans: number[] = [];
  const confs: number[] = [];
  for (let turn = 0; turn < jumps; turn += 1) {
    const from = Math.floor(draw() * Math.max(1, records - rows));
    ours.push(await timed(() => memory.review.find(everything, newestFirst, from, rows)));
    plains.push(await timed(() => find(plain, everything, newestFirst, from, rows)));
    const scanned = await scan.ask({ page: [from, rows] });
    if (scanned !== null) scans.push(scanned);
    const answered = confs.length < confAnswers ? await conf.ask({ page: [from, rows] }) : null;
    if (answered !== null) confs.push(answered);
  }
  return {
    measure: 'scrolled to anywhere → its rows',
    unit: 'ms',
    records,
    ours,
    rivals: {
      'without encryption': { samples: plains },
      'plain JavaScript': answers(scan, scans),
      'electron-store': answers(conf, confs),
    },
  };
}

async function figured(memory: OpenedMemory, records: number): Promise<ScaleLine[]> {
  const lines: ScaleLine[] = [];
  const line = async (measure: string, work: () => Promise<unknown>): Promise<void> => {
    const ours: number[] = [];
    for (let turn = 0; turn < repeats; turn += 1) ours.push(await timed(work));
    lines.push({ measure, unit: 'ms', records, ours, rivals: {} });
  };
  await line('chart by day', () => memory.review.figures(everything, 'day'));
  await line('chart by queue', () => memory.review.figures(everything, 'queue'));
  await line('chart by day of what is found', () => memory.review.figures(queryOf('screen'), 'day'));
  return lines;
}

/** Ms. */
async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
