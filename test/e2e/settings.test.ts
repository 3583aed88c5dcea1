import { defaultStopKey } from '../../domain/accelerator.ts';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './support/agent.ts';
import { violations } from './support/axe.ts';
import { answerSaveDialog, goTo, openSettings } from './support/settings.ts';
import { liveWidget, sharing } from './support/shares.ts';
import { widgetOf } from './support/widget.ts';

const themes = ['Light', 'Dark', 'High contrast'];

/** Moves on with Tab until this control has the focus. */
async function tabTo(
  page: Page,
  role: 'button' | 'checkbox' | 'textbox' | 'combobox' | 'slider',
  name: string,
) {
  const control = page.getByRole(role, { name, exact: true });
  for (let step = 0; step < 30; step += 1) {
    await page.keyboard.press('Tab');
    if (await control.evaluate((element) => element === document.activeElement)) return control;
  }
  throw new Error(`Tab does not lead to the ${role} "${name}".`);
}

test('there is one settings window, however it is asked for', async ({ launch, runToEnd }) => {
  const app = await launch();
  const widget = await app.widget();
  await widgetOf(widget).button('Settings').click();
  const page = await app.window('settings');
  await expect(page).toHaveTitle('Sharelight – Settings');
  await expect.poll(() => app.desktop.activeWindow()).toBe('Sharelight – Settings');
  const minimum = await app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find((window) => window.isResizable())
      ?.getMinimumSize(),
  );
  expect(minimum).toEqual([560, 420]);

  await widget.keyboard.press('Control+,');
  await app.desktop.tray.choose(app.pid, 'Settings');
  await expect.poll(() => app.desktop.activeWindow()).toBe('Sharelight – Settings');
  expect(app.electron.windows().filter((each) => each.url().includes('/settings/'))).toHaveLength(1);

  // A link is handed to the program that runs; one that leads nowhere is said there.
  expect((await runToEnd({ args: ['sharelight://settings/shortcuts'] })).code).toBe(0);
  await expect(page.getByRole('tabpanel', { name: 'Shortcuts' })).toBeVisible();
  expect((await runToEnd({ args: ['sharelight://settings/nowhere'] })).code).toBe(0);
  await expect(widgetOf(widget).notices).toContainText('A link led to Sharelight, but to nothing in it.');

  // Closing it ends nothing, and it opens again.
  const closed = page.waitForEvent('close');
  await app.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()
      .find((window) => window.isResizable())
      ?.close();
  });
  await closed;
  await expect(widgetOf(widget).status).toBeVisible();
  await openSettings(app);
  expect(await app.quit()).toBe(0);
});

