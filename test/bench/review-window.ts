import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import type { Runtime } from '../../build/runtime/official.mjs';
import { say } from '../../build/say.mjs';
import { AGENT, QUEUES } from '../../electron/feed/simulator/directory.ts';
import { startDesktop, type Desktop } from '../desktop/desktop.mjs';
import { liveThroughADay } from './day.ts';
import { drive, pidOf } from './drive.ts';
import type { Place } from './place.ts';
import { treePss } from './pss.ts';
import type { ScaleLine } from './scale.ts';
import { volumeOf, volumeStart } from './volume.ts';
import { typedSearches, vocabulary } from './words.ts';

const searches = 12;
/** Memory is looked at after each of them. */
const rounds = 10;
const jumpsOfRound = 15;
/** A fast typist; while they think of the next letter the window may count. */
const betweenKeysMs = 90;
/** The server is not there: what is shown can only come from the database. */
const nobody = 'http://127.0.0.1:9';
/** P7: the most that 95 of 100 keystrokes may take, in ms. */
const goalOf = (records: number): number => (records <= 100_000 ? 33 : 250);

/** P7, the part a person sees: the real window over databases of several sizes, typed into and scrolled. */
export async function measureReviewWindow(
  place: Place,
  runtime: Runtime,
  sizes: readonly number[],
): Promise<ScaleLine[]> {
  const day = await liveThroughADay(volumeStart);
  const desktop = await startDesktop({ keyring: false });
  const lines: ScaleLine[] = [];
  try {
    for (const records of sizes) {
      const { folder } = await volumeOf(place, day, records);
      const data = path.join(place.scratch, `window-${records}`);
      await cp(folder, data, { recursive: true });
      // The account is known from an earlier run, so that its database is opened at once.
      const preferences = { account: { id: AGENT.id, name: AGENT.name }, toldAboutTray: true };
      await writeFile(path.join(data, 'preferences.json'), JSON.stringify(preferences));
      say(`Review window over ${records} records …`);
      lines.push(...(await measureOne(place, runtime, desktop, data, records)));
    }
  } finally {
    await desktop.close();
  }
  return lines;
}

async function measureOne(
  place: Place,
  runtime: Runtime,
  desktop: Desktop,
  data: string,
  records: number,
): Promise<ScaleLine[]> {
  const args = ['--user-data-dir', data, '--feed', 'genesys', '--api', nobody];
  const app = await drive(place, runtime, desktop, args, 'bench');
  try {
    const page = await openReview(app, records);
    const line = (measure: string, unit: string, ours: readonly number[]): ScaleLine => ({
      measure,
      unit,
      records,
      ours,
      rivals: {},
    });
    const typed = await page.evaluate(typeAll, { texts: searchesFor(), betweenKeysMs });
    const before = treePss(pidOf(app));
    const scrolled: number[] = [];
    const added: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const jumps = { count: jumpsOfRound, seed: round + 7 };
      scrolled.push(...(await page.evaluate(jumpAll, jumps)));
      added.push(treePss(pidOf(app)) - before);
    }
    return [
      { ...line('keystroke to rows painted', 'ms', typed), id: 'P7', goal: goalOf(records) },
      line('jump in the list to rows painted', 'ms', scrolled),
      line('memory of the program that jumps add', 'MB', added),
    ];
  } finally {
    await app.close();
  }
}

function searchesFor(): string[][] {
  const names = QUEUES.flatMap(({ name, codes }) => [name, ...codes.map((code) => code.name)]);
  return typedSearches(vocabulary(), names, searches);
}

/** The review window once it has counted everything. */
async function openReview(app: ElectronApplication, records: number): Promise<Page> {
  const widget = await app.firstWindow();
  await widget.getByRole('status', { name: 'Share status' }).waitFor();
  const opened = app.waitForEvent('window');
  await widget.keyboard.press('Control+Shift+R');
  const page = await opened;
  await page.locator(`[role=grid][aria-rowcount="${records + 1}"]`).waitFor({ timeout: 60_000 });
  return page;
}

/**
 * In the page: types one letter after the other, and tells for each how many ms went by until a frame with its
 * rows was on the screen.
 */
async function typeAll({
  texts,
  betweenKeysMs: pause,
}: {
  texts: string[][];
  betweenKeysMs: number;
}): Promise<number[]> {
  const input = document.querySelector<HTMLInputElement>('input[type=search]');
  const grid = document.querySelector<HTMLElement>('[role=grid]');
  if (!input || !grid) throw new Error('This is not the review.');
  const painted = (): Promise<void> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve();
        port2.postMessage(null);
      });
    });
  const found = (): Promise<void> =>
    new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        observer.disconnect();
        resolve();
      });
      observer.observe(grid, { attributes: true, attributeFilter: ['data-search'] });
    });
  const type = async (text: string): Promise<number> => {
    const rows = found();
    const start = performance.now();
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await rows;
    await painted();
    return performance.now() - start;
  };
  const samples: number[] = [];
  for (const text of texts.flat()) {
    samples.push(await type(text));
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  await type('');
  return samples;
}

/** In the page: puts the scroll bar anywhere, and tells for each jump when its rows were on the screen. */
async function jumpAll({ count, seed: start }: { count: number; seed: number }): Promise<number[]> {
  const grid = document.querySelector<HTMLElement>('[role=grid]');
  if (!grid) throw new Error('This is not the review.');
  const frame = (): Promise<void> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve();
        port2.postMessage(null);
      });
    });
  const samples: number[] = [];
  let seed = start;
  for (let turn = 0; turn < count; turn += 1) {
    // The same places in every run.
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    const start = performance.now();
    grid.scrollTop = (seed / 0x7fffffff) * (grid.scrollHeight - grid.clientHeight);
    do await frame();
    while (grid.getAttribute('aria-busy') !== 'false');
    samples.push(performance.now() - start);
  }
  return samples;
}
