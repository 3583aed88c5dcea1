import { expect, openReview, test, type Review, type RunningApp } from './support/review.ts';

const title = ({ record }: Review) => record.getByRole('heading', { level: 2 });

interface Answers {
  /** Nothing is answered any more. */
  readonly silent: readonly string[];
  /** This record is answered with something no page can draw. */
  readonly broken?: string;
}

/** Main answers some calls of the windows otherwise than it would. */
async function mishandle(app: RunningApp, answers: Answers): Promise<void> {
  await app.electron.evaluate(({ ipcMain }, { silent, broken }) => {
    type Handler = (event: unknown, ...args: { key: string }[]) => unknown;
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers;
    // Held on to: the engine answers for a promise that was collected as garbage.
    const held: ((value: unknown) => void)[] = [];
    Object.assign(globalThis, { heldAnswers: held });
    for (const name of silent)
      handlers.set(`call:${name}`, () => new Promise((resolve) => void held.push(resolve)));
    const read = handlers.get('call:readRecord');
    if (broken === undefined || !read) return;
    handlers.set('call:readRecord', async (event, asked) => {
      const reply = (await read(event, asked)) as { value: { communication: object } };
      const { peerName } = reply.value.communication as { peerName?: string };
      return peerName === broken ? { ok: true, value: { communication: {} } } : reply;
    });
  }, answers);
}

test('stepping on with Enter keeps the focus, and what was unfolded', async ({ looking }) => {
  const { review } = looking;
  const { page, record, button } = review;
  await expect(title(review)).toHaveText('Dana Ruiz · Billing help');
  await record.getByText('As a list').click();
  await record.getByText('Technical details').click();
  await record.getByText(/^Updates from Genesys/).click();
  await button('Next record').focus();
  await page.keyboard.press('Enter');
  await expect(title(review)).toHaveText('Missed · Cleo Marsh · Home internet');
  await page.keyboard.press('Enter');
  await expect(title(review)).toHaveText('Bo Ekdal · Online banking');
  await expect(button('Next record')).toBeFocused();
  await expect(
    record
      .getByRole('definition')
      .filter({ hasText: /^Connected/ })
      .first(),
  ).toBeVisible();
  await expect(record.getByLabel(/^Update \d+ as received$/).first()).toBeVisible();
  await expect(page.getByRole('status', { name: 'Record', exact: true })).toHaveText(
    'Bo Ekdal · Online banking',
  );
  await button('Previous record').press('Enter');
  await expect(title(review)).toHaveText('Missed · Cleo Marsh · Home internet');
  await expect(button('Previous record')).toBeFocused();
});

test('after a deletion the next record has the focus, and the word about it goes with the next step', async ({
  looking,
}) => {
  const { review } = looking;
  const { page, button, rows } = review;
  await expect(title(review)).toHaveText('Dana Ruiz · Billing help');
  await button('Delete…').press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Delete' }).press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(title(review)).toHaveText('Missed · Cleo Marsh · Home internet');
  await expect(page.getByRole('region', { name: 'Record' })).toBeFocused();
  await expect(rows).toHaveCount(3);
  await expect(page.getByText('1 record was deleted')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(title(review)).toHaveText('Bo Ekdal · Online banking');
  await expect(page.getByText('1 record was deleted')).toHaveCount(0);
});

test('the arrows belong to what scrolls, and to no record while the charts are shown', async ({
  looking,
}) => {
  const { review } = looking;
  const { page, record, grid } = review;
  await expect(title(review)).toHaveText('Dana Ruiz · Billing help');
  await record.getByText('Technical details').click();
  await record.getByText(/^Updates from Genesys/).click();
  const fact = record.getByLabel(/^Update \d+ as received$/).first();
  await fact.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Alt+ArrowDown');
  // The second one stepped, the first did not.
  await expect(title(review)).toHaveText('Missed · Cleo Marsh · Home internet');

  await page.getByRole('radio', { name: 'Charts' }).check();
  const table = page.getByRole('group', { name: 'Figures' });
  await table.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Alt+ArrowDown');
  await page.keyboard.press('Escape');
  await expect(grid).toBeFocused();
  await expect(grid.locator('[aria-selected=true]')).toHaveAttribute('aria-label', /Cleo Marsh/);
});

test('on air nobody is named, though nothing can be read again', async ({ looking, server }) => {
  const { app, review } = looking;
  const { page, record } = review;
  await expect(title(review)).toHaveText('Dana Ruiz · Billing help');
  await expect(record.getByText('The invoice came twice').first()).toBeVisible();
  await mishandle(app, { silent: ['findRecords', 'countRecords', 'readRecord', 'readFacts'] });
  const { conversationId } = server.control.begin({ policy: 'optional', customer: 'Emil Vogt' });
  server.control.answer(conversationId);
  server.control.startSharing(1, conversationId);
  await expect(page.getByText('names and notes are hidden')).toBeVisible();
  const whole = await page.content();
  for (const secret of ['Dana Ruiz', 'Bo Ekdal', 'Cleo Marsh', 'Ana Lind', 'came twice', 'Emil Vogt'])
    expect(whole).not.toContain(secret);
  await expect(title(review)).toHaveText('Hidden while you share · Billing help');
  server.control.stopSharing(conversationId);
  await expect(title(review)).toHaveText('Dana Ruiz · Billing help');
});

test('a record that cannot be drawn is said to be one, and the next is drawn', async ({ looking }) => {
  const { app, review } = looking;
  const { page, row, button } = review;
  await mishandle(app, { silent: [], broken: 'Cleo Marsh' });
  await row(/Cleo Marsh/).click();
  await expect(page.getByText('Something went wrong here')).toBeVisible();
  await button('Reload this part').click();
  await expect(page.getByText('Something went wrong here')).toBeVisible();
  await row(/Bo Ekdal/).click();
  await expect(title(review)).toHaveText('Bo Ekdal · Online banking');
});

test('what takes its time says so', async ({ signIn }) => {
  const app = await signIn();
  await app.widget();
  await mishandle(app, { silent: ['readFigures'] });
  const { page } = await openReview(app);
  await page.getByRole('radio', { name: 'Charts' }).check();
  await expect(page.getByRole('article', { name: 'Charts' }).getByText('Loading…')).toBeVisible();
});

test('in a small window its parts scroll and the window does not; two clicks open, and select no word', async ({
  looking,
}) => {
  const { app, review } = looking;
  const { page, row } = review;
  await app.electron.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows().find((each) => each.getTitle() === 'Sharelight – Review');
    window?.setSize(720, 480);
  });
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(720);
  await row(/Ana Lind/).dblclick();
  await expect(title(review)).toHaveText('Ana Lind · Billing help');
  await expect(page.getByRole('region', { name: 'Record' })).toBeFocused();
  expect(await page.evaluate(() => getSelection()?.toString())).toBe('');
  const overflow = await page.evaluate(() => {
    const { scrollHeight, clientHeight, scrollWidth, clientWidth } = document.documentElement;
    return [scrollHeight - clientHeight, scrollWidth - clientWidth];
  });
  expect(overflow).toEqual([0, 0]);
});