test('every section is reached and used with the keyboard alone', async ({ launch, userDataDir }) => {
  const app = await launch();
  const page = await openSettings(app);

  await goTo(page, 'Account');
  await expect(page.getByRole('tabpanel')).toContainText('This is the demo');
  const region = await tabTo(page, 'combobox', 'Region');
  await page.keyboard.type('EMEA (Fra');
  await expect(region).toHaveValue('eu_central_1');
  await tabTo(page, 'textbox', 'Client ID');
  await page.keyboard.type('not an id!');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Enter the client ID');

  await goTo(page, 'Notifications');
  const notifications = await tabTo(page, 'checkbox', 'Show system notifications');
  await page.keyboard.press('Space');
  await expect(notifications).not.toBeChecked();
  const minutes = await tabTo(page, 'textbox', 'Remind me I’m still sharing after (minutes)');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('45, twenty');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('such as 5, 15, 30');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('45 20');
  await page.keyboard.press('Enter');
  await expect(minutes).toHaveValue('20, 45');

  await goTo(page, 'Sounds');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: 'Bell' })).toBeChecked();
  const volume = await tabTo(page, 'slider', 'Volume');
  await page.keyboard.press('End');
  await expect(volume).toHaveAttribute('aria-valuetext', '100%');

  await goTo(page, 'Shortcuts');
  await tabTo(page, 'button', 'Change keys for Stop sharing');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+S');
  await expect(page.getByRole('tabpanel')).toContainText('Use two of Ctrl, Alt and Shift');
  await page.keyboard.press('Control+Shift+F7');
  await expect(page.getByText('Ctrl+Shift+F7', { exact: true })).toBeVisible();

  // Keys that do something else already are refused by its name; others do what they were chosen for, in every window.
  await tabTo(page, 'button', 'Change keys for Larger text');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+0');
  await expect(page.getByRole('alert')).toContainText('Ctrl+0 is already used for “Normal text size”');
  await page.keyboard.press('Enter');
  await page.keyboard.press('F4');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await expect(keys.getByText('F4', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(keys).toHaveCount(0);
  const widget = await app.widget();
  const zoomOf = (each: Page) => each.evaluate(() => window.devicePixelRatio);
  await widget.keyboard.press('F4');
  await expect.poll(() => zoomOf(page)).toBeCloseTo(1.1);
  expect(await zoomOf(widget)).toBeCloseTo(1.1);
  await widget.keyboard.press('Control+0');
  await expect.poll(() => zoomOf(page)).toBe(1);

  await goTo(page, 'Appearance');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: 'Light' })).toBeChecked();

  await goTo(page, 'Language');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: 'English' })).toBeChecked();

  await goTo(page, 'Data');
  await tabTo(page, 'button', 'Verify now');
  await page.keyboard.press('Enter');
  await expect(page.getByText('All records are intact.')).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^\d+ updates?, .* the chain holds\.$/)).toBeVisible();

  await goTo(page, 'About & diagnostics');
  await expect(page.getByRole('tabpanel')).toContainText(/Sharelight \d+\.\d+\.\d+/);
  await tabTo(page, 'button', 'Open log folder');

  // All of it is kept.
  expect(await app.quit()).toBe(0);
  expect(JSON.parse(await readFile(path.join(userDataDir, 'preferences.json'), 'utf8'))).toMatchObject({
    region: 'eu_central_1',
    notifications: false,
    stillSharingMinutes: [20, 45],
    alertSound: 'bell',
    alertVolume: 100,
    stopKey: 'CommandOrControl+Shift+F7',
    shortcuts: { larger: 'F4' },
    textSize: 100,
    theme: 'light',
    language: 'en',
  });
});

test('a theme dresses both windows at once, and each passes axe in it', async ({ launch }) => {
  const app = await launch();
  const page = await openSettings(app);
  const widget = await app.widget();
  for (const theme of themes) {
    await goTo(page, 'Appearance');
    await page.getByRole('radio', { name: theme }).check();
    for (const each of [page, widget]) {
      const root = each.locator('html');
      await expect(root).toHaveAttribute('data-theme', { Light: 'light', Dark: 'dark' }[theme] ?? 'contrast');
      if (theme === 'High contrast') await expect(root).toHaveAttribute('data-contrast');
      else await expect(root).not.toHaveAttribute('data-contrast');
    }
    const rules = theme === 'Light' ? 'all' : 'colours';
    for (const section of await page.getByRole('tab').allInnerTexts()) {
      await goTo(page, section);
      if (section === 'Data')
        await expect(page.getByText('Unreadable updates', { exact: true })).toBeVisible();
      expect(await violations(page, rules), `${theme}, ${section}`).toEqual([]);
    }
    await page.keyboard.press('?');
    await expect(page.getByRole('heading', { name: 'Keys' })).toBeVisible();
    expect(await violations(page, rules), `${theme}, keys`).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await violations(widget, rules), `${theme}, widget`).toEqual([]);
  }
});

