import { expect, test } from './support/agent.ts';
import { violationsInThemes } from './support/axe.ts';
import { tabTo } from './support/keyboard.ts';
import { openReview } from './support/review.ts';
import { codeNamed, ended, liveWidget } from './support/shares.ts';
import { widgetOf } from './support/widget.ts';

// As long as it can be: what is done in these seconds may be done on a busy machine.
test.use({ holdSeconds: 10 });

test('a wrap-up can be taken back, and corrected later; what is held survives a crash, and goes when the program leaves', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const app = await signIn();
  const widget = await liveWidget(app);
  const { page, code, notes } = widget;
  const undo = (on = page) => on.getByRole('button', { name: 'Undo' });

  const first = await ended(server, widget, { policy: 'mandatory' });
  await page.keyboard.type('complaint');
  await page.keyboard.press('Enter');
  await tabTo(page, notes);
  await page.keyboard.type('Wants a call back');
  await page.keyboard.press('Control+Enter');
  await expect(undo()).toBeVisible();
  await page.keyboard.press('z');
  await expect(code).toHaveValue('Complaint');
  await expect(notes).toHaveValue('Wants a call back');
  await expect(undo()).toHaveCount(0);

  await page.getByRole('button', { name: 'Next status' }).click();
  await page.getByLabel('Next status').selectOption('Break');
  await page.keyboard.press('Control+Enter');
  await expect(undo()).toBeVisible();
  await app.kill();
  expect(control.wrapups(first)).toEqual([]);
  expect(control.status()).not.toBe('Break');

  const again = await signIn();
  const after = widgetOf(await again.widget());
  await control.when(() => control.wrapups(first).length > 0);
  await expect(after.status).toContainText(/Complaint · sent(?!,)/);
  expect(control.wrapups(first)).toMatchObject([
    { by: 'client', wrapup: { code: codeNamed('Complaint'), notes: 'Wants a call back' } },
  ]);
  // What the status was to be set to is kept with it.
  await expect(after.page.getByText('Your status is now Break.')).toBeVisible();
  expect(control.status()).toBe('Break');

  // Later it is corrected, from the record.
  const review = await openReview(again);
  await review.rows.first().click();
  await review.button('Correct…').click();
  await expect(after.status).toContainText('Correct the wrap-up');
  await expect(after.notes).toHaveValue('Wants a call back');
  expect(await violationsInThemes(after.page)).toEqual([]);
  await tabTo(after.page, after.code);
  await after.page.keyboard.press('Control+A');
  await after.page.keyboard.type('tariff');
  await after.page.keyboard.press('Enter');
  await after.page.keyboard.press('Control+Enter');
  await expect(undo(after.page)).toBeVisible();
  await review.page.close();

  const second = await ended(server, after, { policy: 'optional' });
  await after.button('Skip').press('Enter');
  await expect(after.page.getByText('Wrap-up skipped')).toBeVisible();
  expect(await again.quit()).toBe(0);
  expect(control.wrapups(first).at(-1)).toMatchObject({
    by: 'client',
    wrapup: { code: codeNamed('Tariff changed'), notes: 'Wants a call back' },
  });
  expect(control.wrapups(second)).toMatchObject([{ by: 'client', skipped: true }]);
});
