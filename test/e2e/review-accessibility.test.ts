import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { violations, violationsInThemes } from './support/axe.ts';
import { tabTo } from './support/keyboard.ts';
import { answerOpenDialog, answerSaveDialog, expect, openReview, test } from './support/review.ts';

test('every state of the review, in every theme, has no violation', async ({ looking }) => {
  const { app, review } = looking;
  const { page, search, button, record } = review;
  // Playwright plays a system of its own choice; here the app's theme decides.
  await page.emulateMedia({ colorScheme: null, reducedMotion: 'reduce' });
  await expect(record.getByRole('heading', { level: 2 })).toBeVisible();
  await record.getByText('As a list').click();
  await record.getByText('Technical details').click();
  await record.getByText(/^Updates from Genesys/).click();
  await expect(record.getByLabel(/^Update \d+ as received$/).first()).toBeVisible();
  expect(await violationsInThemes(review.page, await app.widget())).toEqual([]);

  await button('Search help').click();
  await expect(page.getByText('Press one to add it.')).toBeVisible();
  expect(await violationsInThemes(review.page, await app.widget())).toEqual([]);
  await page.keyboard.press('Escape');
  await search.fill('role:nobody');
  await expect(page.getByText('must be one of')).toBeVisible();
  expect(await violationsInThemes(review.page, await app.widget())).toEqual([]);
  await search.fill('nothing like it');
  await expect(page.getByText('Nothing found')).toBeVisible();
  expect(await violationsInThemes(review.page, await app.widget())).toEqual([]);
  await search.fill('');
  await expect(review.rows).toHaveCount(4);

  await button('Export…').click();
  expect(await violationsInThemes(review.page, await app.widget())).toEqual([]);
  await page.keyboard.press('Escape');
  await button('Delete…').click();
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Delete' })).toBeVisible();
  expect(await violationsInThemes(review.page, await app.widget())).toEqual([]);
  await page.keyboard.press('Escape');

  await page.getByRole('radio', { name: 'Charts' }).check();
  await expect(page.getByRole('table', { name: 'Figures' })).toBeVisible();
  expect(await violationsInThemes(review.page, await app.widget())).toEqual([]);
});

test('every control is reached with the Tab key, and at 200 % everything is still there', async ({
  looking,
}) => {
  const { app, review } = looking;
  const { page, search, grid, button, record } = review;
  await expect(record.getByRole('heading', { level: 2 })).toBeVisible();
  for (const control of [
    search,
    button('Search help'),
    button('Export…'),
    page.getByRole('radio', { name: 'Record' }),
    button('Open a file…'),
    grid,
    grid.getByRole('button', { name: 'Time' }),
    button('Next record'),
    button('Zoom in'),
    button('Delete…'),
  ])
    await tabTo(page, control);

  await app.electron.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows().find((each) => each.getTitle() === 'Sharelight – Review');
    window?.setSize(720, 480);
    window?.webContents.setZoomFactor(2);
  });
  const back = page.getByRole('button', { name: 'Records', exact: false }).filter({ hasText: '‹' });
  await expect(record).toBeHidden();
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(record.getByRole('heading', { level: 2 })).toHaveText('Missed · Cleo Marsh · Home internet');
  await expect(grid).toBeHidden();
  await expect
    .poll(() =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    )
    .toBe(0);
  await back.click();
  await expect(grid).toBeFocused();
  await expect
    .poll(() =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    )
    .toBe(0);
});

test('the states without records have no violation either', async ({ desktopWith, signIn, server }) => {
  const app = await signIn({ desktop: await desktopWith({ keyring: false }) });
  const review = await openReview(app);
  await review.page.emulateMedia({ colorScheme: null });
  await expect(review.page.getByText('Your records are locked')).toBeVisible();
  expect(await violationsInThemes(review.page, await app.widget())).toEqual([]);
  const widget = await app.widget();
  await widget.getByRole('button', { name: 'Use a key file' }).click();
  await expect(review.page.getByText('No records yet')).toBeVisible();
  expect(await violationsInThemes(review.page, await app.widget())).toEqual([]);

  const { conversationId } = server.control.begin({ policy: 'optional', customer: 'Ana Lind' });
  server.control.answer(conversationId);
  server.control.startSharing(1, conversationId);
  await expect(review.page.getByText('names and notes are hidden')).toBeVisible();
  expect(await violationsInThemes(review.page, await app.widget())).toEqual([]);
});

test('neither has what is told of an export, an opened file and a deletion', async ({
  looking,
  userDataDir,
}) => {
  const { app, review } = looking;
  const { page, button, record } = review;
  await page.emulateMedia({ colorScheme: null });
  const file = path.join(userDataDir, 'records.ndjson');
  await answerSaveDialog(app, file);
  await button('Export…').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^NDJSON/ }).check();
  await dialog.getByRole('button', { name: 'Save as…' }).click();
  await expect(page.getByText('4 records written to')).toBeVisible();
  await appendFile(file, 'not a record\n');
  await button('Delete…').click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('1 record was deleted')).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await answerOpenDialog(app, file);
  await button('Open a file…').click();
  await page.getByText('1 line couldn’t be read').click();
  await expect(record.getByRole('heading', { level: 2 })).toBeVisible();
  expect(await violationsInThemes(review.page, await app.widget())).toEqual([]);
});
