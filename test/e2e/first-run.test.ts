import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { say } from '../../domain/words/say.ts';
import { expect, test } from './support/agent.ts';
import { violationsInThemes } from './support/axe.ts';
import { lockKeyring } from './support/keyring.ts';
import { connected, ended, liveWidget, skipped } from './support/shares.ts';
import { widgetOf } from './support/widget.ts';

/** How the key of a database is kept, as the folder has it. */
function keyOf(userDataDir: string, account: string) {
  const file = path.join(userDataDir, 'memory', account, 'key.json');
  return {
    ...(JSON.parse(readFileSync(file, 'utf8')) as { kind: string }),
    mode: statSync(file).mode & 0o777,
  };
}

function questionOf(page: Page) {
  return page.getByRole('region', { name: 'Key to your records' });
}

/** What is asked when the database cannot be used. */
function helpOf(page: Page) {
  return page.getByRole('region', { name: 'Records can’t be used' });
}

/** The files of a database and their bytes, to show that nothing was touched. */
function bytesOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const names = entries.map(({ name }) => name).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name), 'hex')]));
}

test('the first window asks what to do, and is silent until that is chosen', async ({
  launch,
  userDataDir,
  desktop,
}) => {
  const app = await launch({
    args: ['--first-run', 'ask'],
    env: { XDG_CONFIG_HOME: path.join(userDataDir, 'config') },
  });
  const { page, status, button } = widgetOf(await app.widget());
  await expect(page.getByRole('region', { name: 'Welcome to Sharelight' })).toBeVisible();
  await expect(status).toHaveCount(0);
  expect(await violationsInThemes(page)).toEqual([]);
  const atLogin = page.getByRole('checkbox', { name: 'Start Sharelight when I log in' });
  await atLogin.check();
  const entry = path.join(userDataDir, 'config', 'autostart', 'sharelight.desktop');
  await expect.poll(() => existsSync(entry)).toBe(true);

  // Signing in asks where to, in the settings.
  await button('Sign in').click();
  const settings = await app.window('settings');
  await expect(settings.getByRole('combobox', { name: 'Region' })).toBeVisible();
  await expect(settings.getByRole('tabpanel')).toContainText('Advanced');
  expect(desktop.notifications.shown).toEqual([]);
  expect(existsSync(path.join(userDataDir, 'memory'))).toBe(false);

  await button('Look around with the demo').click();
  await expect(status).toContainText('Incoming screen share');
  await settings.getByRole('tab', { name: 'Data' }).click();
  await page.getByRole('button', { name: 'Demo', exact: true }).click();
  await expect(settings.getByRole('tabpanel', { name: 'Account' })).toBeVisible();
  expect(await app.quit()).toBe(0);

  const again = await launch({ args: ['--first-run', 'ask'] });
  await expect(widgetOf(await again.widget()).status).toContainText('Incoming screen share');
});

test('without a key store the demo begins without asking, and says where its key is', async ({
  desktopWith,
  launch,
  userDataDir,
}) => {
  const desktop = await desktopWith({ keyring: false });
  const app = await launch({ desktop });
  const { page, status, notices, button } = widgetOf(await app.widget());
  await expect(notices).toContainText('This desktop has no key store, so the demo keeps its key in a file');
  await expect(status).toContainText('Incoming screen share');
  await expect(questionOf(page)).toHaveCount(0);
  expect(keyOf(userDataDir, 'demo')).toMatchObject({ kind: 'file', mode: 0o600 });
  await button('Dismiss').click();
  await expect(notices).toHaveText('');
});

test('where the organisation wants a passphrase nothing else is offered', async ({
  desktopWith,
  policyOf,
  signIn,
}) => {
  const desktop = await desktopWith({ keyring: false });
  const etc = await policyOf('{ "locked": { "keyKeeping": "passphrase" } }');
  const app = await signIn({ desktop, etc });
  const { page, button } = widgetOf(await app.widget());
  await expect(questionOf(page)).toContainText('Your organisation requires a passphrase for your records');
  await expect(button('Use a passphrase')).toBeVisible();
  await expect(button('Use a key file')).toHaveCount(0);
});

test('without a key store a real account is asked: a key file', async ({
  desktopWith,
  server,
  signIn,
  userDataDir,
  runToEnd,
}) => {
  const { control, userId } = server;
  const desktop = await desktopWith({ keyring: false });
  const app = await signIn({ desktop });
  const { page, status, button } = widgetOf(await app.widget());
  await expect(questionOf(page)).toContainText('This desktop has no key store');
  await expect(
    page.getByText('New shares aren’t being recorded until you choose how to keep the key.'),
  ).toBeVisible();

  // The live status does not wait for the answer, and what it saw meanwhile is read again after it.
  const { conversationId } = control.begin({ policy: 'mandatory' });
  await expect(status).toContainText('Incoming screen share');
  await button('Use a key file').click();
  await expect(questionOf(page)).toHaveCount(0);
  await expect(page.getByText('New shares aren’t being recorded', { exact: false })).toHaveCount(0);
  expect(keyOf(userDataDir, userId)).toMatchObject({ kind: 'file', mode: 0o600 });
  await expect(status).toContainText('Incoming screen share');
  expect(await app.quit()).toBe(0);

  const exported = await runToEnd({ desktop, args: ['--export', 'json'] });
  expect(JSON.parse(exported.stdout)).toMatchObject([{ conversationId }]);
});

