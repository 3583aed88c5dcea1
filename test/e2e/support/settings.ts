import type { Page } from '@playwright/test';
import { expect, type RunningApp } from './fixtures.ts';
import { widgetOf } from './widget.ts';

/** The settings window, opened from the widget by its keys. */
export async function openSettings(app: RunningApp): Promise<Page> {
  const widget = await app.widget();
  await expect(widgetOf(widget).status).toBeVisible();
  await widget.keyboard.press('Control+,');
  const page = await app.window('settings');
  await expect(page.getByRole('tablist', { name: 'Sections' })).toBeVisible();
  return page;
}

/** Goes to a section as a person without a mouse does. */
export async function goTo(page: Page, section: string): Promise<void> {
  await page.getByRole('tab', { selected: true }).focus();
  const tab = page.getByRole('tab', { name: section });
  const count = await page.getByRole('tab').count();
  for (let step = 0; step < count && (await tab.getAttribute('aria-selected')) !== 'true'; step += 1) {
    await page.keyboard.press('ArrowDown');
  }
  await expect(page.getByRole('tabpanel', { name: section })).toBeVisible();
}

/** What the person chooses in the system's dialogs, which no test can press. */
export async function answerSaveDialog(app: RunningApp, filePath: string | null): Promise<void> {
  await app.electron.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: chosen === null, filePath: chosen ?? '' });
  }, filePath);
}