test('at 400 % nothing is cut off sideways, and every control is large enough to hit', async ({ launch }) => {
  const app = await launch();
  const page = await openSettings(app);
  for (const section of await page.getByRole('tab').allInnerTexts()) {
    await goTo(page, section);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, select, summary, input:not([type=radio], [type=checkbox])')]
        .filter((control) => control.getBoundingClientRect().height < 32)
        .map((control) => control.outerHTML),
    );
    expect(small, section).toEqual([]);
  }
  await app.electron.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows().find((each) => each.isResizable());
    window?.setContentSize(1280, 700);
    window?.webContents.setZoomFactor(4);
  });
  await expect.poll(() => page.evaluate(() => window.innerWidth)).toBeLessThanOrEqual(320);
  for (const section of await page.getByRole('tab').allInnerTexts()) {
    await page.getByRole('tab', { name: section }).click();
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), section)
      .toBeLessThanOrEqual(0);
  }
});

test('what the organisation has set says so and cannot be changed, by no way', async ({
  launch,
  policyOf,
}) => {
  const locked = { theme: 'dark', notifications: true, stopKey: null, region: 'eu_west_1' };
  const app = await launch({ etc: await policyOf(JSON.stringify({ locked })) });
  const page = await openSettings(app);
  const panel = page.getByRole('tabpanel');

  await goTo(page, 'Account');
  await expect(page.getByRole('combobox', { name: 'Region' })).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Client ID' })).toBeEnabled();
  for (const section of ['Account', 'Notifications', 'Shortcuts', 'Appearance']) {
    await goTo(page, section);
    await expect(panel).toContainText('Set by your organisation');
  }
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await expect(page.getByRole('radio', { name: 'Light' })).toBeDisabled();
  for (const section of ['Sounds', 'Language']) {
    await goTo(page, section);
    await expect(panel).not.toContainText('Set by your organisation');
  }

  // A page that asked all the same would be refused, and so is the widget's own menu.
  const replies = await page.evaluate(() => {
    const { sharelight } = window as unknown as {
      sharelight: Record<'changeSettings' | 'signIn', (what: object) => Promise<unknown>>;
    };
    return Promise.all([
      sharelight.changeSettings({ theme: 'light' }),
      sharelight.signIn({ region: 'us_east_1', clientId: 'mine' }),
    ]);
  });
  const reason = 'Your organisation has set this. You can’t change it here.';
  expect(replies).toEqual([
    { ok: false, reason },
    { ok: false, reason },
  ]);
  const widget = await app.widget();
  await expect(widget.locator('html')).toHaveAttribute('data-theme', 'dark');
  await widgetOf(widget).button('Appearance').click();
  await expect(widget.getByRole('radio', { name: 'Light' })).toBeDisabled();
});