test('without a key store a real account is asked: a passphrase, and again at each start', async ({
  desktopWith,
  server,
  signIn,
  userDataDir,
}) => {
  const { control, userId } = server;
  const desktop = await desktopWith({ keyring: false });
  const app = await signIn({ desktop });
  const { page, status, button } = widgetOf(await app.widget());
  await button('Use a passphrase').click();
  await expect(page.getByLabel('Passphrase', { exact: true })).toBeFocused();
  await page.keyboard.type('correct horse');
  await page.keyboard.press('Tab');
  await page.keyboard.type('correct house');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The passphrases don’t match.')).toBeVisible();
  await page.getByLabel('Repeat passphrase').fill('correct horse');
  await page.keyboard.press('Enter');
  await expect(questionOf(page)).toHaveCount(0);
  expect(keyOf(userDataDir, userId)).toMatchObject({ kind: 'passphrase', mode: 0o600 });

  control.begin();
  await expect(status).toContainText('Incoming screen share');
  control.decline();
  await expect(status).toContainText('You declined it');
  expect(await app.quit()).toBe(0);

  const again = await signIn({ desktop });
  const later = widgetOf(await again.widget());
  await expect(questionOf(later.page)).toContainText('Type the passphrase that protects your records.');
  await later.page.getByLabel('Passphrase').fill('correct house');
  await later.page.keyboard.press('Enter');
  await expect(later.page.getByText('Wrong passphrase. Nothing was changed. Try again.')).toBeVisible();
  await expect(later.status).not.toContainText('Missed screen share');

  await later.page.getByLabel('Passphrase').fill('correct horse');
  await later.page.keyboard.press('Enter');
  await expect(questionOf(later.page)).toHaveCount(0);
  await expect(later.status).toContainText('Missed screen share');
});

test('a forgotten passphrase: the work goes on without recording, and records begin afresh', async ({
  desktopWith,
  server,
  signIn,
  userDataDir,
  runToEnd,
}) => {
  const { control, userId } = server;
  const desktop = await desktopWith({ keyring: false });
  const first = await signIn({ desktop });
  const known = widgetOf(await first.widget());
  await known.button('Use a passphrase').click();
  await known.page.getByLabel('Passphrase', { exact: true }).fill('correct horse');
  await known.page.getByLabel('Repeat passphrase').fill('correct horse');
  await known.page.keyboard.press('Enter');
  await expect(questionOf(known.page)).toHaveCount(0);
  await skipped(server, known);
  expect(await first.quit()).toBe(0);

  const app = await signIn({ desktop });
  const widget = widgetOf(await app.widget());
  const { page, status, code, button } = widget;
  await page.getByLabel('Passphrase').fill('correct house');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Nothing was changed', { exact: false })).toBeVisible();
  await button('Continue without recording').click();
  await expect(questionOf(page)).toHaveCount(0);
  await expect(page.getByText('until you type the passphrase', { exact: false })).toHaveCount(1);
  const conversationId = await ended(server, widget, { policy: 'mandatory' });
  await page.keyboard.type('payment');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Three instalments');
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText('Payment plan agreed · sent');
  expect(control.wrapups(conversationId)).toMatchObject([{ wrapup: { notes: 'Three instalments' } }]);

  // Beside the question the prompt is there as well, and takes nobody out of what they are typing.
  await button('Type passphrase').click();
  const passphrase = page.getByLabel('Passphrase');
  await expect(passphrase).toBeFocused();
  await passphrase.fill('correct ho');
  const second = await connected(server, widget, { policy: 'optional' });
  control.disconnect('peer', second);
  await expect(code).toBeVisible();
  await expect(passphrase).toBeFocused();
  await button('Skip').click();
  await expect(status).toContainText('Skipped · sent');

  await page.getByText('Forgot the passphrase?').click();
  await expect(page.getByText('can’t be read without the passphrase', { exact: false })).toBeVisible();
  await button(say('database.help.aside')).click();
  await expect(questionOf(page)).toContainText('This desktop has no key store');
  await button('Use a key file').click();
  await expect(questionOf(page)).toHaveCount(0);
  expect(keyOf(userDataDir, userId)).toMatchObject({ kind: 'file' });
  const database = path.join(userDataDir, 'memory', userId);
  const aside = readdirSync(database).find((name) => name.startsWith('aside-')) ?? '';
  expect(readdirSync(path.join(database, aside))).toEqual(expect.arrayContaining(['memory.db', 'key.json']));
  expect(keyOf(userDataDir, path.join(userId, aside))).toMatchObject({ kind: 'passphrase' });
  await expect(widget.notices).toContainText(aside);
  expect(await app.quit()).toBe(0);

  // What was done without recording is in the new records, and nothing of the old ones.
  const exported = await runToEnd({ desktop, args: ['--export', 'json'] });
  expect(JSON.parse(exported.stdout)).toMatchObject([
    { conversationId, wrapup: { notes: 'Three instalments', state: 'sent' } },
    { conversationId: second, wrapup: { state: 'skipped' } },
  ]);
});

