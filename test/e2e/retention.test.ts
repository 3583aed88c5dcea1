import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startSimulator, type RunningSimulator } from '../../electron/feed/simulator/server.ts';
import { expect, test } from './support/agent.ts';
import { recordsOf } from './support/records.ts';
import { goTo, openSettings, writePolicy } from './support/settings.ts';
import { liveWidget } from './support/shares.ts';
import type { Widget } from './support/widget.ts';

const dayMs = 24 * 60 * 60 * 1000;
const exportAll = { args: ['--export', 'json'] };

/** A share nobody answered: a record with nothing left to do about it. */
async function missed({ control }: RunningSimulator, { status }: Widget): Promise<void> {
  const { conversationId } = control.begin({ queue: 'Billing help' });
  await expect(status).toContainText('Incoming screen share');
  control.disconnect('peer', conversationId);
  await expect(status).toContainText('Missed screen share');
}

const logOf = (userDataDir: string): Promise<string> =>
  readFile(path.join(userDataDir, 'logs', 'main.log'), 'utf8');

test('a shorter time is asked about before it deletes anything, and deletes what is older', async ({
  server,
  signIn,
  runToEnd,
}) => {
  const first = await signIn();
  await missed(server, await liveWidget(first));
  await first.quit();
  server.control.advance(40 * dayMs);

  const app = await signIn();
  const widget = await liveWidget(app);
  await missed(server, widget);
  const page = await openSettings(app);
  await goTo(page, 'Data');
  const keep = page.getByRole('combobox', { name: 'Keep records' });
  await expect(keep).toHaveValue('always');

  // What would be deleted is said, and what is safest is what Enter does.
  await keep.focus();
  await keep.selectOption('30 days');
  const dialog = page.getByRole('dialog', { name: 'Delete 1 record?' });
  await expect(dialog).toContainText('1 record is older than 30 days');
  await expect(dialog.getByRole('button', { name: 'Change nothing' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(keep).toHaveValue('always');
  await expect(keep).toBeFocused();

  // A longer one deletes nothing and asks nothing.
  await keep.selectOption('1 year');
  await expect(page.getByText(/^Next: 1 record on .*, in 325 days$/)).toBeVisible();
  expect(recordsOf(await runToEnd(exportAll))).toHaveLength(2);

  await keep.selectOption('30 days');
  await dialog.getByRole('button', { name: 'Delete 1 record' }).click();
  await expect(keep).toHaveValue('30');
  await expect(page.getByText(/^Next: 1 record on .*, in 30 days$/)).toBeVisible();
  await expect(widget.notices).toContainText('1 record older than 30 days was deleted.');
  expect(recordsOf(await runToEnd(exportAll))).toHaveLength(1);

  // The number is the person's own, within bounds.
  await keep.selectOption('Other number of days…');
  const days = page.getByRole('textbox', { name: 'Days' });
  await days.fill('0');
  await days.press('Enter');
  await expect(page.getByRole('alert')).toContainText('from 1 to 3650');
  await days.fill('45');
  await days.press('Enter');
  await expect(page.getByText(/^Next: 1 record on .*, in 45 days$/)).toBeVisible();
  expect(await app.quit()).toBe(0);
  expect((await runToEnd({ args: ['--verify'] })).code).toBe(0);
});

test('what the organisation has set is in force at the first contact, and cannot be changed', async ({
  server,
  signIn,
  runToEnd,
  userDataDir,
}) => {
  const first = await signIn();
  await missed(server, await liveWidget(first));
  await first.quit();
  server.control.advance(100 * dayMs);

  const env = await writePolicy(userDataDir, '{"locked": {"keepDays": 90}}');
  const app = await signIn({ env });
  const widget = await liveWidget(app);
  await expect(widget.notices).toContainText('1 record older than 90 days was deleted.');
  expect(recordsOf(await runToEnd(exportAll))).toEqual([]);
  await expect(widget.status).toContainText('No shares yet');

  const page = await openSettings(app);
  await goTo(page, 'Data');
  const keep = page.getByRole('combobox', { name: 'Keep records' });
  await expect(keep).toHaveValue('90');
  await expect(keep).toBeDisabled();
  await expect(keep).toHaveAccessibleDescription(/organisation/);
  await expect(page.getByText('No records are due for deletion.')).toBeVisible();
  expect((await runToEnd({ args: ['--verify'] })).code).toBe(0);
});

test('this machine’s clock deletes nothing: neither while the server is silent, nor where it is wrong', async ({
  launch,
  runToEnd,
  userDataDir,
}) => {
  await writeFile(path.join(userDataDir, 'preferences.json'), '{"keepDays": 30}');
  // A year behind: as this machine sees it, all that happens there is a year old.
  const server = await startSimulator({
    scenario: 'idle',
    heartbeatMs: 1000,
    now: () => Date.now() - 365 * dayMs,
  });
  const start = {
    args: ['--feed', 'genesys', '--api', server.apiUrl],
    env: { SHARELIGHT_ACCESS_TOKEN: server.accessToken },
  };
  const first = await launch(start);
  await missed(server, await liveWidget(first));
  await first.quit();

  const second = await launch(start);
  const done = 'deleted (range): 0 records';
  await expect.poll(async () => (await logOf(userDataDir)).split(done).length).toBeGreaterThan(2);
  await second.quit();
  expect(recordsOf(await runToEnd(exportAll))).toHaveLength(1);

  await server.close();
  const runs = (await logOf(userDataDir)).split('deleted (').length;
  const third = await launch(start);
  const page = await openSettings(third);
  await goTo(page, 'Data');
  await expect(page.getByText(/will be deleted once Sharelight reaches Genesys/)).toBeVisible();
  await third.quit();
  expect((await logOf(userDataDir)).split('deleted (')).toHaveLength(runs);
  expect(recordsOf(await runToEnd(exportAll))).toHaveLength(1);
});

test('all records can be deleted, but not by accident', async ({ server, signIn, runToEnd }) => {
  const app = await signIn();
  const widget = await liveWidget(app);
  await missed(server, widget);
  await missed(server, widget);
  const { conversationId } = server.control.begin({ queue: 'Billing help' });
  server.control.answer(conversationId);
  await expect(widget.status).toContainText('Connected');

  const page = await openSettings(app);
  await goTo(page, 'Data');
  const button = page.getByRole('button', { name: 'Delete all records…' });
  await button.click();
  const dialog = page.getByRole('dialog', { name: 'Delete all 2 records?' });
  await expect(dialog).toContainText('1 is kept: it’s still open');
  await expect(dialog.getByRole('button', { name: 'Keep everything' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
  expect(recordsOf(await runToEnd(exportAll))).toHaveLength(3);

  await button.click();
  await dialog.getByRole('button', { name: 'Delete 2 records' }).click();
  await expect(page.getByText('2 records were deleted.')).toBeVisible();
  const left = recordsOf(await runToEnd(exportAll));
  expect(left.map((record) => record.conversationId)).toEqual([conversationId]);
  await expect(widget.status).toContainText('Connected');
  expect((await runToEnd({ args: ['--verify'] })).code).toBe(0);
});
