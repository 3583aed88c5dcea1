import { writeFile } from 'node:fs/promises';
import type { Bridge } from '../../domain/ipc/contract.ts';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from '../../build/paths.mjs';
import type { Timer } from '../../domain/state.ts';
// For the type of `window.sharelight`.
import type {} from '../../renderer/state/bridge.ts';
import { expect } from '../e2e/support/agent.ts';

export const PICTURES = path.join(ROOT, 'out/screenshots');

/** Invented, and the same in every run. */
export const CONTACT = { queue: 'Billing help', customer: 'Ada Quillfeather' } as const;

const THEMES = ['light', 'dark', 'contrast'] as const;

/** Where the picture is taken in time: ms the clock of the card or of the prompt shows. */
export interface Moment {
  readonly showing: number;
}

/** `minutes(4, 37)`: that many ms. */
export function minutes(count: number, seconds = 0): number {
  return (count * 60 + seconds) * 1000;
}

/**
 * Writes `<state>-<theme>.png` for every theme, and of the widget `<state>-200-<theme>.png` with text twice as large.
 * With a moment, the page's time stands still at it, so that
 * the pictures of all themes and of all runs show the same number.
 */
export async function shoot(page: Page, state: string, moment?: Moment): Promise<void> {
  // Playwright plays a light system by default; here the app's own theme decides.
  await page.emulateMedia({ colorScheme: null });
  // Nothing is under the pointer.
  await page.mouse.move(0, 0);
  if (moment) await standStill(page, moment.showing);
  await shootThemes(page, state);
  if (!page.url().includes('/widget/')) return;
  for (let step = 0; step < stepsToTwice; step += 1) await page.keyboard.press('Control+=');
  await expect.poll(() => page.evaluate(() => devicePixelRatio)).toBe(2);
  await shootThemes(page, `${state}-200`);
  await page.keyboard.press('Control+0');
}

/** From 100 to 200 %. */
const stepsToTwice = 5;

async function shootThemes(page: Page, state: string): Promise<void> {
  for (const theme of THEMES) {
    await page.evaluate(
      (chosen) => (window.sharelight as Bridge | undefined)?.setTheme({ theme: chosen }),
      theme,
    );
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await untilFitted(page);
    await writeFile(path.join(PICTURES, `${state}-${theme}.png`), await pictureOf(page));
  }
}

/** The runner would cut a page off whose text is larger than usual: it counts in pixels of the usual size. */
async function pictureOf(page: Page): Promise<Buffer> {
  if ((await page.evaluate(() => devicePixelRatio)) === 1) return page.screenshot({ animations: 'disabled' });
  const engine = await page.context().newCDPSession(page);
  const { data } = await engine.send('Page.captureScreenshot');
  await engine.detach();
  return Buffer.from(data, 'base64');
}

/** The least that lies between the page's time and main's, ms: until then nothing main sends moves the page on. */
const ahead = 8000;

/**
 * Page time stands still a little ahead of main's, whose word it follows only forwards: at the wanted number, or
 * where a slow machine has passed that already, at a later one.
 */
async function standStill(page: Page, showing: number): Promise<void> {
  const { clock, at } = await clockOf(page);
  const wanted = clock.mode === 'since' ? clock.at + showing : clock.at - showing;
  const exact = Math.max(wanted, at + ahead);
  const timer = page.getByRole('timer').first();
  const was = (await timer.textContent()) ?? '';
  const whole = clock.mode === 'since' ? Math.ceil(exact / 1000) * 1000 : Math.floor(exact / 1000) * 1000;
  await page.evaluate((later) => {
    const still = performance.now() + later;
    performance.now = () => still;
  }, whole - at);
  await expect(timer).not.toHaveText(was);
}

/** The clock that is shown, and what time it is for main, epoch ms. */
async function clockOf(page: Page): Promise<{ clock: Timer; at: number }> {
  const reply = await page.evaluate(() => (window.sharelight as Bridge | undefined)?.getSnapshot());
  if (!reply?.ok) throw new Error('The app gave no state.');
  const { status, prompt } = reply.value.state;
  const heads = prompt !== null && prompt.key === status.key ? prompt.clock : null;
  const clock = heads ?? status.clock;
  if (clock === null) throw new Error(`"${status.title}" shows no clock.`);
  return { clock, at: reply.value.at };
}

/** The window follows the height of its content, as far as the screen has room; a picture before that would be cut off. */
export async function untilFitted(page: Page): Promise<void> {
  const misfit = () =>
    page.evaluate(() => {
      const card = document.querySelector('.card');
      if (!card) return null;
      const parts = Array.from(card.children, (part) => part.getBoundingClientRect().height);
      const height = Math.ceil(parts.reduce((sum, part) => sum + part, 0));
      // The screen is as large as ever; what is inside the window is counted in larger pixels.
      return Math.min(height, Math.floor(window.screen.availHeight / devicePixelRatio)) - window.innerHeight;
    });
  await expect.poll(misfit, { message: 'the window has the height of its content' }).toBe(0);
}
