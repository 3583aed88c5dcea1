import { readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { say } from '../../build/say.mjs';
import { startSimulator, type RunningSimulator } from '../../electron/feed/simulator/server.ts';
import { openJournal, type Journal } from './journal.ts';
import { isLive } from './memory.ts';
import { productOn, type Running } from './programs.ts';
import { treeOf, treePss } from './pss.ts';
import { readingOf } from './report.ts';
import { keyOfSeed } from './seed.ts';
import type { Measured, Workshop } from './workshop.ts';

const dayMs = 8 * 3_600_000;
const sharesOfADay = 500;
/** What the first shares load and open stays: the morning is after them. */
const untilMorning = 30;
/** What these write is what the file is calculated from. */
const untilNoon = 100;
/** Connections nobody uses are closed by then, ms. */
const settledMs = 8_000;
const looks = 5;

/** By kind. */
type Counts = Readonly<Record<string, number>>;

/** How a program is at one moment of the day. */
interface State {
  readonly megabytes: readonly number[];
  readonly handles: Counts;
  readonly listeners: Counts;
  readonly fileMegabytes: number;
}

/**
 * P11: 8 hours of the server's time with 500 shares, each answered, shared, ended and wrapped up in the program. The
 * evening against the morning, and the file against what the shares before noon needed each.
 */
export async function measureWorkday(workshop: Workshop): Promise<Measured> {
  const { place, sizes } = workshop;
  const starter = await workshop.starter();
  const data = workshop.scratch('workday');
  await keyOfSeed(data);
  const start = Date.now() - dayMs;
  const server = await startSimulator({ scenario: 'idle', speed: 0, rateLimit: Infinity, now: () => start });
  const product = starter.start(productOn(place, data, server, ['--key', 'file']));
  const shares = Math.max(sizes.shares ?? sharesOfADay, 2 * untilNoon);
  try {
    await product.line(isLive);
    const journal = await openJournal(data);
    const play = async (from: number, to: number): Promise<void> => {
      for (let share = from; share < to; share += 1) await playShare(product, server, share, dayMs / shares);
    };
    await play(0, untilMorning);
    const morning = await stateOf(product, journal);
    await play(untilMorning, untilNoon);
    const each = (await stateOf(product, journal)).fileMegabytes - morning.fileMegabytes;
    await play(untilNoon, shares);
    const evening = await stateOf(product, journal);
    journal.close();
    const calculated = morning.fileMegabytes + (each / (untilNoon - untilMorning)) * (shares - untilMorning);
    return {
      readings: [
        readingOf('workdayMemory', { ours: evening.megabytes, theirs: morning.megabytes }),
        readingOf('workdayHandles', { ours: [grown('handle', morning.handles, evening.handles)] }),
        readingOf('workdayListeners', { ours: [grown('listener', morning.listeners, evening.listeners)] }),
        readingOf('workdayFile', { ours: [evening.fileMegabytes], theirs: [calculated] }),
      ],
    };
  } finally {
    await product.stop();
    await server.close();
  }
}

async function playShare(
  product: Running,
  { control }: RunningSimulator,
  share: number,
  lastsMs: number,
): Promise<void> {
  const shown = async (state: RegExp, act: () => void): Promise<void> => {
    product.forgetLines();
    act();
    await product.line(state);
    control.advance(lastsMs / 8);
  };
  let id = '';
  await shown(/^state: Incoming/, () => (id = control.begin({ policy: 'mandatory' }).conversationId));
  await shown(/^state: Connected/, () => control.answer(id));
  await shown(/^state: You are sharing/, () => control.startSharing(1, id));
  await shown(/^state: Connected/, () => control.stopSharing(id));
  await shown(/^state: Wrap up/, () => control.disconnect('peer', id));
  const filed = control.when(({ wrapups }) => wrapups.some(({ conversationId }) => conversationId === id));
  await product.ask({ ask: 'page', code: wrapUp(`Share ${share} of the day, explained twice.`) });
  await filed;
  control.advance((3 * lastsMs) / 8);
}

/** In the page, as an agent does it: a code, a note, Done. */
const wrapUp = (notes: string): string => `(async () => {
  const found = async (find) => {
    for (;;) {
      const element = find();
      if (element) return element;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  (await found(() => document.querySelector('[role=option]'))).click();
  const box = await found(() => document.querySelector('textarea'));
  box.value = ${JSON.stringify(notes)};
  box.dispatchEvent(new Event('input', { bubbles: true }));
  const isDone = ({ textContent, disabled }) => textContent.includes('Done') && !disabled;
  (await found(() => [...document.querySelectorAll('button')].find(isDone))).click();
})()`;

async function stateOf(product: Running, journal: Journal): Promise<State> {
  await wait(settledMs);
  const listeners = (await product.ask({ ask: 'listeners' })) as Counts;
  const megabytes: number[] = [];
  for (let look = 0; look < looks; look += 1) {
    await wait(1_000);
    megabytes.push(treePss(product.pid));
  }
  return { megabytes, handles: handlesOf(product.pid), listeners, fileMegabytes: journal.bytes() / 2 ** 20 };
}

/** How many more there are in all; says of which kind. */
function grown(what: string, before: Counts, after: Counts): number {
  const kinds = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changes = kinds
    .map((kind) => ({ kind, more: (after[kind] ?? 0) - (before[kind] ?? 0) }))
    .filter(({ more }) => more !== 0);
  for (const { kind, more } of changes) say(`${what} ${kind}: ${more > 0 ? '+' : ''}${more}`);
  return changes.reduce((sum, { more }) => sum + more, 0);
}

/** Files and sockets that the process and everything below it hold open. */
function handlesOf(pid: number): Counts {
  const counts: Record<string, number> = {};
  for (const each of treeOf(pid)) {
    const folder = `/proc/${each}/fd`;
    for (const handle of readdirSync(folder)) {
      const kind = kindOf(`${folder}/${handle}`);
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }
  return counts;
}

/** The name of a file; of a socket, or of what else there is, without its number. */
function kindOf(handle: string): string {
  try {
    return path.basename(readlinkSync(handle)).replace(/:\[\d+\]$/, '');
  } catch {
    return 'closed meanwhile';
  }
}
