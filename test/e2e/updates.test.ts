import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { resolveRuntime } from '../../build/runtime/resolve.mjs';
import { expect, test } from './support/agent.ts';
import { violationsInThemes } from './support/axe.ts';
import { goTo, openSettings } from './support/settings.ts';
import { widgetOf } from './support/widget.ts';

/** Stands for an AppImage: notes how it is run. */
const appImage = (version: string): string =>
  `#!/bin/sh\n# ${version}\necho "run $APPIMAGE_EXIT_AFTER_INSTALL $*" >> "$0.runs"\n`;

test('a newer version is found, checked, kept until the person restarts, and takes the place of this one', async ({
  signIn,
  policyOf,
  userDataDir,
}) => {
  const newer = appImage('0.2.0');
  const digest = createHash('sha512').update(newer).digest('base64');
  const list = (sha512: string): string =>
    `version: 0.2.0\nfiles:\n  - url: Sharelight.AppImage\n    sha512: ${sha512}\n    size: ${newer.length}\n`;
  const asked: { url: string; headers: IncomingHttpHeaders }[] = [];
  let answer: { status: number; body: string; location?: string } = { status: 200, body: '' };
  const server = createServer(({ url = '', headers }, response) => {
    asked.push({ url, headers });
    const { status, body, location } = url.endsWith('.AppImage') ? { status: 200, body: newer } : answer;
    response
      .writeHead(status, {
        'Content-Length': Buffer.byteLength(body),
        ...(location && { Location: location }),
      })
      .end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const own = path.join(userDataDir, 'Sharelight.AppImage');
  await writeFile(own, appImage('0.1.0'), { mode: 0o755 });
  const runtime = await resolveRuntime({ quiet: true });
  const app = await signIn({
    etc: await policyOf(JSON.stringify({ locked: { 'updates.url': `${base}/desk` } })),
    env: { APPIMAGE: own, APPDIR: path.dirname(runtime.executable) },
  });
  const page = await openSettings(app);
  await goTo(page, 'About & diagnostics');
  const updates = page.getByRole('region', { name: 'Updates' });
  await expect(updates.getByRole('checkbox', { name: 'Look for updates' })).toBeChecked();
  await expect(updates.getByRole('status')).toHaveText('Not looked for since Sharelight started.');
  // Nobody is asked before the person, or the hour, asks for it.
  expect(asked).toEqual([]);
  const look = updates.getByRole('button', { name: 'Look now' });

  for (const [wrong, says] of [
    [{ status: 404, body: '' }, 'has no Sharelight for this system'],
    [{ status: 200, body: '<html><p>Sign in to this network</html>' }, 'a network that wants you to sign in'],
    [{ status: 302, body: '', location: `${base}/other/latest-linux.yml` }, 'to another address'],
    [{ status: 200, body: list('bm90IHRoaXM=') }, 'isn’t what the update server promised'],
  ] as const) {
    answer = wrong;
    await look.click();
    await expect(updates.getByRole('alert')).toContainText(says);
  }
  expect(asked.some(({ url }) => url.startsWith('/other'))).toBe(false);
  await expect(updates.getByRole('button', { name: 'Restart to update' })).toHaveCount(0);
  const widget = widgetOf(await app.widget());
  expect(await violationsInThemes(page, widget.page)).toEqual([]);

  answer = { status: 200, body: list(digest) };
  await look.click();
  await expect(updates.getByRole('status')).toHaveText(
    'Sharelight 0.2.0 is ready. It’s installed when you quit Sharelight.',
  );
  await expect(updates.getByRole('alert')).toHaveCount(0);
  const names = new Set(asked.flatMap(({ headers }) => Object.keys(headers)));
  for (const name of ['x-user-staging-id', 'cookie', 'authorization']) expect(names).not.toContain(name);
  await expect(widget.notices).toContainText('Sharelight 0.2.0 is ready');
  expect(await violationsInThemes(widget.page)).toEqual([]);
  expect(await violationsInThemes(page, widget.page)).toEqual([]);
  expect(await readFile(own, 'utf8')).toBe(appImage('0.1.0'));

  const restart = updates.getByRole('button', { name: 'Restart to update' });
  expect(await app.exitCodeAfter(() => restart.click())).toBe(0);
  expect(await readFile(own, 'utf8')).toBe(newer);
  expect((await stat(own)).mode & 0o111).not.toBe(0);
  // Run once to set itself up; the start after that is the runtime's own, and not seen here.
  await expect.poll(() => readFile(`${own}.runs`, 'utf8')).toMatch(/^run true \n/);
  server.close();
});
