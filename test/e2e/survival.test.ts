import { existsSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { expect, test } from './support/agent.ts';
import { violationsInThemes } from './support/axe.ts';
import { DatabaseOnDisk } from './support/database-file.ts';
import { recordsOf } from './support/records.ts';
import { goTo, openSettings } from './support/settings.ts';
import { ended, liveWidget, skipped } from './support/shares.ts';
import { widgetOf, type Widget } from './support/widget.ts';

const keyInFile = { args: ['--key', 'file'] };
/** Every record differs from its checksum from now on. */
const damageRecords = "UPDATE communications SET json = json || ' '";

const helpIn = ({ page }: Widget) => page.getByRole('region', { name: 'Records can’t be used' });

test('kill -9 while typing: what was saved is there again, and nothing else was lost', async ({
  server,
  signIn,
  runToEnd,
}) => {
  const app = await signIn();
  const widget = await liveWidget(app);
  await ended(server, widget, { policy: 'mandatory' });
  await widget.notes.click();
  await widget.page.keyboard.type('Three instalments, as ');
  await expect(widget.page.getByText('Draft saved', { exact: false })).toBeVisible();
  await widget.page.keyboard.type('agreed');
  await app.kill();

  const again = widgetOf(await (await signIn()).widget());
  await expect(again.notes).toHaveValue(/^Three instalments, as/);
  await expect(again.status).toContainText('Wrap up');
  expect((await runToEnd({ args: ['--verify'] })).code).toBe(0);
});

test('kill -9 while submitting: it is sent once, by this run or the next', async ({ server, signIn }) => {
  const { control } = server;
  const app = await signIn();
  const widget = await liveWidget(app);
  const conversationId = await ended(server, widget, { policy: 'mandatory' });
  await widget.page.keyboard.press('1');
  await widget.page.keyboard.press('Control+Enter');
  // Shown as wrapped up means: on the disk. Whether it has been sent by then is chance.
  await expect(widget.status).toContainText('Wrapped up');
  await app.kill();

  const again = widgetOf(await (await signIn()).widget());
  await control.when(() => control.wrapups(conversationId).length > 0);
  await expect(again.status).toContainText('sent');
  expect(control.wrapups(conversationId)).toHaveLength(1);
});

test('a signal to end is a quit: the exit code is 0, and the records are closed and whole', async ({
  signIn,
  runToEnd,
  userDataDir,
}) => {
  rmSync(`${userDataDir}/preferences.json`);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    const app = await signIn(keyInFile);
    await liveWidget(app);
    // What writes it is loaded late, and must not have taken the signals for itself.
    await expect.poll(() => existsSync(`${userDataDir}/preferences.json`)).toBe(true);
    process.kill(app.pid, signal);
    expect(await app.exitCode(), signal).toBe(0);
    expect(readdirSync(userDataDir)).not.toContain('SingletonLock');
  }
  expect((await runToEnd({ args: ['--verify'] })).code).toBe(0);
});

