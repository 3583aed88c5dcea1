import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { tabTo } from './support/keyboard.ts';
import { recordsOf } from './support/records.ts';
import { ended } from './support/shares.ts';
import { answerSaveDialog, expect, morning, openReview, test, type Review } from './support/review.ts';

/** Types a search and tells who is found, in the order of the list. */
async function found({ search, rows }: Review, text: string, count: number): Promise<string[]> {
  await search.fill(text);
  await expect(rows).toHaveCount(count);
  const names = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
  return names.map((name) => morning.find(({ customer }) => name.includes(customer))?.customer ?? name);
}

const active = ({ grid }: Review): Locator => grid.locator('[aria-selected=true]');

test('what is typed narrows the list as it is typed; each filter does what it says', async ({ looking }) => {
  const { review } = looking;
  const { page, search, found: said, button } = review;
  await expect(page).toHaveTitle('Sharelight – Review');
  await expect(said).toHaveText('4 records');
  await expect(review.grid).toHaveAttribute('aria-rowcount', '5');

  expect(await found(review, 'inv', 2)).toEqual(['Dana Ruiz', 'Ana Lind']);
  expect(await found(review, 'inv 2231', 1)).toEqual(['Ana Lind']);
  await expect(said).toHaveText('1 record');
  expect(await found(review, 'code:login', 1)).toEqual(['Bo Ekdal']);
  expect(await found(review, 'queue:"billing help"', 2)).toEqual(['Dana Ruiz', 'Ana Lind']);
  expect(await found(review, 'missed', 1)).toEqual(['Cleo Marsh']);
  expect(await found(review, 'role:sharing', 2)).toEqual(['Dana Ruiz', 'Ana Lind']);
  expect(await found(review, 'sharing:>5m', 1)).toEqual(['Ana Lind']);
  expect(await found(review, 'is:elsewhere role:viewing', 1)).toEqual(['Bo Ekdal']);
  expect(await found(review, 'since:yesterday', 4)).toHaveLength(4);
  expect(await found(review, 'until:2020-01-01', 0)).toEqual([]);
  await expect(page.getByText('Nothing found')).toBeVisible();
  await button('Clear search').last().click();
  await expect(review.rows).toHaveCount(4);
  await expect(search).toBeFocused();

  // What is typed is offered as a filter, and what finds nothing says what to leave out.
  await search.fill('ban');
  await expect(page.getByRole('option', { name: /^Queue: Online banking/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(search).toHaveValue('');
  await expect(review.rows).toHaveCount(1);
  await page.keyboard.type('missed');
  await expect(review.rows).toHaveCount(0);
  await button('Without “missed”: 1 record').click();
  await expect(review.rows).toHaveCount(1);
  await expect(search).toBeFocused();
  await expect(button('Remove Queue: Online banking')).toBeVisible();
  await page.keyboard.press('Backspace');
  await expect(review.rows).toHaveCount(4);

  // What cannot be read is said, by name, and takes nothing away.
  await search.fill('inv rle:sharing');
  await expect(page.getByText('No filter called “rle:”. Did you mean “role:”?')).toBeVisible();
  await expect(search).toHaveAttribute('aria-invalid', 'true');
  await expect(review.rows).toHaveCount(4);
  await search.fill('inv role:sharing');
  await expect(page.getByText('did you mean')).toHaveCount(0);
  await expect(review.rows).toHaveCount(2);

  // The help writes for whoever does not know the words.
  await search.fill('ana');
  await button('Search help').click();
  await page.getByRole('button', { name: 'sharing:>5m' }).click();
  await expect(search).toHaveValue('ana sharing:>5m');
  await expect(search).toBeFocused();
  await expect(review.rows).toHaveCount(1);
});

test('with the keyboard alone: find, walk, read, sort, and back', async ({ looking }) => {
  const { review } = looking;
  const { page, grid, search, record } = review;
  await expect(record.getByRole('heading', { level: 2 })).toHaveText('Dana Ruiz · Billing help');
  await page.keyboard.press('/');
  await expect(search).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(grid).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(active(review)).toHaveAttribute('aria-label', /Missed · Cleo Marsh · Home internet/);
  const id = await active(review).getAttribute('id');
  await expect(grid).toHaveAttribute('aria-activedescendant', id ?? '');
  await page.keyboard.press('End');
  await expect(record.getByRole('heading', { level: 2 })).toHaveText('Ana Lind · Billing help');
  await page.keyboard.press('Home');
  await page.keyboard.press('PageDown');
  await expect(active(review)).toHaveAttribute('aria-rowindex', '5');

  await page.keyboard.press('Enter');
  const pane = page.getByRole('region', { name: 'Record' });
  await expect(pane).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(record.getByRole('heading', { level: 2 })).toHaveText('Bo Ekdal · Online banking');
  await page.keyboard.press('Alt+ArrowDown');
  await expect(record.getByRole('heading', { level: 2 })).toHaveText('Ana Lind · Billing help');
  await expect(pane).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(grid).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(search).toBeFocused();
  await page.keyboard.press('F6');
  await expect(grid).toBeFocused();
  await page.keyboard.press('F6');
  await expect(pane).toBeFocused();
  await page.keyboard.press('Control+F');
  await expect(search).toBeFocused();

  // The heads of the columns are one stop of the Tab key.
  const who = grid.getByRole('columnheader', { name: 'Who' });
  await tabTo(page, grid.getByRole('button', { name: 'Time' }));
  await expect(grid.getByRole('columnheader', { name: 'Time' })).toHaveAttribute('aria-sort', 'descending');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(who).toHaveAttribute('aria-sort', 'ascending');
  await expect(review.rows.first()).toContainText('Ana Lind');
  await page.keyboard.press('Enter');
  await expect(who).toHaveAttribute('aria-sort', 'descending');
  await expect(review.rows.first()).toContainText('Dana Ruiz');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(grid.getByRole('button', { name: 'Sharing' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(review.rows.first()).toContainText('Ana Lind');
});

test('a record: drawn to scale, what was submitted beside Genesys, every field with its clock, the updates', async ({
  looking,
  server,
}) => {
  const { app, review, widget } = looking;
  const { page, record, row } = review;
  // From the widget to the record of the last share, from there to its day, and a link to it.
  await row(/Bo Ekdal/).click();
  await expect(record.getByRole('heading', { level: 2 })).toHaveText('Bo Ekdal · Online banking');
  await widget.page.getByRole('button', { name: /^Last share/ }).click();
  await expect(record.getByRole('heading', { level: 2 })).toHaveText('Dana Ruiz · Billing help');
  await record.getByRole('button', { name: 'Its day' }).click();
  await expect(review.search).toHaveValue(/^since:\d{4}-\d\d-\d\d until:\d{4}-\d\d-\d\d$/);
  await expect(active(review)).toContainText('Dana Ruiz');
  await record.getByRole('button', { name: 'Copy link' }).click();
  await expect(record.getByText('Copied')).toBeVisible();
  const link = await app.electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(link).toMatch(/^sharelight:\/\/record\/[\w%-]+\/[\w%-]+\/[\w%-]+$/);
  await review.search.fill('');
  await expect(review.rows).toHaveCount(4);
  await expect(record).toContainText('Customer left');
  // It was wrapped up on another device.
  await expect(record.getByRole('row', { name: /^Wrap-up code/ })).toHaveText(
    /–\s*Complaint\s*only in Genesys/,
  );
  await expect(record.getByRole('row', { name: /^Notes/ })).toContainText('The invoice came twice');

  await row(/Ana Lind/).click();
  await expect(record.getByRole('heading', { level: 2 })).toHaveText('Ana Lind · Billing help');
  const spans = record.getByRole('group', { name: 'To scale' });
  const span = (name: RegExp): Locator => spans.getByRole('img', { name });
  const widthOf = async (one: Locator): Promise<number> =>
    Number(await one.locator('.bar').getAttribute('width'));
  const shared = await widthOf(span(/^You were sharing/));
  const connected = await widthOf(span(/^Connected/));
  expect(shared / connected).toBeCloseTo(12 / 14, 1);
  await expect(span(/^After-call work.*41 s/)).toBeVisible();

  // Closer, and what the pointer shows the focus shows too.
  await span(/^Ringing/).focus();
  await expect(record.locator('.tip')).toContainText('Ringing');
  await page.keyboard.press('ArrowRight');
  await expect(record.locator('.tip')).toContainText('Connected');
  await page.keyboard.press('+');
  await expect.poll(() => widthOf(span(/^Connected/))).toBeGreaterThan(connected * 1.2);
  await page.keyboard.press('0');
  await expect.poll(() => widthOf(span(/^Connected/))).toBeCloseTo(connected, 0);
  await record.getByText('As a list').click();
  await expect(record.getByRole('definition').filter({ hasText: /^You were sharing/ })).toContainText(
    '12 min',
  );

  // What a person looks for is in words; every field, each time with its clock, is folded away below.
  await expect(
    record.getByText(/^Ana Lind, Billing help: shared 12 min of ≈ 14 min; wrapped up in/),
  ).toBeVisible();
  await expect(record.getByText('You shared your screen')).toBeVisible();
  await expect(record.getByText('peerId')).toHaveCount(0);
  await record.getByText('Technical details').click();
  for (const name of [
    'state',
    'context',
    'peerId',
    'afterCallWorkRequired',
    'wrapupTimeoutMs',
    'revisions',
  ]) {
    await expect(
      record
        .getByRole('term')
        .filter({ hasText: new RegExp(`^${name}$`) })
        .first(),
    ).toBeVisible();
  }
  await expect(record.getByText('Genesys Cloud’s clock').first()).toBeVisible();
  await record.getByRole('button', { name: 'Copy all fields' }).click();
  await expect(record.getByRole('group').getByText('Copied')).toBeVisible();
  const copied = await app.electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toMatch(/^disconnectType: Customer left · peer$/m);

  await record.getByText(/^Updates from Genesys/).click();
  const body = record.getByLabel(/^Update \d+ as received$/).first();
  await expect(body).toBeVisible();
  const text = await body.textContent();
  expect(text).toContain('\n  ');
  expect(JSON.parse(text ?? '')).toBeInstanceOf(Object);
  await record.getByRole('button', { name: 'Copy', exact: true }).first().click();
  await expect(record.getByRole('button', { name: 'Copied' })).toBeVisible();

  // What was submitted here stands beside what became of it.
  await ended(server, widget, { policy: 'mandatory', customer: 'Eve Moreau' });
  await widget.page.keyboard.type('complaint');
  await widget.page.keyboard.press('Enter');
  await widget.page.keyboard.press('Control+Enter');
  await expect(widget.status).toContainText(/Wrapped up.*Complaint · sent(?!,)/);
  await row(/Eve Moreau/).click();
  await expect(record.getByRole('row', { name: /^Wrap-up code/ })).toHaveText(/Complaint\s*Complaint\s*same/);
  await expect(record.getByText('Confirmed by Genesys')).toBeVisible();
});

test('a deleted record is gone: from the list, from an export, and the chain still holds', async ({
  looking,
  runToEnd,
}) => {
  const { app, review } = looking;
  const { page, row, record, button } = review;
  await row(/Bo Ekdal/).click();
  await expect(record.getByRole('heading', { level: 2 })).toHaveText('Bo Ekdal · Online banking');
  await button('Delete…').click();
  const dialog = page.getByRole('dialog', { name: 'Delete Bo Ekdal · Online banking?' });
  await expect(dialog).toContainText(
    '1 record and all its updates will be deleted from this computer for good',
  );
  // Enter does what is safe.
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(review.rows).toHaveCount(4);

  await button('Delete…').click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('1 record was deleted')).toBeVisible();
  await expect(review.rows).toHaveCount(3);
  await expect(row(/Bo Ekdal/)).toHaveCount(0);
  // What took its place is looked at.
  await expect(record.getByRole('heading', { level: 2 })).toHaveText('Ana Lind · Billing help');

  await app.quit();
  const left = recordsOf(await runToEnd({ args: ['--export', 'json'] }));
  expect(left.map(({ peerName }) => peerName).sort()).toEqual(['Ana Lind', 'Cleo Marsh', 'Dana Ruiz']);
  const verified = await runToEnd({ args: ['--verify'] });
  expect(verified).toMatchObject({ code: 0 });
  expect(verified.stdout).toContain('3 records');
});

test('charts obey the search; their numbers are a table, and are saved as picture and as table', async ({
  looking,
  userDataDir,
}) => {
  const { app, review } = looking;
  const { page, search, button } = review;
  await page.getByRole('radio', { name: 'Charts' }).check();
  const table = page.getByRole('table', { name: 'Figures' });
  await expect(table.getByRole('row', { name: /^Total/ })).toHaveText(/4\s*14 min\s*2 min\s*1/);
  await page.getByRole('radio', { name: 'By queue' }).check();
  await expect(table.getByRole('row', { name: /^Billing help/ })).toHaveText(/2\s*14 min\s*1 min\s*0/);
  await search.fill('missed');
  await expect(table.getByRole('row', { name: /^Home internet/ })).toHaveText(/1\s*0 s\s*0 s\s*1/);
  await expect(table.getByRole('row', { name: /^Billing help/ })).toHaveCount(0);
  await search.fill('');
  await expect(table.getByRole('row', { name: /^Billing help/ })).toBeVisible();

  const picture = path.join(userDataDir, 'chart.png');
  await answerSaveDialog(app, picture);
  await button('Save picture…').click();
  await expect(page.getByText(`Written to ${picture}`)).toBeVisible();
  const bytes = await readFile(picture);
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.length).toBeGreaterThan(5000);

  const numbers = path.join(userDataDir, 'chart.csv');
  await answerSaveDialog(app, numbers);
  await button('Save table…').click();
  await expect(page.getByText(`Written to ${numbers}`)).toBeVisible();
  const [head, ...lines] = (await readFile(numbers, 'utf8')).trim().split(/\r?\n/);
  expect(head).toBe('Queue,Shares,Time sharing,After-call work,Missed,Timed out');
  expect(lines).toContain('Billing help,2,0:14:00,0:01:22,0,0');

  await answerSaveDialog(app, path.join(userDataDir, 'no', 'chart.csv'));
  await button('Save table…').click();
  await expect(page.getByRole('alert')).toContainText('couldn’t be written');

  // A bar leads to its records.
  await page
    .getByRole('list', { name: 'Shares' })
    .getByRole('button', { name: /^Billing help/ })
    .click();
  await expect(search).toHaveValue('queue:"Billing help"');
  await expect(review.rows).toHaveCount(2);
  // One day is looked at by the hour, and what the pointer shows the focus shows.
  await page.getByRole('radio', { name: 'By day' }).check();
  await page.getByRole('radio', { name: 'Today' }).check();
  await expect(page.getByRole('radio', { name: 'By hour' })).toBeChecked();
  await page.getByRole('radio', { name: '7 days' }).check();
  await expect(page.getByRole('radio', { name: 'By day' })).toBeChecked();
  await expect(table.getByRole('columnheader', { name: 'Day' })).toBeVisible();
  await page.getByRole('group', { name: 'Shares' }).getByRole('button').first().focus();
  await expect(page.locator('.tip')).toContainText(/: [12]$/);
});

test('what happens meanwhile moves neither the list nor the record that is looked at', async ({
  server,
  looking,
}) => {
  const { review, widget } = looking;
  const { row, rows, record, page } = review;
  await row(/Bo Ekdal/).click();
  await expect(record.getByRole('heading', { level: 2 })).toHaveText('Bo Ekdal · Online banking');
  await record.getByText('As a list').click();
  const { conversationId } = server.control.begin({ policy: 'optional', customer: 'Eve Moreau' });
  await expect(rows).toHaveCount(5);
  await expect(rows.first()).toContainText('Eve Moreau');
  await expect(active(review)).toContainText('Bo Ekdal');
  await expect(active(review)).toHaveAttribute('aria-rowindex', '5');
  // The very record, not one like it: what was opened in it is open.
  await expect(record.getByText('Connected', { exact: false }).first()).toBeVisible();

  // On air nothing here names a customer.
  server.control.answer(conversationId);
  server.control.startSharing(1, conversationId);
  await expect(widget.status).toContainText('You are sharing');
  await expect(page.getByText('You’re sharing: names and notes are hidden')).toBeVisible();
  await expect(rows.first()).toContainText('Hidden while you share');
  for (const { customer } of morning) await expect(page.getByText(customer)).toHaveCount(0);
  server.control.stopSharing(conversationId);
  await expect(page.getByText('names and notes are hidden')).toHaveCount(0);
  await expect(rows.first()).toContainText('Eve Moreau');
});

test('an empty database says so, and fills by itself', async ({ server, signIn }) => {
  const app = await signIn();
  const review = await openReview(app);
  await expect(review.page.getByText('No records yet')).toBeVisible();
  await expect(review.grid).toHaveAttribute('aria-rowcount', '1');
  server.control.begin({ customer: 'Ana Lind' });
  await expect(review.rows).toHaveCount(1);
  await expect(review.record.getByRole('heading', { level: 2 })).toContainText('Ana Lind');
});

test('locked: where the key is asked for is said', async ({ desktopWith, signIn }) => {
  const desktop = await desktopWith({ keyring: false });
  const review = await openReview(await signIn({ desktop }));
  await expect(review.page.getByText('Your records are locked')).toBeVisible();
  await expect(
    review.page.getByText('Answer the question in the Sharelight window to unlock them.'),
  ).toBeVisible();
});
