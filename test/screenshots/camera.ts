import type { Bridge } from '../../domain/ipc/contract.ts';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from '../../build/paths.mjs';
import type { Clock } from '../../domain/state.ts';
import { clockDuration } from '../../domain/words/times.ts';
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
 * Writes `<state>-<theme>.png` for every theme. With a moment, the page's time stands still at it, so that
 * the pictures of all themes and of all runs show the same number.
 */
export async function shoot(page: Page, state: string, moment?: Moment): Promise<void> {
  // Playwright plays a light system by default; here the app's own theme decides.
  await page.emulateMedia({ colorScheme: null });
  // Nothing is under the pointer.
  await page.mouse.move(0, 0);
  if (moment) await standStill(page, moment.showing);
  for (const theme of THEMES) {
    await page.evaluate(
      (chosen) => (window.sharelight as Bridge | undefined)?.setTheme({ theme: chosen }),
      theme,
    );
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await untilFitted(page);
    const file = path.join(PICTURES, `${state}-${theme}.png`);
    await page.screenshot({ path: file, animations: 'disabled' });
  }
}

async function standStill(page: Page, showing: number): Promise<void> {
  const clock = await clockOf(page);
  // The page counts in whole seconds: on the first one that shows the wanted number.
  const exact = clock.mode === 'since' ? clock.at + showing : clock.at - showing;
  const now = clock.mode === 'since' ? Math.ceil(exact / 1000) * 1000 : Math.floor(exact / 1000) * 1000;
  await page.clock.setFixedTime(now);
  await expect(page.getByRole('timer').first()).toContainText(clockDuration(showing));
}

async function clockOf(page: Page): Promise<Clock> {
  const reply = await page.evaluate(() => (window.sharelight as Bridge | undefined)?.getSnapshot());
  if (!reply?.ok) throw new Error('The app gave no state.');
  const { status, prompt } = reply.value.state;
  const heads = prompt !== null && prompt.key === status.key ? prompt.clock : null;
  const clock = heads ?? status.clock;
  if (clock === null) throw new Error(`"${status.title}" shows no clock.`);
  return clock;
}

/** The window follows the height of its content; a picture before that would be cut off. */
export async function untilFitted(page: Page): Promise<void> {
  const misfit = () =>
    page.evaluate(() => {
      const card = document.querySelector('.card');
      return card ? Math.ceil(card.getBoundingClientRect().height) - window.innerHeight : null;
    });
  await expect.poll(misfit, { message: 'the window has the height of its content' }).toBe(0);
}
