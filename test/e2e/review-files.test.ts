import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { answerOpenDialog, answerSaveDialog, expect, morning, test, type Review } from './support/review.ts';

/** Chooses in the dialog and lets it go on to where the file is chosen. */
async function exportAs({ page, button }: Review, format: string, redact: boolean): Promise<void> {
  await button('Export…').click();
  const dialog = page.getByRole('dialog', { name: 'Export records' });
  await dialog.getByRole('radio', { name: new RegExp(`^${format}`) }).check();
  await dialog.getByRole('checkbox', { name: /^Mask/ }).setChecked(redact);
  await dialog.getByRole('button', { name: 'Save as…' }).click();
}

/** A file like the exported one, with each of its lines as another record, so often that it takes a while. */
async function multiply(from: string, to: string, times: number): Promise<void> {
  const lines = (await readFile(from, 'utf8')).trim().split('\n');
  const clones = Array.from({ length: times }, (_, copy) =>
    lines.map((line) => line.replaceAll(/"conversationId":"[^"]*"/g, `"conversationId":"copy-${copy}"`)),
  );
  await writeFile(to, clones.flat().join('\n'));
}

test('an export holds what the search finds, masked unless asked otherwise, and says where it is', async ({
  looking,
  userDataDir,
}) => {
  const { app, review } = looking;
  const { page, search, button, rows } = review;
  await search.fill('inv');
  await expect(rows).toHaveCount(2);
  await button('Export…').click();
  const dialog = page.getByRole('dialog', { name: 'Export records' });
  await expect(dialog.getByRole('radio', { name: 'The 2 records this search finds' })).toBeChecked();
  await expect(dialog.getByRole('checkbox', { name: /^Mask/ })).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(button('Export…')).toBeFocused();

  const masked = path.join(userDataDir, 'masked.csv');
  await answerSaveDialog(app, masked);
  await exportAs(review, 'CSV', true);
  await expect(page.getByText(`2 records written to ${masked}`)).toBeVisible();
  const text = await readFile(masked, 'utf8');
  expect(text).toContain('Invoice explained');
  expect(text).toMatch(/^\uFEFFDate,Time,Customer,Queue,.*,Masked\r\n/);
  expect(text).toContain(',0:12:00,');
  expect(text).not.toMatch(/Ana|Dana|2231|came twice/);
  await button('Dismiss').click();
  await expect(page.getByText('written to')).toHaveCount(0);

  const named = path.join(userDataDir, 'named.json');
  await answerSaveDialog(app, named);
  await button('Export…').click();
  await dialog.getByRole('radio', { name: 'All records' }).check();
  await page.keyboard.press('Escape');
  await search.fill('');
  await exportAs(review, 'JSON', false);
  await expect(page.getByText(`4 records written to ${named}`)).toBeVisible();
  const records = JSON.parse(await readFile(named, 'utf8')) as { peerName: string }[];
  expect(records.map(({ peerName }) => peerName).sort()).toEqual(
    morning.map(({ customer }) => customer).sort(),
  );

  await answerSaveDialog(app, path.join(userDataDir, 'no', 'such.json'));
  await exportAs(review, 'JSON', false);
  await expect(page.getByRole('alert')).toContainText('couldn’t be written');
  // Nothing is said of the one before any more.
  await expect(page.getByText('4 records written to')).toHaveCount(0);

  // Somebody who changes their mind hears nothing more of it.
  await answerSaveDialog(app, null);
  await exportAs(review, 'JSON', false);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('one record, and what a search finds, are put on paper', async ({ looking, userDataDir }) => {
  const { app, review } = looking;
  const { page, button } = review;
  const pagesOf = async (file: string): Promise<number> => {
    const text = await readFile(file, 'latin1');
    expect(text.startsWith('%PDF-')).toBe(true);
    return text.match(/\/Type \/Page\b/g)?.length ?? 0;
  };
  const one = path.join(userDataDir, 'one.pdf');
  await answerSaveDialog(app, one);
  await button('Print or PDF…').click();
  const dialog = page.getByRole('dialog', { name: 'Print this record, or save it as PDF' });
  await expect(dialog.getByRole('checkbox', { name: /^Mask/ })).toBeChecked();
  // The machine these tests run on has no printer.
  await dialog.getByRole('button', { name: 'Print…' }).click();
  await expect(dialog.getByRole('alert')).toContainText('no printer');
  await dialog.getByRole('button', { name: 'Save as…' }).click();
  await expect(dialog.getByRole('status')).toHaveText(`Saved as ${one}`);
  const pages = await pagesOf(one);
  expect(pages).toBeGreaterThan(0);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(button('Print or PDF…')).toBeFocused();

  const all = path.join(userDataDir, 'all.pdf');
  await answerSaveDialog(app, all);
  await exportAs(review, 'PDF', false);
  await expect(page.getByText(`4 records written to ${all}`)).toBeVisible();
  expect(await pagesOf(all)).toBeGreaterThan(pages);
});

test('a colleague’s file is looked at, read only, and put away again', async ({ looking, userDataDir }) => {
  const { app, review } = looking;
  const { page, button, rows, record, search } = review;
  const file = path.join(userDataDir, 'colleague.ndjson');
  await answerSaveDialog(app, file);
  await exportAs(review, 'NDJSON', true);
  await expect(page.getByText(`4 records written to ${file}`)).toBeVisible();
  const lines = await readFile(file, 'utf8');
  await writeFile(file, `${lines.trim()}\nnot a record\n{"half":\n`);

  await answerOpenDialog(app, file);
  await button('Open a file…').click();
  const banner = page.getByRole('region', { name: 'Opened file' });
  await expect(banner).toContainText('Viewing colleague.ndjson – 4 records, read only');
  await banner.getByText('2 lines couldn’t be read').click();
  await expect(banner).toContainText('Line 5: it isn’t JSON');
  await expect(rows).toHaveCount(4);
  await expect(rows.first()).not.toContainText('Dana');
  await expect(record.getByRole('heading', { level: 2 })).toContainText('Billing help');
  await expect(button('Delete…')).toHaveCount(0);
  await expect(page.getByText(/^Updates from Genesys/)).toHaveCount(0);
  await search.fill('code:login');
  await expect(rows).toHaveCount(1);
  await search.fill('');

  await banner.getByRole('button', { name: 'Close file' }).click();
  await expect(banner).toHaveCount(0);
  await expect(rows.first()).toContainText('Dana Ruiz');
  await expect(button('Delete…')).toBeVisible();

  const other = path.join(userDataDir, 'other.ndjson');
  await writeFile(other, 'a letter\nof two lines\n');
  await answerOpenDialog(app, other);
  await button('Open a file…').click();
  await expect(page.getByRole('alert')).toContainText('has no records that Sharelight exported');
  await expect(rows.first()).toContainText('Dana Ruiz');
});

test('a file that takes long shows how far it is read and can be cancelled; a long list is walked from end to end', async ({
  looking,
  userDataDir,
}) => {
  const { app, review } = looking;
  const { page, button, rows } = review;
  const one = path.join(userDataDir, 'one.ndjson');
  await answerSaveDialog(app, one);
  await exportAs(review, 'NDJSON', false);
  await expect(page.getByText(`4 records written to ${one}`)).toBeVisible();
  const many = path.join(userDataDir, 'many.ndjson');
  await multiply(one, many, 1500);

  await answerOpenDialog(app, many);
  await button('Open a file…').click();
  await expect(page.getByRole('progressbar', { name: 'Opening the file' })).toBeVisible();
  await button('Cancel').click();
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Opened file' })).toHaveCount(0);
  await expect(rows).toHaveCount(4);

  await button('Open a file…').click();
  await expect(page.getByRole('region', { name: 'Opened file' })).toContainText('6,000 records', {
    timeout: 40_000,
  });
  await expect(review.grid).toHaveAttribute('aria-rowcount', '6001');
  // A list that long is walked from end to end.
  await review.grid.focus();
  await page.keyboard.press('End');
  await expect(review.grid.locator('[aria-selected=true]')).toHaveAttribute('aria-rowindex', '6001');
  await page.keyboard.press('Home');
  await expect(review.grid.locator('[aria-selected=true]')).toHaveAttribute('aria-rowindex', '2');
});
