import type { Locator, Page } from '@playwright/test';
import { test as base, expect, type RunningApp } from './agent.ts';
import { liveThroughAMorning, morning } from './morning.ts';
import { liveWidget } from './shares.ts';
import { widgetOf, type Widget } from './widget.ts';

export { expect } from './agent.ts';
export type { RunningApp } from './agent.ts';
export { morning } from './morning.ts';

/** The review window by the names a screen reader knows it by (product contract, English). */
export interface Review {
  readonly page: Page;
  readonly search: Locator;
  readonly grid: Locator;
  /** Rows of records that are in sight; the head of the list takes sent. */
  readonly rows: Locator;
  readonly row: (name: string | RegExp) => Locator;
  /** How many were found, as it is said. */
  readonly found: Locator;
  /** The record that is looked at. */
  readonly record: Locator;
  readonly button: (name: string) => Locator;
}

export function reviewOf(page: Page): Review {
  const grid = page.getByRole('grid', { name: 'Records' });
  return {
    page,
    search: page.getByRole('searchbox', { name: 'Search records' }),
    grid,
    rows: grid.locator('[role=row][data-row]'),
    row: (name) => grid.getByRole('row', { name }),
    found: page.getByRole('status', { name: 'Records found' }),
    record: page.getByRole('article'),
    button: (name) => page.getByRole('button', { name, exact: true }),
  };
}

/** The review window, opened from the widget by its keys. */
export async function openReview(app: RunningApp): Promise<Review> {
  const widget = await app.widget();
  await expect(widgetOf(widget).status).toBeVisible();
  await widget.keyboard.press('Control+Shift+R');
  const page = await app.window('review');
  await expect(page.getByRole('searchbox', { name: 'Search records' })).toBeVisible();
  return reviewOf(page);
}

/** The next choices of the person in the system's dialogs, which no test can press; null: they change their mind. */
export async function answerSaveDialog(app: RunningApp, filePath: string | null): Promise<void> {
  await app.electron.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: chosen === null, filePath: chosen ?? '' });
  }, filePath);
}
export async function answerOpenDialog(app: RunningApp, filePath: string): Promise<void> {
  await app.electron.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, filePath);
}

interface ReviewFixtures {
  /** The app after a morning of four contacts, and its review window with all of them. */
  looking: { readonly app: RunningApp; readonly review: Review; readonly widget: Widget };
}

/** A morning to look back on, made before the app starts. */
export const test = base.extend<ReviewFixtures>({
  looking: async ({ signIn, userDataDir }, use) => {
    await liveThroughAMorning(userDataDir);
    const app = await signIn();
    const widget = await liveWidget(app);
    const review = await openReview(app);
    await expect(review.rows).toHaveCount(morning.length);
    await use({ app, review, widget });
  },
});