test('a damaged database: the live status goes on, and a restore brings back the day with its words', async ({
  server,
  signIn,
  runToEnd,
  userDataDir,
}) => {
  const { control, userId } = server;
  const database = new DatabaseOnDisk(userDataDir, userId);
  const first = await signIn(keyInFile);
  const widget = await liveWidget(first);
  const before = await skipped(server, widget);
  expect(await first.quit()).toBe(0);
  expect(readdirSync(`${database.folder}/backups`).filter((name) => name.endsWith('.db'))).toHaveLength(1);

  const second = await signIn(keyInFile);
  const writing = await liveWidget(second);
  await ended(server, writing, { policy: 'mandatory' });
  await writing.notes.fill('Three instalments, as agreed');
  await expect(writing.page.getByText('Draft saved', { exact: false })).toBeVisible();
  await second.kill();
  database.change(damageRecords);

  const third = await signIn(keyInFile);
  const damaged = widgetOf(await third.widget());
  const help = helpIn(damaged);
  await expect(help).toContainText('is damaged');
  await expect(help).toContainText('New shares aren’t being recorded. Sharing status still works.');
  await expect(damaged.button('Delete all records')).toBeHidden();
  expect(await violationsInThemes(damaged.page)).toEqual([]);
  // It is still so when it is tried again, and going on without is one line.
  await damaged.button('Try again').press('Enter');
  await expect(help).toContainText('is damaged');
  await damaged.button('Continue without recording').click();
  await expect(help).toHaveCount(0);
  await expect(damaged.status).toContainText('Wrap up');
  const live = control.begin({ policy: 'optional' });
  await expect(damaged.status).toContainText('Incoming screen share');
  await damaged.button('See what you can do').click();

  await damaged.page.getByRole('button', { name: /^Restore the backup of/ }).click();
  await expect(help).toHaveCount(0);
  await expect(damaged.notices).toContainText('Restored the backup of');
  await expect(damaged.notices).toContainText('1 draft');
  await expect(damaged.notices).toContainText('The file is kept in');
  expect(await violationsInThemes(damaged.page)).toEqual([]);
  await expect(damaged.status).toContainText('Incoming screen share');
  control.decline(live.conversationId);
  await expect(damaged.status).toContainText('Wrap up');
  await expect(damaged.notes).toHaveValue('Three instalments, as agreed');
  expect(await third.quit()).toBe(0);

  const verified = await runToEnd({ args: ['--verify'] });
  expect(verified).toMatchObject({ code: 0, stderr: '' });
  const conversations = recordsOf(await runToEnd({ args: ['--export', 'json'] })).map(
    ({ conversationId }) => conversationId,
  );
  expect(conversations).toEqual(expect.arrayContaining([before, live.conversationId]));
  expect(readdirSync(database.folder).filter((name) => name.startsWith('replaced-'))).toHaveLength(1);
});

test('a database whose file is gone is no new beginning: its log stays, its backup and what the log holds are offered', async ({
  server,
  signIn,
  runToEnd,
  userDataDir,
}) => {
  const { userId } = server;
  const database = new DatabaseOnDisk(userDataDir, userId);
  const first = await signIn(keyInFile);
  const widget = await liveWidget(first);
  const before = await skipped(server, widget);
  expect(await first.quit()).toBe(0);
  const second = await signIn(keyInFile);
  await ended(server, await liveWidget(second), { policy: 'optional' });
  await second.kill();
  const log = readFileSync(`${database.file}-wal`);
  expect(log.length).toBeGreaterThan(0);
  truncateSync(database.file, 0);

  expect(await runToEnd({ args: ['--verify'] })).toMatchObject({ code: 1 });
  const third = await signIn(keyInFile);
  const lost = widgetOf(await third.widget());
  await expect(helpIn(lost)).toContainText('The file with your records is missing or empty.');
  expect(readFileSync(`${database.file}-wal`).equals(log)).toBe(true);
  await expect(lost.button('Save what can be read')).toBeVisible();
  await lost.page.getByRole('button', { name: /^Restore the backup of/ }).click();
  await expect(lost.notices).toContainText('Restored the backup of');
  await expect(helpIn(lost)).toHaveCount(0);
  expect(await third.quit()).toBe(0);
  const records = recordsOf(await runToEnd({ args: ['--export', 'json'] }));
  expect(records.map(({ conversationId }) => conversationId)).toContain(before);
});

test('damage met while it runs leads to the same choices, and a new beginning keeps the old one', async ({
  server,
  signIn,
  userDataDir,
}) => {
  const { userId } = server;
  const database = new DatabaseOnDisk(userDataDir, userId);
  const first = await signIn(keyInFile);
  await ended(server, await liveWidget(first), { policy: 'optional' });
  expect(await first.quit()).toBe(0);
  // Started again, and live, no reading of the record is under way that would write it anew.
  const app = await signIn(keyInFile);
  const widget = widgetOf(await app.widget());
  await expect(widget.link).toContainText('Live');
  // Another program with the key: SQLite's locks let it.
  database.change(damageRecords);
  await widget.button('Skip').press('Enter');
  await expect(helpIn(widget)).toContainText('is damaged');
  await expect(widget.page.getByText('New shares aren’t being recorded', { exact: false })).toBeVisible();

  await widget.button('Start fresh').click();
  await expect(helpIn(widget)).toHaveCount(0);
  await expect(widget.notices).toContainText('Started fresh. Your old records are in');
  expect(readdirSync(database.folder).filter((name) => name.startsWith('aside-'))).toHaveLength(1);
  expect(await app.quit()).toBe(0);
});

