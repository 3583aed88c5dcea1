import { archived, other, pagesOf } from '../unit/archive-room/archived-records.ts';
import { playArchive } from '../unit/archive-room/played-archive.ts';
import { expect, openReview, test } from './support/review.ts';
import { goTo, openSettings } from './support/settings.ts';
import { ended, liveWidget, sharing } from './support/shares.ts';

const stops: (() => Promise<void>)[] = [];
test.afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const look = {
  at: '2026-11-30T10:00:00Z',
  by: { id: 'boss', name: 'The Boss' },
  what: 'page',
  records: 3,
  query: 'queue:billing',
} as const;

test('the archive is looked at instead of this desk, page by page, and left by one click when it fails', async ({
  signIn,
  server,
}) => {
  const archive = await playArchive((stop) => stops.push(stop));
  archive.supervisor = true;
  const records = Array.from({ length: 130 }, (_, at) => archived(at, at === 1 ? { agent: other } : {}));
  const pages = pagesOf(records);
  archive.reads = (at) => (at.pathname === '/v1/access' ? { access: [look], next: null } : pages(at));

  const app = await signIn({ args: ['--archive', archive.url] });
  const widget = await liveWidget(app);
  const { page, rows, row, grid, found, search, record, button } = await openReview(app);
  const desk = page.getByRole('radio', { name: 'This desk' });
  await expect(desk).toBeChecked();
  await expect(page.getByText('No records yet')).toBeVisible();

  await page.getByRole('radio', { name: 'Archive' }).check();
  await expect(found).toHaveText('The newest 100 records, more as you scroll');
  await expect(row(/Ben Ode/)).toHaveCount(1);
  await expect(record).toContainText('In the archive since');
  await expect(record.getByRole('button', { name: 'Delete…' })).toHaveCount(0);

  await grid.press('End');
  await expect(found).toHaveText('130 records');
  await grid.press('End');
  await expect(grid.locator('[data-row="129"]')).toBeVisible();

  await search.fill('Ana');
  await expect(page.getByText('names and notes may be masked there')).toBeVisible();
  await search.fill('agent:ben');
  await expect.poll(() => archive.asked.filter((at) => at.includes('agent=ben')).length).toBe(1);
  await search.fill('');

  await page.getByText('Who looked at my records').click();
  await expect(page.getByText('The Boss')).toBeVisible();
  await expect(page.getByText('saw 3 records in a list · searched for queue:billing')).toBeVisible();

  await expect(row(/Ben Ode/)).toHaveCount(1);
  const conversationId = await sharing(server, widget);
  await expect(row(/Ben Ode/)).toHaveCount(0);
  await expect(page.getByText('The Boss')).toHaveCount(0);
  server.control.disconnect('peer', conversationId);
  // What was hidden is read again.
  await expect(page.getByText('The Boss')).toBeVisible();

  // More than one: the finished share is on its way to the archive, too.
  archive.faults.push(...Array.from({ length: 5 }, () => 'portal' as const));
  await button('Look again').click();
  await expect(page.getByRole('alert')).toContainText('Something other than an archive answers');
  await button('Back to this desk').click();
  await expect(desk).toBeChecked();
  await expect(row(/Ben Ode/)).toHaveCount(0);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(rows).toHaveCount(1);
});

test('what the archive refused is listed with its reason, and offered again when the agent says so', async ({
  server,
  signIn,
}) => {
  const archive = await playArchive((stop) => stops.push(stop));
  archive.refuses = 'Home internet';
  const app = await signIn({ args: ['--archive', archive.url] });
  const widget = await liveWidget(app);
  await ended(server, widget, { policy: 'optional', queue: 'Home internet' });
  await widget.button('Skip').click();
  const settings = await openSettings(app);
  await goTo(settings, 'Archive');
  const issues = settings.getByText('1 record the archive didn’t take as it is');
  await issues.click();
  await expect(settings.getByText('refused – its queue is not taken')).toBeVisible();

  archive.refuses = null;
  await settings.getByRole('button', { name: 'Offer what was refused again' }).click();
  await expect(settings.getByText('1 record in the archive')).toBeVisible();
  await expect(issues).toHaveCount(0);
  expect(archive.kept.size).toBe(1);
});
