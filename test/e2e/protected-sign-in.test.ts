import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { localhost } from '../unit/feed/localhost.ts';
import { expect, test } from './support/agent.ts';
import { Browser } from './support/browser.ts';
import { openSettings } from './support/settings.ts';
import { liveWidget } from './support/shares.ts';
import { widgetOf } from './support/widget.ts';
import { openOtherWindow } from './support/x11.ts';

const portOf = (server: { address: () => unknown }): number => (server.address() as AddressInfo).port;

/** The process and everything it started. */
function processesOf(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]) }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
  const below = (of: number): number[] =>
    parents.filter(({ parent }) => parent === of).flatMap((child) => [child.pid, ...below(child.pid)]);
  return [pid, ...below(pid)];
}

test('a token in a file goes to no server that cannot prove who it is, whatever the environment says', async ({
  launch,
  runToEnd,
}, testInfo) => {
  const token = 'token-kept-in-a-file-4711';
  const asked: string[] = [];
  let refused = 0;
  const server = createSecureServer(
    { key: localhost.key, cert: localhost.certificate },
    (request, response) => {
      asked.push(request.headers.authorization ?? '');
      response.end('{}');
    },
  );
  server.on('tlsClientError', () => (refused += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  mkdirSync(testInfo.outputPath(), { recursive: true });
  const file = testInfo.outputPath('token');
  writeFileSync(file, `${token}\n`, { mode: 0o644 });
  const args = [
    '--feed',
    'genesys',
    '--api',
    `https://localhost:${String(portOf(server))}`,
    '--token-file',
    file,
  ];

  const exposed = await runToEnd({ args });
  expect([exposed.code, exposed.stderr]).toEqual([2, expect.stringContaining(`chmod 600 '${file}'`)]);

  chmodSync(file, 0o600);
  const app = await launch({
    args: [...args, '--key', 'file'],
    env: { NODE_TLS_REJECT_UNAUTHORIZED: '0', SSL_CERT_FILE: '/tmp/none.pem', NODE_DEBUG: 'http' },
  });
  const { notices, link } = widgetOf(await app.widget());
  await expect(notices).toContainText(
    'Sharelight ignored NODE_TLS_REJECT_UNAUTHORIZED, SSL_CERT_FILE, NODE_DEBUG',
  );
  await expect(link).toContainText('certificate');
  await expect.poll(() => refused).toBeGreaterThan(0);
  expect(asked).toEqual([]);

  const processes = processesOf(app.pid);
  expect(processes.length).toBeGreaterThan(2);
  const places = processes.flatMap((pid) => [`/proc/${String(pid)}/environ`, `/proc/${String(pid)}/cmdline`]);
  expect(places.filter((place) => readFileSync(place, 'latin1').includes(token))).toEqual([]);
  await app.kill();
  server.closeAllConnections();
  server.close();
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
  const at = ['--api', server.apiUrl, '--login', server.loginUrl];
  const first = await launch({ args: at, env: browser.env });
  const pane = await openSettings(first);
  await pane.getByRole('tab', { name: 'Account' }).click();
  await pane.getByRole('textbox', { name: 'Client ID' }).fill('sharelight-test');
  await pane.getByRole('button', { name: 'Sign in', exact: true }).click();
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
  const elsewhere = `http://127.0.0.1:${String(portOf(trap))}`;
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
  const account = await openSettings(second);
  await account.getByRole('tab', { name: 'Account' }).click();
  await account.getByRole('button', { name: 'Sign out' }).click();
  await expect(account.getByRole('alert')).toContainText('Genesys Cloud couldn’t be told');
  await expect(widget.notices).toContainText('Genesys Cloud couldn’t be told');
  expect(await second.quit()).toBe(0);
  await control.comeBack();
  trap.closeAllConnections();
  trap.close();
});

test('a name turns, hides and breaks no line of the tray or of a notification', async ({
  server,
  signIn,
}) => {
  const app = await signIn();
  await (await liveWidget(app)).button('Hide').click();
  const closeOther = await openOtherWindow(app.desktop, 'Order book');
  server.control.begin({ customer: 'Ana\u202E\u200B\nYou are not sharing\u0007' });
  const shown = await app.desktop.notifications.waitFor(({ body }) => body.includes('Ana'));
  expect(shown.body).toContain('Ana You are not sharing');
  const tray = await app.desktop.tray.read(app.pid);
  const lines = [
    shown.summary,
    shown.body,
    tray?.toolTip ?? '',
    ...(tray?.menu ?? []).map(({ label }) => label),
  ];
  expect(lines.filter((line) => line.includes('Ana You are not sharing')).length).toBeGreaterThan(1);
  expect(lines.filter((line) => /[\p{Cc}\u200b\u202a-\u202e\u2028\u2029]/u.test(line))).toEqual([]);
  await closeOther();
});
