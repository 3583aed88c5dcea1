import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ElectronApplication, Page } from '@playwright/test';
import type { Runtime } from '../../build/runtime/official.mjs';
import { say } from '../../build/say.mjs';
import { startSimulator, type RunningSimulator } from '../../electron/feed/simulator/server.ts';
import { startDesktop, type Desktop } from '../desktop/desktop.mjs';
import { drive, pidOf } from './drive.ts';
import type { Place } from './place.ts';
import { treePss } from './pss.ts';
import type { ScaleLine } from './scale.ts';

/** Codes of a queue: as an organisation should have, and as some do. */
const sizes = [10, 1000] as const;
/** The most that 95 of 100 keystrokes may take, ms. */
const goalMs = 16;
/** Conversations after which memory is looked at: a quiet morning, and a full day. */
const dayStages = [20, 200] as const;
const texts = ['case 0777', 'billing', 'refnud', 'complaint 04', 'no answer', 'zzzz', 'delivry'] as const;

/** The code field as a person types in it, and what a day of conversations leaves in memory. */
export async function measureCodes(place: Place, runtime: Runtime): Promise<ScaleLine[]> {
  const desktop = await startDesktop({ keyring: false });
  const lines: ScaleLine[] = [];
  try {
    for (const codes of sizes) {
      say(`Code field with ${codes} codes …`);
      await withProgram(place, runtime, desktop, codes, async (server, app) => {
        lines.push(...(await measureTyping(server, app, codes)));
        if (codes === sizes.at(-1)) lines.push(...(await measureDay(server, app)));
      });
    }
  } finally {
    await desktop.close();
  }
  return lines;
}

async function withProgram(
  place: Place,
  runtime: Runtime,
  desktop: Desktop,
  codes: number,
  work: (server: RunningSimulator, app: ElectronApplication) => Promise<void>,
): Promise<void> {
  const server = await startSimulator({ scenario: 'idle', rateLimit: Infinity });
  server.control.settings({ codesAtLeast: codes });
  const args = [
    ...['--user-data-dir', path.join(place.scratch, `codes-${codes}`), '--key', 'file'],
    ...['--feed', 'genesys', '--api', server.apiUrl],
  ];
  const app = await drive(place, runtime, desktop, args, server.accessToken);
  try {
    await work(server, app);
  } finally {
    await app.close();
    await server.close();
  }
}

async function measureTyping(
  { control }: RunningSimulator,
  app: ElectronApplication,
  codes: number,
): Promise<ScaleLine[]> {
  const page = await app.firstWindow();
  await page.getByRole('status', { name: 'Share status' }).getByText('Not sharing').waitFor();
  const { conversationId } = control.begin({ policy: 'mandatory' });
  control.answer(conversationId);
  control.disconnect('peer', conversationId);
  await page.getByRole('option').first().waitFor();
  const { drawn, painted } = await page.evaluate(typeAll, texts);
  control.wrapUp({}, conversationId);
  const line = (measure: string, ours: readonly number[]): ScaleLine => {
    return { measure, unit: 'ms', records: codes, ours, goal: goalMs, rivals: {} };
  };
  return [
    line('keystroke in the code field to its list drawn', drawn),
    line('keystroke in the code field to its list painted', painted),
  ];
}

async function measureDay({ control }: RunningSimulator, app: ElectronApplication): Promise<ScaleLine[]> {
  const page: Page = await app.firstWindow();
  const status = page.getByRole('status', { name: 'Share status' });
  const lines: ScaleLine[] = [];
  let done = 0;
  for (const stage of dayStages) {
    say(`A day of ${stage} conversations …`);
    for (; done < stage; done += 1) {
      const { conversationId } = control.begin({ policy: 'mandatory' });
      control.answer(conversationId);
      await status.getByText('Connected', { exact: true }).waitFor();
      control.disconnect('peer', conversationId);
      await page.getByRole('option').first().waitFor();
      control.wrapUp({}, conversationId);
      await page.getByRole('combobox').waitFor({ state: 'detached' });
    }
    const samples: number[] = [];
    for (let look = 0; look < 5; look += 1) {
      await wait(1000);
      samples.push(treePss(pidOf(app)));
    }
    const measure = 'memory of the program after a day of conversations';
    lines.push({ measure, unit: 'MB', records: stage, ours: samples, rivals: {} });
  }
  return lines;
}

/** In the page: types letter by letter; ms until the list of each letter was drawn, and on the screen. */
async function typeAll(texts: readonly string[]): Promise<{ drawn: number[]; painted: number[] }> {
  const input = document.querySelector<HTMLInputElement>('input[role=combobox]');
  const list = document.querySelector<HTMLElement>('[role=listbox]');
  if (!input || !list) throw new Error('There is no code field.');
  const frame = (): Promise<void> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve();
        port2.postMessage(null);
      });
    });
  const samples = { drawn: [] as number[], painted: [] as number[] };
  const press = async (value: string): Promise<void> => {
    // As the keyboard does: at any moment between two frames.
    await new Promise((resolve) => setTimeout(resolve, 60 + Math.random() * 60));
    const start = performance.now();
    input.value = value;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await Promise.resolve();
    // Style and layout of what the keystroke changed.
    list.getBoundingClientRect();
    samples.drawn.push(performance.now() - start);
    await frame();
    samples.painted.push(performance.now() - start);
  };
  for (let round = 0; round < 5; round += 1) {
    for (const text of texts) {
      for (let length = 1; length <= text.length; length += 1) await press(text.slice(0, length));
      await press('');
    }
  }
  return samples;
}
