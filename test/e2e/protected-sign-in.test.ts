import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { localhost } from '../unit/feed/localhost.ts';
import { expect, test } from './support/agent.ts';
import { liveWidget } from './support/shares.ts';
import { widgetOf } from './support/widget.ts';
import { openOtherWindow } from './support/x11.ts';

/** What `/proc` says of a process; undefined once it has ended, as a short helper process may at any moment. */
function whileItRuns(pid: number, file: 'stat' | 'environ' | 'cmdline'): string | undefined {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, 'latin1');
  } catch {
    return undefined;
  }
}

/** The process and everything it started. */
function processesOf(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = whileItRuns(Number(name), 'stat');
      if (stat === undefined) return [];
      return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]) }];
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
  const server = createServer({ key: localhost.key, cert: localhost.certificate }, (request, response) => {
    asked.push(request.headers.authorization ?? '');
    response.end('{}');
  });
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
    `https://localhost:${String((server.address() as AddressInfo).port)}`,
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
  const readable = processes.filter((pid) => whileItRuns(pid, 'environ') !== undefined);
  expect(readable).toContain(app.pid);
  expect(readable.length).toBeGreaterThan(2);
  const exposing = processes.filter((pid) =>
    (['environ', 'cmdline'] as const).some((file) => whileItRuns(pid, file)?.includes(token)),
  );
  expect(exposing).toEqual([]);
  await app.kill();
  server.closeAllConnections();
  server.close();
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
