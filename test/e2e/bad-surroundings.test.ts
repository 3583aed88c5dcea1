import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './support/agent.ts';
import { recordsOf } from './support/records.ts';
import { liveWidget } from './support/shares.ts';
import { widgetOf } from './support/widget.ts';

test('a read-only data folder: the live status goes on and what was recorded stays', async ({
  server,
  signIn,
  runToEnd,
  diskAt,
  userDataDir,
}) => {
  const { control } = server;
  const before = await signIn();
  const known = await liveWidget(before);
  const first = control.begin({ policy: 'optional' });
  control.answer(first.conversationId);
  await expect(known.status).toContainText('Connected');
  control.disconnect('peer', first.conversationId);
  await known.button('Skip').press('Enter');
  await expect(known.status).toContainText('Wrapped up');
  expect(await before.quit()).toBe(0);

  const disk = await diskAt(userDataDir, { kind: 'read-only' });
  const app = await signIn({ disk });
  const { page, status, notices } = widgetOf(await app.widget());
  await expect(notices).toContainText(
    `Nothing can be saved to ${userDataDir} (EROFS: read-only file system)`,
  );
  await expect(page.getByText('New shares aren’t being recorded. Sharing status still works.')).toBeVisible();
  const { conversationId } = control.begin({ policy: 'mandatory' });
  await expect(status).toContainText('Incoming screen share');
  control.answer(conversationId);
  control.startSharing(2, conversationId);
  await expect(status).toContainText('2 people can see your screen');
  control.stopSharing(conversationId);
  await expect(status).toContainText('Connected');
  expect(await app.quit()).toBe(0);

  const records = recordsOf(await runToEnd({ args: ['--export', 'json'] }));
  expect(records).toMatchObject([{ conversationId: first.conversationId, wrapup: { state: 'skipped' } }]);
  expect((await runToEnd({ args: ['--verify'] })).code).toBe(0);
});

test('a disk that fills up: history pauses and says so, and goes on when there is room', async ({
  server,
  signIn,
  runToEnd,
  diskAt,
  userDataDir,
}) => {
  const { control } = server;
  const disk = await diskAt(userDataDir, { kind: 'small', bytes: 24 << 20 });
  const app = await signIn({ disk });
  const { page, status } = await liveWidget(app);
  const paused = page.getByText('The disk is full', { exact: false });
  const { conversationId } = control.begin({ policy: 'mandatory' });
  await expect(status).toContainText('Incoming screen share');

  disk.fill();
  control.answer(conversationId);
  await expect(status).toContainText('Connected');
  await expect(paused).toBeVisible();
  control.startSharing(1, conversationId);
  await expect(status).toContainText('You are sharing');

  disk.free();
  control.setPeers(2, conversationId);
  await expect(status).toContainText('2 people can see your screen');
  await expect(paused).toBeHidden();
  expect(await app.quit()).toBe(0);

  const records = recordsOf(await runToEnd({ disk, args: ['--export', 'json'] }));
  expect(records).toMatchObject([{ conversationId, role: 'sharing', answered: true }]);
  expect((await runToEnd({ disk, args: ['--verify'] })).code).toBe(0);
});

test('a disk that is full from the start: the engine has a passing place elsewhere, cleared by the next start', async ({
  server,
  signIn,
  diskAt,
  userDataDir,
}) => {
  const data = path.join(userDataDir, 'data');
  const temporary = path.join(userDataDir, 'temporary');
  await mkdir(temporary);
  const passing = async (): Promise<string[]> =>
    (await readdir(temporary)).filter((name) => name.startsWith('sharelight-session-'));
  const disk = await diskAt(data, { kind: 'small', bytes: 1 << 20 });
  disk.fill();

  const first = await signIn({ disk, env: { TMPDIR: temporary } });
  const { status, notices } = widgetOf(await first.widget());
  await expect(notices).toContainText(`Nothing can be saved to ${data}`);
  server.control.begin();
  await expect(status).toContainText('Incoming screen share');
  const [place] = await passing();
  expect(await first.quit()).toBe(0);

  const second = await signIn({ disk, env: { TMPDIR: temporary } });
  await expect(widgetOf(await second.widget()).status).toContainText('Incoming screen share');
  expect(await passing()).toHaveLength(1);
  expect(await passing()).not.toContain(place);
  expect(await second.quit()).toBe(0);
});

test('preferences that cannot be read are set aside, and the person is told', async ({
  signIn,
  userDataDir,
}) => {
  const damaged = '{"theme": "light", "stillSharingMin';
  await writeFile(path.join(userDataDir, 'preferences.json'), damaged);
  const app = await signIn();
  const { status, notices, button } = widgetOf(await app.widget());
  await expect(notices).toContainText('Your preferences couldn’t be read and were moved to');
  await expect(status).toContainText('Not sharing');
  const aside = (await readdir(userDataDir)).filter((name) => name.startsWith('preferences.unreadable-'));
  expect(aside).toHaveLength(1);
  expect(aside[0]).toMatch(/^preferences\.unreadable-\d{4}-\d{2}-\d{2}T[\d-]+Z\.json$/);
  expect(await readFile(path.join(userDataDir, aside[0] ?? ''), 'utf8')).toBe(damaged);

  await button('Dismiss').click();
  await expect(notices).not.toContainText('were moved to');
});

test('a second start brings the first to the front, says so in one line and ends well', async ({
  desktop,
  signIn,
  runToEnd,
  userDataDir,
}) => {
  const first = await signIn();
  const { button } = await liveWidget(first);
  await expect.poll(() => desktop.activeWindow()).toBe('Sharelight');
  await button('Hide').click();
  await expect.poll(() => desktop.activeWindow()).not.toBe('Sharelight');

  const second = await runToEnd();
  expect(second).toEqual({
    code: 0,
    stdout: '',
    stderr: `Sharelight is already running with ${userDataDir}. Its window was brought to the front.\n`,
  });
  await expect.poll(() => desktop.activeWindow()).toBe('Sharelight');
});

test('a wrong flag gets one line that names it, and exit code 2', async ({ runToEnd, userDataDir }) => {
  const wrong = await runToEnd({ args: ['--feeed', 'simulator'] });
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toMatch(/^[^\n]*--feeed[^\n]*\n$/);
  expect(await readdir(userDataDir)).toEqual(['preferences.json']);
});

test('a data folder that is a file is said as what it is', async ({ launch, userDataDir }) => {
  await mkdir(userDataDir, { recursive: true });
  const file = path.join(userDataDir, 'taken');
  await writeFile(file, 'mine');
  const app = await launch({ userDataDir: file });
  const { status, notices } = widgetOf(await app.widget());
  await expect(notices).toContainText(`Nothing can be saved to ${file}`);
  await expect(status).toHaveText(/Not sharing|Incoming screen share/);
  expect(await app.quit()).toBe(0);
  expect(await readFile(file, 'utf8')).toBe('mine');
});
