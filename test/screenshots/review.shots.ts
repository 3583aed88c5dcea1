import path from 'node:path';
import type { Bridge } from '../../domain/ipc/contract.ts';
// For the type of `window.sharelight`.
import type {} from '../../renderer/state/bridge.ts';
import { expect, openReview, test, type Review, type RunningApp } from '../e2e/support/review.ts';
import { PICTURES } from './camera.ts';

/** Writes `review-<state>-<theme>.png` for every theme. */
async function shoot(app: RunningApp, { page }: Review, state: string): Promise<void> {
  const widget = await app.widget();
  await page.emulateMedia({ colorScheme: null });
  for (const theme of ['light', 'dark', 'contrast'] as const) {
    await widget.evaluate(
      (chosen) => (window.sharelight as Bridge | undefined)?.setTheme({ theme: chosen }),
      theme,
    );
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    // Charts put their colours on after the page has.
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    await page.screenshot({
      path: path.join(PICTURES, `review-${state}-${theme}.png`),
      animations: 'disabled',
    });
  }
}

test('the review of a morning', async ({ looking }) => {
  const { app, review } = looking;
  const { page, row, record, button, search } = review;
  await row(/Ana Lind/).click();
  await expect(record.getByRole('heading', { level: 2 })).toHaveText('Ana Lind · Billing help');
  await shoot(app, review, 'record');

  await record.getByRole('img', { name: /^You were sharing/ }).hover();
  await shoot(app, review, 'tooltip');
  await record.getByText('Technical details').click();
  await record.getByText(/^Updates from Genesys/).click();
  await expect(record.getByLabel(/^Update \d+ as received$/).first()).toBeVisible();
  await record
    .getByLabel(/^Update \d+ as received$/)
    .first()
    .scrollIntoViewIfNeeded();
  await shoot(app, review, 'facts');

  await search.fill('inv rle:sharing');
  await expect(page.getByText('did you mean')).toBeVisible();
  await shoot(app, review, 'wrong');
  await search.fill('nothing like it');
  await expect(page.getByText('Nothing found')).toBeVisible();
  await shoot(app, review, 'nothing');
  await search.fill('');
  await expect(review.rows).toHaveCount(4);
  await button('Search help').click();
  await shoot(app, review, 'help');
  await page.keyboard.press('Escape');
  await button('Export…').click();
  await shoot(app, review, 'export');
  await page.keyboard.press('Escape');
  await button('Delete…').click();
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Delete' })).toBeVisible();
  await shoot(app, review, 'delete');
  await page.keyboard.press('Escape');

  await page.getByRole('radio', { name: 'Charts' }).check();
  await page.getByRole('radio', { name: 'By queue' }).check();
  await expect(page.getByRole('table').getByText('Billing help')).toBeVisible();
  await shoot(app, review, 'charts');
});

test('the review on air, and with nothing in it', async ({ server, signIn }) => {
  const app = await signIn();
  const review = await openReview(app);
  await expect(review.page.getByText('No records yet')).toBeVisible();
  await shoot(app, review, 'empty');
  const { conversationId } = server.control.begin({ customer: 'Ana Lind' });
  server.control.answer(conversationId);
  server.control.startSharing(1, conversationId);
  await expect(review.record.getByText('Hidden while you share').first()).toBeVisible();
  await shoot(app, review, 'on-air');
});