test('damage that a verification finds leads to the same choices', async ({
  server,
  signIn,
  userDataDir,
}) => {
  const { userId } = server;
  const database = new DatabaseOnDisk(userDataDir, userId);
  const first = await signIn(keyInFile);
  const before = await liveWidget(first);
  await skipped(server, before);
  expect(await first.quit()).toBe(0);
  const app = await signIn(keyInFile);
  const widget = widgetOf(await app.widget());
  await expect(widget.link).toContainText('Live');
  database.change(damageRecords);
  const settings = await openSettings(app);
  await goTo(settings, 'Data');
  await settings.getByRole('button', { name: 'Verify now' }).click();
  await expect(settings.getByText('NOT intact', { exact: false })).toBeVisible();
  await expect(helpIn(widget)).toContainText('is damaged');
  await expect(widget.button('Save what can be read')).toBeVisible();
});

test('whoever quits while history is paused is asked once about words that would be lost', async ({
  server,
  signIn,
  userDataDir,
}) => {
  const database = new DatabaseOnDisk(userDataDir, server.userId);
  const first = await signIn(keyInFile);
  await liveWidget(first);
  expect(await first.quit()).toBe(0);
  database.destroyBeginning();

  const app = await signIn(keyInFile);
  const widget = widgetOf(await app.widget());
  await widget.button('Continue without recording').click();
  await ended(server, widget, { policy: 'mandatory' });
  await widget.notes.fill('Three instalments, as agreed');
  await expect(widget.page.getByText('Not saved on this computer', { exact: false })).toBeVisible();
  // What the person chooses in the system's dialog, which no test can press.
  const asked = await app.electron.evaluateHandle(({ dialog }) => {
    const questions = { put: [] as string[], answer: 1 };
    dialog.showMessageBox = (...args: unknown[]) => {
      questions.put.push((args.at(-1) as { message: string }).message);
      return Promise.resolve({ response: questions.answer, checkboxChecked: false });
    };
    return questions;
  });
  await app.desktop.tray.choose(app.pid, 'Quit Sharelight');
  await expect.poll(() => asked.evaluate(({ put }) => put)).toEqual(['1 draft isn’t saved on this computer']);
  await expect(widget.notes).toHaveValue('Three instalments, as agreed');

  await asked.evaluate((questions) => {
    questions.answer = 0;
  });
  await app.desktop.tray.choose(app.pid, 'Quit Sharelight');
  expect(await app.exitCode()).toBe(0);
});

test('deletion is the last resort: folded away, a word to type, and then nothing is left', async ({
  server,
  signIn,
  userDataDir,
}) => {
  const { userId } = server;
  const database = new DatabaseOnDisk(userDataDir, userId);
  const first = await signIn(keyInFile);
  const widget = await liveWidget(first);
  await skipped(server, widget);
  expect(await first.quit()).toBe(0);
  database.destroyBeginning();

  const second = await signIn(keyInFile);
  const damaged = widgetOf(await second.widget());
  await expect(helpIn(damaged)).toContainText('The start of your records file is damaged');
  await expect(damaged.button('Try again')).toBeFocused();
  await damaged.page.getByText('Delete all records on this computer').click();
  await damaged.button('Delete all records').click();
  await expect(helpIn(damaged)).toContainText('Type delete to confirm.');
  expect(existsSync(database.file)).toBe(true);
  await damaged.page.getByRole('textbox', { name: 'Type delete to confirm.' }).fill('delete');
  await damaged.button('Delete all records').click();
  await expect(helpIn(damaged)).toHaveCount(0);
  expect(await second.quit()).toBe(0);
  expect(
    readdirSync(database.folder).filter((name) => name.startsWith('replaced') || name === 'replacing.json'),
  ).toEqual([]);
});
