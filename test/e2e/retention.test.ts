import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startSimulator, type RunningSimulator } from '../../electron/feed/simulator/server.ts';
import { expect, test } from './support/agent.ts';
import { recordsOf } from './support/records.ts';
import { goTo, openSettings } from './support/settings.ts';
import { liveWidget } from './support/shares.ts';
import { widgetOf, type Widget } from './support/widget.ts';

const dayMs = 24 * 60 * 60 * 1000;
const exportAll = { args: ['--export', 'json'] };

/** A share nobody answered: a record with nothing left to do about it. */
async function missed({ control }: RunningSimulator, { status }: Widget): Promise<void> {
  const { conversationId } = control.begin({ queue: 'Billing help' });
  await expect(status).toContainText('Incoming screen share');
  control.disconnect('peer', conversationId);
  await expect(status).toContainText(/Missed screen share|\d missed/);
}

/** A server whose clock can be put back: what happens then is old once it is right again. */
async function serverWithClock() {
  const clock = { behindMs: 0 };
  const server = await startSimulator({
    scenario: 'idle',
    heartbeatMs: 1000,
    now: () => Date.now() - clock.behindMs,
  });
  const start = {
    args: ['--feed', 'genesys', '--api', server.apiUrl],
    env: { SHARELIGHT_ACCESS_TOKEN: server.accessToken },
  };
  return { clock, server, start };
}

const logOf = (userDataDir: string): Promise<string> =>
  readFile(path.join(userDataDir, 'logs', 'main.log'), 'utf8');

test('a shorter time is asked about before it deletes anything, and deletes what is older', async ({
  launch,
  runToEnd,
}) => {
  const { clock, server, start } = await serverWithClock();
  clock.behindMs = 40 * dayMs;
  const first = await launch(start);
  await missed(server, await liveWidget(first));
  await first.quit();
  clock.behindMs = 0;

  const app = await launch(start);
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
  await server.close();
});

test('what the organisation has set deletes the first time a day after it was announced', async ({
  launch,
  policyOf,
  runToEnd,
  userDataDir,
}) => {
  const { clock, server, start } = await serverWithClock();
  clock.behindMs = 100 * dayMs;
  const first = await launch(start);
  await missed(server, await liveWidget(first));
  await first.quit();
  clock.behindMs = 0;

  const etc = await policyOf('{"locked": {"keepDays": 90}}');
  const second = await launch({ ...start, etc });
  const announced = (await liveWidget(second)).notices;
  await expect(announced).toContainText(
    'Your organisation keeps records for 90 days. Older ones are deleted from',
  );
  expect(recordsOf(await runToEnd(exportAll))).toHaveLength(1);
  await second.quit();

  // The day is over.
  const file = path.join(userDataDir, 'preferences.json');
  const preferences = JSON.parse(await readFile(file, 'utf8')) as { policyDeletions: object };
  expect(preferences.policyDeletions).toMatchObject({ [server.userId]: { keepDays: 90 } });
  const policyDeletions = { [server.userId]: { keepDays: 90, from: Date.now() - 1 } };
  await writeFile(file, JSON.stringify({ ...preferences, policyDeletions }));

  const app = await launch({ ...start, etc });
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
  await server.close();
});

test('answers from the far future make no record old, nor does a policy anybody could have written', async ({
  server,
  signIn,
  runToEnd,
  userDataDir,
}) => {
  const anybodys = path.join(userDataDir, 'etc');
  await mkdir(path.join(anybodys, 'sharelight'), { recursive: true });
  await writeFile(path.join(anybodys, 'sharelight', 'policy.json'), '{"locked": {"keepDays": 1}}');
  await writeFile(path.join(userDataDir, 'preferences.json'), '{"keepDays": 30}');
  const first = await signIn({ env: { XDG_CONFIG_DIRS: anybodys } });
  const widget = await liveWidget(first);
  await missed(server, widget);
  const page = await openSettings(first);
  await goTo(page, 'Data');
  await expect(page.getByRole('combobox', { name: 'Keep records' })).toHaveValue('30');
  await first.quit();

  const value = new Date(Date.now() + 3650 * dayMs).toUTCString();
  server.control.faults.set({ on: 'http', kind: 'date', value, times: 100 });
  const second = await signIn();
  await expect(widgetOf(await second.widget()).notices).toContainText('no records are deleted for their age');
  await second.quit();
  expect(recordsOf(await runToEnd(exportAll))).toHaveLength(1);
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
  await expect(widgetOf(await second.widget()).notices).toContainText('no records are deleted for their age');
  await second.quit();
  expect(await logOf(userDataDir)).not.toContain('deleted (');
  expect(recordsOf(await runToEnd(exportAll))).toHaveLength(1);

  await server.close();
  const third = await launch(start);
  const page = await openSettings(third);
  await goTo(page, 'Data');
  await expect(page.getByText(/will be deleted once Sharelight reaches Genesys/)).toBeVisible();
  await third.quit();
  expect(await logOf(userDataDir)).not.toContain('deleted (');
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