test('a policy that cannot be read is said in both windows, and the safest is in force', async ({
  launch,
  policyOf,
  userDataDir,
}) => {
  await writeFile(path.join(userDataDir, 'preferences.json'), '{ "notifications": false, "theme": "light" }');
  const app = await launch({ etc: await policyOf('{ "locked": { "notification": true } }') });
  const page = await openSettings(app);
  await expect(page.getByRole('alert')).toContainText('Your organisation’s policy');
  await expect(widgetOf(await app.widget()).notices).toContainText('Your organisation’s policy');

  await goTo(page, 'Notifications');
  await expect(page.getByRole('checkbox', { name: 'Show system notifications' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Show system notifications' })).toBeDisabled();
  // Nobody knows whether the organisation has set it.
  await expect(page.getByRole('tabpanel')).toContainText('Can’t be changed until the policy can be read');
  await expect(page.getByRole('tabpanel')).not.toContainText('Set by your organisation');
  await goTo(page, 'Appearance');
  await expect(page.getByRole('radio', { name: 'Light' })).toBeChecked();
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('a test notification reaches the desktop, and one that does not says why', async ({
  launch,
  desktopWith,
}) => {
  const app = await launch();
  const page = await openSettings(app);
  const result = page.getByRole('status');
  await goTo(page, 'Notifications');
  const send = page.getByRole('button', { name: 'Send a test notification' });
  await send.click();
  await app.desktop.notifications.waitFor(({ summary }) => summary === 'Sharelight test');
  await expect(result).toHaveText('Shown by the desktop.');

  await page.getByRole('checkbox', { name: 'Show system notifications' }).uncheck();
  await send.click();
  await expect(result).toHaveText('Not shown: notifications are turned off here.');
  await app.quit();

  const silent = await launch({ desktop: await desktopWith({ notifications: false }) });
  const again = await openSettings(silent);
  await goTo(again, 'Notifications');
  await again.getByRole('checkbox', { name: 'Show system notifications' }).check();
  await again.getByRole('button', { name: 'Send a test notification' }).click();
  await expect(again.getByRole('status')).toHaveText(/^Not shown: /);
});

test('records are exported and a diagnostics report is saved where the person says', async ({
  server,
  signIn,
  userDataDir,
}) => {
  const { control } = server;
  const app = await signIn();
  const widget = await liveWidget(app);
  const { conversationId } = control.begin({ policy: 'optional' });
  control.answer(conversationId);
  await expect(widget.status).toContainText('Connected');

  const page = await openSettings(app);
  await goTo(page, 'Data');
  await expect(page.getByText(userDataDir)).toBeVisible();
  await expect(page.getByRole('definition').filter({ hasText: 'In this desktop’s key store' })).toBeVisible();

  const file = path.join(userDataDir, 'mine.ndjson');
  await answerSaveDialog(app, null);
  await page.getByRole('combobox', { name: 'Format' }).selectOption('ndjson');
  await page.getByRole('checkbox', { name: 'Mask people, addresses and notes' }).uncheck();
  await page.getByRole('button', { name: 'Export to a file…' }).click();
  await answerSaveDialog(app, file);
  await page.getByRole('button', { name: 'Export to a file…' }).click();
  await expect(page.getByText(`1 record written to ${file}`)).toBeVisible();
  const [line = ''] = (await readFile(file, 'utf8')).split('\n');
  expect(JSON.parse(line)).toMatchObject({ conversationId });

  await answerSaveDialog(app, path.join(userDataDir, 'no', 'such', 'folder.json'));
  await page.getByRole('button', { name: 'Export to a file…' }).click();
  await expect(page.getByRole('alert')).toContainText('couldn’t be written');

  const report = path.join(userDataDir, 'report.md');
  await answerSaveDialog(app, report);
  await goTo(page, 'About & diagnostics');
  await page.getByRole('button', { name: 'Save diagnostics report…' }).click();
  await expect(page.getByText(`Written to ${report}`)).toBeVisible();
  const text = await readFile(report, 'utf8');
  expect(text).toContain('1 records');
  expect(text).toContain('**Policy**: none');
  expect(text).toMatch(/\n\d+\. \*\*Removed\*\*: /);
  expect(text).toMatch(/\n\d+\. \*\*Self-check\*\*: \d+ canaries planted .*, none found; \d+ names/);
  for (const secret of [server.accessToken, userDataDir, conversationId, 'Ana Lima'])
    expect(text).not.toContain(secret);

  // The log, and what else is kept, can be read without looking for files.
  await page.getByRole('button', { name: 'Show the log' }).click();
  const log = page.getByRole('log', { name: 'Log' });
  await expect(log).toContainText('network: ');
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('no such line');
  await expect(page.getByText('No lines')).toBeVisible();
  // Linux leaves no window out of a capture, and nothing may claim that it does.
  await expect(page.getByText('Linux has no way to leave a window out')).toBeVisible();
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByText(/^A capture of this display shows|^Couldn’t tell:/)).toBeVisible();
  await goTo(page, 'What is kept');
  const kept = page.getByRole('tabpanel');
  await expect(kept).toContainText(path.join(userDataDir, 'preferences.json'));
  await expect(kept).toContainText('Until you delete them');
  // It is this window's own affair: the database it read is still there for the program.
  control.startSharing(1, conversationId);
  await expect(widget.status).toContainText('You are sharing');
});

test('how the key is kept is changed with the keyboard, and set by the organisation; the records stay', async ({
  server,
  policyOf,
  signIn,
  runToEnd,
  userDataDir,
}) => {
  const { control } = server;
  const keyKind = async (): Promise<unknown> => {
    const database = path.join(userDataDir, 'memory', server.userId, 'key.json');
    return (JSON.parse(await readFile(database, 'utf8')) as { kind: unknown }).kind;
  };
  const first = await signIn();
  await liveWidget(first);
  const { conversationId } = control.begin({ policy: 'optional' });
  control.answer(conversationId);
  await expect(widgetOf(await first.widget()).status).toContainText('Connected');
  const page = await openSettings(first);
  const panel = page.getByRole('tabpanel');
  await goTo(page, 'Data');
  await expect(panel).toContainText('In this desktop’s key store');
  expect(await keyKind()).toBe('system');

  const way = await tabTo(page, 'combobox', 'Keep the key to your records');
  await page.keyboard.type('Under');
  await expect(way).toHaveValue('passphrase');
  await expect(panel).toContainText('Nobody can recover it');
  await page.keyboard.press('Tab');
  await page.keyboard.type('good words');
  await page.keyboard.press('Tab');
  await page.keyboard.type('other words');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toHaveText('The passphrases don’t match.');
  expect(await keyKind()).toBe('system');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('good words');
  await page.keyboard.press('Enter');
  await expect(panel).toContainText('The passphrase is set');
  await expect(panel).toContainText('Not stored: you type your passphrase at each start');
  expect(await keyKind()).toBe('passphrase');
  expect(await violations(page)).toEqual([]);
  expect(await first.quit()).toBe(0);

  // The records are there for whoever has the passphrase: an organisation only ever wants a key kept better.
  const etc = await policyOf('{ "locked": { "keyKeeping": "system" } }');
  const second = await signIn({ etc });
  const widget = await second.widget();
  await widget.getByLabel('Passphrase', { exact: true }).fill('good words');
  await widget.keyboard.press('Enter');
  await expect(widgetOf(widget).status).toContainText('Connected');
  const locked = await openSettings(second);
  await goTo(locked, 'Data');
  const choice = locked.getByRole('combobox', { name: 'Keep the key to your records' });
  await expect(choice).toHaveValue('passphrase');
  await expect(choice.getByRole('option')).toHaveText(['In this desktop’s key store', 'Under a passphrase']);
  await expect(locked.getByRole('tabpanel')).toContainText('Set by your organisation');
  const keepBy = (how: string) =>
    locked.evaluate(
      (wanted) =>
        (
          window as unknown as {
            sharelight: Record<'changeKeyKeeping', (wanted: object) => Promise<unknown>>;
          }
        ).sharelight.changeKeyKeeping({ how: wanted }),
      how,
    );
  const refused = { ok: false, reason: 'Your organisation has set this. You can’t change it here.' };
  expect(await keepBy('file')).toEqual(refused);
  expect(await keyKind()).toBe('passphrase');
  expect(await keepBy('system')).toMatchObject({ ok: true });
  expect(await keyKind()).toBe('system');
  expect(await second.quit()).toBe(0);
  const exported = await runToEnd({ args: ['--export', 'json', '--feed', 'genesys'] });
  expect(exported.code).toBe(0);
  expect(exported.stdout).toContain(conversationId);
});

test('an alert sounds as chosen, once, and not when it is switched off', async ({ server, signIn }) => {
  const { control } = server;
  const app = await signIn();
  const page = await app.widget();
  const { status } = widgetOf(page);
  await expect(status).toContainText('Not sharing');
  // A machine without a loudspeaker plays to nobody, but it plays: what began and what it was is noted here.
  await page.evaluate(() => {
    const played: string[] = [];
    Object.assign(window, { played });
    const { play } = HTMLMediaElement.prototype as { play: (this: HTMLMediaElement) => Promise<void> };
    HTMLMediaElement.prototype.play = async function (this: HTMLMediaElement): Promise<void> {
      await play.call(this);
      played.push(`${new URL(this.src).pathname.replace(/-.*/, '')} ${String(this.volume)}`);
    };
  });
  const played = (): Promise<string[]> =>
    page.evaluate(() => (window as unknown as { played: string[] }).played);

  const first = control.begin({ policy: 'optional' });
  await expect(status).toContainText('Incoming screen share');
  await expect.poll(played).toEqual(['/assets/chime 0.6']);
  control.answer(first.conversationId);
  await expect(status).toContainText('Connected');
  control.disconnect('peer', first.conversationId);

  const settings = await openSettings(app);
  await goTo(settings, 'Sounds');
  await settings.getByRole('radio', { name: 'Pulse' }).check();
  const second = control.begin({ policy: 'optional' });
  await expect.poll(played).toEqual(['/assets/chime 0.6', '/assets/pulse 0.6']);
  control.disconnect('peer', second.conversationId);
  await expect(status).not.toContainText('Incoming screen share');

  await settings.getByRole('radio', { name: 'No sound' }).check();
  control.begin({ policy: 'optional' });
  await expect(status).toContainText('Incoming screen share');
  expect(await played()).toHaveLength(2);
});

test('the stop key is the person’s own, and a key somebody else has is refused by name', async ({
  server,
  signIn,
  launch,
  userDataDir,
}) => {
  const { control } = server;
  const app = await signIn();
  const widget = await app.widget();
  const { status } = widgetOf(widget);
  await expect(status).toContainText('Not sharing');
  const other = await launch({ userDataDir: path.join(userDataDir, 'other') });
  const taken = await other.electron.evaluate(({ globalShortcut }) =>
    globalShortcut.register('CommandOrControl+Shift+F8', () => undefined),
  );
  expect(taken).toBe(true);

  const page = await openSettings(app);
  await goTo(page, 'Shortcuts');
  const stolen = 'it stops the share only inside this window';
  await page.getByRole('button', { name: 'Change keys for Stop sharing' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Shift+F8');
  await expect(page.getByRole('alert')).toContainText('Another program uses Ctrl+Shift+F8');
  await expect(page.getByText('Ctrl+Alt+Shift+9', { exact: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Shift+F9');
  await expect(page.getByText('Ctrl+Shift+F9', { exact: true })).toBeVisible();

  const conversationId = await sharing(server, { status }, { policy: 'optional' });
  await expect
    .poll(() =>
      app.electron.evaluate(
        ({ globalShortcut }, keys) => keys.map((key) => globalShortcut.isRegistered(key)),
        ['CommandOrControl+Shift+F9', defaultStopKey],
      ),
    )
    .toEqual([true, false]);
  await expect(widget.getByText(stolen)).toHaveCount(0);
  await page.getByRole('button', { name: 'Clear keys for Stop sharing' }).click();
  await expect
    .poll(() =>
      app.electron.evaluate(({ globalShortcut }) => globalShortcut.isRegistered('CommandOrControl+Shift+F9')),
    )
    .toBe(false);

  // A key that was free when it was chosen can be gone when it is wanted: that is said where the share is seen.
  await page.getByRole('button', { name: 'Use Ctrl+Alt+Shift+9 for Stop sharing' }).click();
  await expect
    .poll(() =>
      app.electron.evaluate(({ globalShortcut }, key) => globalShortcut.isRegistered(key), defaultStopKey),
    )
    .toBe(true);
  control.stopSharing(conversationId);
  await expect(status).toContainText('Connected');
  await expect
    .poll(() =>
      other.electron.evaluate(
        ({ globalShortcut }, key) => globalShortcut.register(key, () => undefined),
        defaultStopKey,
      ),
    )
    .toBe(true);
  control.startSharing(1, conversationId);
  await expect(widget.getByText(stolen)).toBeVisible();
  await expect(page.getByRole('alert')).toContainText(stolen);
});
