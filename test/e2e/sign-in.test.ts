import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { Bridge } from '../../domain/ipc/contract.ts';
import { redirectPorts } from '../../domain/account.ts';
// For the type of `window.sharelight`.
import type {} from '../../renderer/state/bridge.ts';
import { allDrafts } from '../../electron/store/drafts.ts';
import type { RunningSimulator } from '../../electron/feed/simulator/server.ts';
import { expect, test, type RunningApp } from './support/agent.ts';
import { Browser } from './support/browser.ts';
import { DatabaseOnDisk } from './support/database-file.ts';
import { openSettings } from './support/settings.ts';
import { connected, liveWidget, sharing } from './support/shares.ts';
import { widgetOf } from './support/widget.ts';

/** Started for this organisation, with nobody signed in: the demo, ready to be left. */
const at = (server: RunningSimulator): string[] => ['--api', server.apiUrl, '--login', server.loginUrl];

async function accountPane(app: RunningApp): Promise<Page> {
  const page = await openSettings(app);
  await page.getByRole('tab', { name: 'Account' }).click();
  return page;
}

async function pressSignIn(pane: Page): Promise<void> {
  await pane.getByRole('textbox', { name: 'Client ID' }).fill('sharelight-test');
  await pane.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Every file below a folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Everything that signs somebody in, as the server and the browser know it. */
async function secretsOf(server: RunningSimulator, browser: Browser): Promise<string[]> {
  const tokens = server.control.world.tokens.flatMap(({ accessToken, refreshToken, expiresAt }) =>
    expiresAt === null ? [] : [accessToken, refreshToken ?? ''],
  );
  const answers = (await browser.broughtBack()).flatMap(({ searchParams }) => [
    searchParams.get('code') ?? '',
    searchParams.get('state') ?? '',
  ]);
  expect(answers).not.toContain('');
  return [...tokens, ...answers];
}

function expectNowhere(secrets: readonly string[], userDataDir: string, app: RunningApp): void {
  expect(secrets.length).toBeGreaterThan(0);
  const places = [
    ...filesIn(userDataDir).map((file) => [file, readFileSync(file).toString('latin1')] as const),
    ['stdout', app.stdout] as const,
    ['stderr', app.stderr] as const,
  ];
  for (const secret of secrets) {
    expect(places.filter(([, text]) => text.includes(secret)).map(([place]) => place)).toEqual([]);
  }
}

test('from the demo to a live account and back, with nothing of one shown or kept under the other', async ({
  server,
  launch,
  runToEnd,
  userDataDir,
}, testInfo) => {
  const { control } = server;
  const browser = await Browser.installIn(testInfo.outputPath(), 'follows');
  const first = await launch({ args: at(server), env: browser.env });
  const widget = widgetOf(await first.widget());
  await expect(widget.page.getByText('Demo', { exact: true })).toBeVisible();
  await expect(widget.link).toContainText('Live');

  const pane = await accountPane(first);
  await expect(pane.getByRole('tabpanel')).toContainText('This is the demo');
  // What is typed stays while the state changes.
  const client = pane.getByRole('textbox', { name: 'Client ID' });
  await client.fill('sharelight-te');
  await widget.page.evaluate(() => (window.sharelight as Bridge | undefined)?.setTheme({ theme: 'dark' }));
  await expect(pane.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(client).toHaveValue('sharelight-te');
  await pressSignIn(pane);
  await expect(pane.getByRole('tabpanel')).toContainText('Signed in as');
  await expect(widget.page.getByText('Demo', { exact: true })).toHaveCount(0);
  await expect(widget.status).toContainText('Not sharing');
  await expect(widget.link).toContainText('Live');
  const [sentTo] = await browser.visited();
  expect(sentTo?.searchParams.get('code_challenge_method')).toBe('S256');
  expect(await browser.pages()).toContain('You can close this page');

  const conversationId = await sharing(server, widget, { policy: 'optional' });
  control.disconnect('peer', conversationId);
  control.wrapUp({}, conversationId);
  await expect(widget.status).not.toContainText('You are sharing');
  const secrets = await secretsOf(server, browser);
  for (const page of [widget.page, pane]) {
    const shown = await page.content();
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
  }
  expect(await first.quit()).toBe(0);
  const report = path.join(userDataDir, 'report.md');
  expect((await runToEnd({ args: ['--diagnostics', report] })).code).toBe(0);
  expectNowhere(secrets, userDataDir, first);

  // A restart needs no browser.
  const second = await launch({ args: at(server), env: browser.env });
  const again = widgetOf(await second.widget());
  await expect(again.link).toContainText('Live');
  await expect(again.page.getByText('Demo', { exact: true })).toHaveCount(0);
  expect(await browser.visited()).toHaveLength(1);

  const left = await accountPane(second);
  await left.getByRole('button', { name: 'Sign out' }).click();
  await expect(left.getByRole('tabpanel')).toContainText('This is the demo');
  await expect(again.page.getByText('Demo', { exact: true })).toBeVisible();
  await expect.poll(() => control.world.tokens.filter(({ expiresAt }) => expiresAt !== null)).toEqual([]);
  expect(await second.quit()).toBe(0);
  expectNowhere(secrets, userDataDir, second);
  expect(readFileSync(path.join(userDataDir, 'account.json'), 'utf8')).toContain('"sealed": null');

  // The records stay, and hold nothing that was invented.
  const exported = await runToEnd({ args: ['--export', 'json'] });
  const records = JSON.parse(exported.stdout) as { conversationId: string }[];
  expect(records.map((record) => record.conversationId)).toEqual([conversationId]);
});

test('a token that runs out is renewed unnoticed; one that is revoked asks to sign in again', async ({
  server,
  launch,
}, testInfo) => {
  const { control } = server;
  const browser = await Browser.installIn(testInfo.outputPath(), 'follows');
  const app = await launch({ args: at(server), env: browser.env });
  const widget = widgetOf(await app.widget());
  const pane = await accountPane(app);
  await pressSignIn(pane);
  await expect(pane.getByRole('tabpanel')).toContainText('Signed in as');
  await expect(widget.status).toContainText('Not sharing');

  const { conversationId } = control.begin({ policy: 'optional' });
  await expect(widget.status).toContainText('Incoming screen share');
  control.expireTokens();
  await widget.button('Answer').click();
  await expect(widget.status).toContainText('Connected');
  await expect(widget.link).toContainText('Live');
  expect(await browser.visited()).toHaveLength(1);

  control.startSharing(1, conversationId);
  await expect(widget.status).toContainText('You are sharing');
  control.revokeTokens();
  await expect(widget.link).toContainText('was revoked');
  await expect(widget.status).toContainText('Sharing – not confirmed');
  await expect(pane.getByRole('tabpanel')).toContainText('expired');
  await widget.button('Sign in').click();
  await expect(widget.status).toContainText('You are sharing');
  await expect(widget.link).toContainText('Live');
  expect(await browser.visited()).toHaveLength(2);
  expect(await app.quit()).toBe(0);
});

test('a sign-in that ends soon is begun anew before it does, and the live link does not notice', async ({
  server,
  launch,
}, testInfo) => {
  const { control } = server;
  control.settings({ noRefreshTokens: true, tokenLifeS: 280 });
  const browser = await Browser.installIn(testInfo.outputPath(), 'follows');
  const app = await launch({ args: at(server), env: browser.env });
  const widget = widgetOf(await app.widget());
  const pane = await accountPane(app);
  await pressSignIn(pane);
  await expect(pane.getByRole('tabpanel')).toContainText('Your sign-in expires at');
  await expect(pane.getByRole('button', { name: 'Sign in again' })).toBeVisible();
  await expect(widget.notices).toContainText('Your sign-in expires at');
  await expect(widget.page.getByText('Demo', { exact: true })).toHaveCount(0);
  await expect(widget.status).toContainText('Not sharing');
  await expect(widget.link).toContainText('Live');
  const channels = control.world.channels.map(({ id }) => id);
  expect(channels).toHaveLength(1);

  control.settings({ tokenLifeS: 64_800 });
  await widget.notices.getByRole('button', { name: 'Sign in again' }).click();
  await expect(widget.notices).not.toContainText('Your sign-in expires at');
  await expect(pane.getByRole('button', { name: 'Sign in again' })).toHaveCount(0);
  await expect(pane.getByRole('tabpanel')).toContainText('Signed in as');
  await expect(widget.link).toContainText('Live');
  expect(await browser.visited()).toHaveLength(2);
  expect(control.world.channels.map(({ id }) => id)).toEqual(channels);
  expect(await app.quit()).toBe(0);
});

test('declined, cancelled, and no port to come back to: each is said, and the demo goes on', async ({
  server,
  launch,
}, testInfo) => {
  const following = await Browser.installIn(testInfo.outputPath(), 'follows');
  server.control.faults.set({ on: 'http', kind: 'denyLogin', times: 1 });
  const declined = await launch({ args: at(server), env: following.env });
  const pane = await accountPane(declined);
  await pressSignIn(pane);
  await expect(pane.getByRole('alert').first()).toContainText('declined in the browser');
  await expect(pane.getByRole('tabpanel')).toContainText('This is the demo');
  expect(await declined.quit()).toBe(0);

  const staring = await Browser.installIn(testInfo.outputPath(), 'stares');
  const app = await launch({ args: at(server), env: staring.env });
  const page = await accountPane(app);
  await pressSignIn(page);
  await expect(page.getByRole('tabpanel')).toContainText('Waiting for your browser');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('This is the demo');

  const others = await Promise.all(
    redirectPorts.map(async (port) => {
      const other = createServer();
      // The attempt that was cancelled, or a connection of anybody's, may have it for a moment longer.
      await expect(async () => {
        const listening = once(other, 'listening');
        other.listen(port, '127.0.0.1');
        await listening;
      }).toPass();
      return other;
    }),
  );
  await pressSignIn(page);
  await expect(page.getByRole('alert').first()).toContainText(redirectPorts.join(', '));
  for (const other of others) other.close();
  expect(await app.quit()).toBe(0);
});

test('what the role does not allow is said with the sign-in, before anything is refused', async ({
  server,
  launch,
}, testInfo) => {
  const { control } = server;
  control.settings({ withheld: ['conversation:communication:view', 'conversation:participant:wrapup'] });
  const browser = await Browser.installIn(testInfo.outputPath(), 'follows');
  const app = await launch({ args: at(server), env: browser.env });
  const pane = await accountPane(app);
  await pressSignIn(pane);
  await expect(pane.getByRole('tabpanel')).toContainText('Signed in as');
  const missing = pane.getByRole('region', { name: 'Missing permissions' });
  await expect(missing).toContainText('conversation:participant:wrapup');
  await expect(missing).toContainText('Send wrap-up codes and notes');
  await expect(missing).toContainText('Read a whole screen share');
  await expect(missing).not.toContainText('conversation:communication:disconnect');

  control.settings({ withheld: [] });
  await pane.getByRole('button', { name: 'Sign out' }).click();
  await expect(pane.getByRole('tabpanel')).toContainText('This is the demo');
  await pressSignIn(pane);
  await expect(pane.getByRole('tabpanel')).toContainText('Signed in as');
  await expect(missing).toHaveCount(0);
  expect(await app.quit()).toBe(0);
});

test('without a key store the sign-in lasts until the program ends, and that is said', async ({
  server,
  launch,
  desktopWith,
  userDataDir,
}, testInfo) => {
  const browser = await Browser.installIn(testInfo.outputPath(), 'follows');
  const desktop = await desktopWith({ keyring: false });
  const start = { args: [...at(server), '--key', 'file'], env: browser.env, desktop };
  const first = await launch(start);
  const pane = await accountPane(first);
  await pressSignIn(pane);
  await expect(pane.getByRole('tabpanel')).toContainText('Signed in as');
  await expect(pane.getByRole('tabpanel')).toContainText('This desktop has no key store');
  const secrets = await secretsOf(server, browser);
  expect(await first.quit()).toBe(0);
  expectNowhere(secrets, userDataDir, first);

  const second = await launch(start);
  const widget = widgetOf(await second.widget());
  await expect(widget.link).toContainText('couldn’t be saved when Sharelight quit');
  await widget.button('Sign in').click();
  await expect(widget.link).toContainText('Live');
  await expect(widget.status).toContainText('Not sharing');
  expect(await second.quit()).toBe(0);
});

test('where nothing can be kept a person signs in all the same, and is told', async ({
  server,
  launch,
  diskAt,
  userDataDir,
}, testInfo) => {
  const browser = await Browser.installIn(testInfo.outputPath(), 'follows');
  const disk = await diskAt(userDataDir, { kind: 'read-only' });
  const app = await launch({ args: at(server), env: browser.env, disk });
  const widget = widgetOf(await app.widget());
  const pane = await accountPane(app);
  await pressSignIn(pane);
  await expect(pane.getByRole('tabpanel')).toContainText('Signed in as');
  await expect(pane.getByRole('tabpanel')).toContainText('You stay signed in until Sharelight quits');
  await expect(widget.status).toContainText('Not sharing');
  await expect(widget.link).toContainText('Live');
  await pane.getByRole('button', { name: 'Sign out' }).click();
  await expect(pane.getByRole('tabpanel')).toContainText('This is the demo');
  await expect(pane.getByRole('alert')).toHaveCount(0);
  expect(await app.quit()).toBe(0);
});

test('words being typed when an account is left stay with it, to the last one', async ({
  server,
  launch,
  userDataDir,
}, testInfo) => {
  const { control } = server;
  const browser = await Browser.installIn(testInfo.outputPath(), 'follows');
  const app = await launch({ args: [...at(server), '--key', 'file'], env: browser.env });
  const widget = widgetOf(await app.widget());
  const pane = await accountPane(app);
  await pressSignIn(pane);
  await expect(widget.status).toContainText('Not sharing');
  const conversationId = await connected(server, widget, { policy: 'mandatory' });
  control.disconnect('peer', conversationId);
  await expect(widget.status).toContainText('Wrap up');

  const signOut = pane.getByRole('button', { name: 'Sign out' });
  await widget.notes.pressSequentially('Nobody else may read ');
  await expect(widget.page.getByText('Draft saved')).toBeVisible();
  await widget.notes.press('End');
  await widget.notes.pressSequentially('this');
  await signOut.click();
  await expect(widget.page.getByText('Demo', { exact: true })).toBeVisible();
  await expect(widget.link).toContainText('Live');
  expect(await app.quit()).toBe(0);

  const notesIn = (account: string): string[] => {
    const engine = new DatabaseOnDisk(userDataDir, account).open();
    const drafts = allDrafts(engine);
    engine.close();
    return drafts.map(({ notes }) => notes);
  };
  expect(notesIn(server.userId)).toEqual(['Nobody else may read this']);
  expect(notesIn('demo')).toEqual([]);
});

test('what waits to be sent waits with its own account', async ({ server, launch }, testInfo) => {
  const { control } = server;
  const browser = await Browser.installIn(testInfo.outputPath(), 'follows');
  const app = await launch({ args: at(server), env: browser.env });
  const widget = widgetOf(await app.widget());
  const pane = await accountPane(app);
  await pressSignIn(pane);
  await expect(widget.status).toContainText('Not sharing');

  const conversationId = await connected(server, widget, { policy: 'mandatory' });
  control.disconnect('peer', conversationId);
  await expect(widget.status).toContainText('Wrap up');
  control.faults.set({ on: 'http', kind: 'status', status: 503, method: 'PATCH' });
  await widget.code.fill('refund');
  await widget.page.keyboard.press('Enter');
  await widget.notes.fill('Said once, under my own name');
  await widget.button('Done').click();
  await expect(widget.status).toContainText('waiting to send');

  await pane.getByRole('button', { name: 'Sign out' }).click();
  await expect(widget.page.getByText('Demo', { exact: true })).toBeVisible();
  await expect(widget.link).toContainText('Live');
  await expect(widget.status).not.toContainText('waiting to send');
  await expect(widget.page.getByText('Refund')).toHaveCount(0);
  expect(control.wrapups(conversationId)).toEqual([]);

  control.faults.clear();
  await pressSignIn(pane);
  await expect
    .poll(() => control.wrapups(conversationId).map(({ wrapup }) => wrapup.notes))
    .toEqual(['Said once, under my own name']);
  await expect(widget.status).toContainText('Wrapped up');
  expect(await app.quit()).toBe(0);
});

test('a stored sign-in that was edited sends nothing; signing out says when the server was not told', async ({
  server,
  launch,
  userDataDir,
}, testInfo) => {
  const { control } = server;
  const browser = await Browser.installIn(testInfo.outputPath(), 'follows');
  // As an earlier version left them.
  mkdirSync(path.join(userDataDir, 'logs'), { mode: 0o755 });
  for (const name of ['preferences.json', 'logs/main.log']) {
    writeFileSync(path.join(userDataDir, name), name.endsWith('.json') ? '{}' : '', { mode: 0o644 });
  }
  const first = await launch({ args: at(server), env: browser.env });
  const pane = await accountPane(first);
  await pressSignIn(pane);
  await expect(pane.getByRole('tabpanel')).toContainText('Signed in as');
  await liveWidget(first);
  const modes = ['preferences.json', 'account.json', 'logs', 'logs/main.log'].map((name) =>
    (statSync(path.join(userDataDir, name)).mode & 0o777).toString(8),
  );
  expect(modes).toEqual(['600', '600', '700', '600']);
  expect(await first.quit()).toBe(0);

  const visits: string[] = [];
  const trap = createServer((request, response) => {
    visits.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(trap, 'listening');
  const elsewhere = `http://127.0.0.1:${String((trap.address() as AddressInfo).port)}`;
  const file = path.join(userDataDir, 'account.json');
  const stored = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...stored, addresses: { login: elsewhere, api: elsewhere } }));
  const tokens = control.world.tokens.length;

  // Nothing on the command line says where this is: only the file does.
  const second = await launch({ env: browser.env });
  const widget = widgetOf(await second.widget());
  await expect(widget.link).toContainText('Your stored sign-in was changed outside Sharelight');
  expect(visits).toEqual([]);
  expect(control.world.tokens).toHaveLength(tokens);
  // Signing in again leads where that was done before.
  await widget.button('Sign in').click();
  await expect(widget.link).toContainText('Live');
  expect(visits).toEqual([]);

  await control.goDark();
  const account = await accountPane(second);
  await account.getByRole('button', { name: 'Sign out' }).click();
  await expect(account.getByRole('alert')).toContainText('Genesys Cloud couldn’t be told');
  await expect(widget.notices).toContainText('Genesys Cloud couldn’t be told');
  expect(await second.quit()).toBe(0);
  await control.comeBack();
  trap.closeAllConnections();
  trap.close();
});