test('with a key store nothing is asked; one that does not open the key is a problem, never a new beginning', async ({
  desktopWith,
  server,
  signIn,
  userDataDir,
  runToEnd,
}) => {
  const { control, userId } = server;
  const keyringFolder = await mkdtemp(path.join(os.tmpdir(), 'sharelight-keyring-'));
  const database = path.join(userDataDir, 'memory', userId);
  const usual = await desktopWith({ keyringFolder });
  const app = await signIn({ desktop: usual });
  const { page, status } = await liveWidget(app);
  await expect(questionOf(page)).toHaveCount(0);
  const { conversationId } = control.begin({ customer: 'Before The Change' });
  await expect(status).toContainText('Incoming screen share');
  control.decline();
  await expect(status).toContainText('You declined it');
  expect(await app.quit()).toBe(0);
  expect(keyOf(userDataDir, userId)).toMatchObject({
    kind: 'system',
    backend: 'gnome_libsecret',
    mode: 0o600,
  });
  const before = bytesOf(database);

  // Another key store (another account of the desktop, a new keyring), and none at all.
  const stranger = await desktopWith({});
  const none = await desktopWith({ keyring: false });
  for (const desktop of [stranger, none]) {
    const changed = await signIn({ desktop });
    const widget = widgetOf(await changed.widget());
    const question = helpOf(widget.page);
    await expect(question).toContainText('This desktop’s key store can’t open the key to your records');
    await expect(question).toContainText('Nothing was changed.');
    await expect(widget.status).toContainText('Not sharing');
    await widget.button('Try again').click();
    await expect(question).toContainText('Nothing was changed.');
    control.begin();
    await expect(widget.status).toContainText('Incoming screen share');
    control.decline();
    expect(await changed.quit()).toBe(0);
    expect(bytesOf(database)).toEqual(before);
  }

  const exported = await runToEnd({ desktop: usual, args: ['--export', 'json'] });
  expect(exported.stderr).toBe('');
  expect(JSON.parse(exported.stdout)).toMatchObject([{ conversationId }]);
  await rm(keyringFolder, { recursive: true, force: true });
});

test('a key store that is locked is a problem that is over with the next start after it was unlocked', async ({
  desktopWith,
  server,
  signIn,
  userDataDir,
}) => {
  const { control, userId } = server;
  const database = path.join(userDataDir, 'memory', userId);
  const desktop = await desktopWith({});
  const first = await signIn({ desktop });
  const known = await liveWidget(first);
  control.begin();
  await expect(known.status).toContainText('Incoming screen share');
  control.decline();
  await expect(known.status).toContainText('You declined it');
  expect(await first.quit()).toBe(0);
  const before = bytesOf(database);

  const unlock = await lockKeyring(desktop);
  const app = await signIn({ desktop });
  const { page, status } = widgetOf(await app.widget());
  await expect(helpOf(page)).toContainText('Unlock the keyring');
  await expect(status).toContainText('Not sharing');
  expect(await app.quit()).toBe(0);
  expect(bytesOf(database)).toEqual(before);

  await unlock();
  const again = await signIn({ desktop });
  const later = widgetOf(await again.widget());
  await expect(later.status).toContainText('Missed screen share');
  await expect(helpOf(later.page)).toHaveCount(0);
});

test('a key that lies open, and a key that is gone, are problems that can be solved and tried again', async ({
  server,
  signIn,
  userDataDir,
}) => {
  const { control, userId } = server;
  const key = path.join(userDataDir, 'memory', userId, 'key.json');
  const first = await signIn({ args: ['--key', 'file'] });
  const known = await liveWidget(first);
  control.begin();
  await expect(known.status).toContainText('Incoming screen share');
  control.decline();
  await expect(known.status).toContainText('You declined it');
  expect(await first.quit()).toBe(0);

  await chmod(key, 0o644);
  const app = await signIn();
  const { page, status, button } = widgetOf(await app.widget());
  await expect(helpOf(page)).toContainText(`Run: chmod 600 '${key}'`);
  await chmod(key, 0o600);
  await button('Try again').click();
  await expect(helpOf(page)).toHaveCount(0);
  await expect(status).toContainText('Missed screen share');
  expect(await app.quit()).toBe(0);

  await rename(key, `${key}.away`);
  const lost = await signIn();
  const without = widgetOf(await lost.widget());
  await expect(helpOf(without.page)).toContainText('their key.json is missing');
  await rename(`${key}.away`, key);
  await without.button('Try again').click();
  await expect(helpOf(without.page)).toHaveCount(0);
});
