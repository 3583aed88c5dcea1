import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { conversationEvent } from '../../electron/feed/simulator/topic-shapes.ts';
import type { RunningSimulator } from '../../electron/feed/simulator/server.ts';
import { expect, test } from './support/agent.ts';
import type { Ended } from './support/fixtures.ts';
import { retryNow, widgetOf } from './support/widget.ts';

interface Exported {
  readonly conversationId: string;
  readonly wrapup: { readonly notes: string; readonly state: string } | null;
}

function recordsOf({ code, stdout, stderr }: Ended): Exported[] {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Exported[];
}

/** An event as the service would send it now, spoiled. */
function sendEvent(server: RunningSimulator, spoil: (body: Record<string, unknown>) => unknown): void {
  const { control, userId } = server;
  const conversation = control.world.conversations.at(-1);
  if (!conversation) throw new Error('Begin a conversation first.');
  const body = structuredClone(conversationEvent(conversation, control.world.settings));
  control.sendRaw(
    JSON.stringify({
      topicName: `v2.users.${userId}.conversations`,
      version: '2',
      eventBody: spoil(body as unknown as Record<string, unknown>),
      metadata: {},
    }),
  );
}

/** Lays values over the agent's communication in an event. */
function communicationSays(body: Record<string, unknown>, values: object): Record<string, unknown> {
  const participants = body['participants'] as { purpose: string; screenshares: object[] }[];
  const agent = participants.find(({ purpose }) => purpose === 'agent');
  Object.assign(agent?.screenshares[0] ?? {}, values);
  return body;
}

test('frames nobody can read are set aside and counted; the status stays right', async ({
  server,
  signIn,
  runToEnd,
}) => {
  const { control } = server;
  const app = await signIn();
  const { page, status } = widgetOf(await app.widget());
  await expect(status).toContainText('Not sharing');
  const { conversationId } = control.begin({ policy: 'mandatory' });
  control.answer(conversationId);
  control.startSharing(1, conversationId);
  await expect(status).toContainText('1 peer can see your screen');
  const setAside = (count: number) =>
    page.getByText(`${String(count)} message${count === 1 ? '' : 's'} could not be read`);

  control.sendRaw('{"topicName": "v2.users');
  await expect(setAside(1)).toBeVisible();
  control.sendRaw(JSON.stringify({ topicName: 'v2.weather.today', eventBody: { rain: true } }));
  await expect(setAside(2)).toBeVisible();
  sendEvent(server, ({ participants: _gone, ...body }) => body);
  await expect(setAside(3)).toBeVisible();
  sendEvent(server, (body) => communicationSays(body, { sharing: 'no' }));
  await expect(setAside(4)).toBeVisible();
  await expect(status).toContainText('You are sharing');
  await expect(status).toContainText('1 peer can see your screen');

  // A broken field that decides nothing hides nothing: the rest of that event counts.
  sendEvent(server, (body) =>
    communicationSays(body, { peerCount: 3, provider: 7, wrapup: 'none', segments: { first: null } }),
  );
  await expect(status).toContainText('3 peers can see your screen');
  await expect(setAside(4)).toBeVisible();
  await expect(page.getByText('Live', { exact: false })).toBeVisible();

  // Over and sharing at once, in the events and in the readings alike: it is over.
  control.mutate({ communication: { sharing: true, peerCount: 2 } }, conversationId);
  control.disconnect('peer', conversationId);
  await expect(status).toContainText('Wrap up');
  await expect(status).not.toContainText('sharing');

  expect(await app.quit()).toBe(0);
  const records = recordsOf(await runToEnd({ args: ['--export', 'json'] }));
  expect(records.map((record) => record.conversationId)).toEqual([conversationId]);
  const verified = await runToEnd({ args: ['--verify'] });
  expect(verified).toMatchObject({ code: 0, stderr: '' });
});

test('a web page, a 5xx or a 429 instead of data is said in words, and the truth comes back', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  control.faults.set({ on: 'http', kind: 'html', path: '/api/v2/users/me' });
  const app = await signIn();
  const { page, status, link } = widgetOf(await app.widget());
  await expect(link).toContainText('answered with a web page instead of data');
  await expect(status).not.toContainText('Not sharing');

  control.faults.clear();
  await retryNow(page);
  await expect(status).toContainText('Not sharing');
  await expect(link).toContainText('Live');

  const { conversationId } = control.begin({ policy: 'mandatory' });
  control.answer(conversationId);
  control.startSharing(1, conversationId);
  await expect(status).toContainText('You are sharing');

  control.faults.set({ on: 'http', kind: 'status', status: 503, path: '/api/v2/conversations' });
  control.dropSockets();
  await expect(link).toContainText('has a problem of its own (503');
  await expect(link).toContainText('Offline');
  await expect(status).toContainText('Sharing – not confirmed');

  control.stopSharing(conversationId);
  control.faults.set({ on: 'http', kind: 'status', status: 429, retryAfterS: 2, times: 1, path: '/api/v2/' });
  await retryNow(page);
  await expect(link).toContainText('is asked too often and wants a pause of 2 s');
  await expect(status).toContainText('Viewing');
  await expect(status).not.toContainText('not confirmed');
  await expect(link).toContainText('Live');
});

test('no token, a wrong one, one without permission, and one that is revoked during a share', async ({
  server,
  launch,
  signIn,
}) => {
  const { control } = server;
  const none = await launch({ args: ['--feed', 'genesys', '--api', server.apiUrl] });
  const unsigned = widgetOf(await none.widget());
  await expect(unsigned.link).toContainText('No access token. Set SHARELIGHT_ACCESS_TOKEN');
  await expect(unsigned.status).toContainText('Status not known');
  expect(await none.quit()).toBe(0);

  const wrong = await signIn({ env: { SHARELIGHT_ACCESS_TOKEN: 'not-a-token' } });
  const refused = widgetOf(await wrong.widget());
  await expect(refused.link).toContainText('the access token is wrong or has expired');
  await expect(refused.status).toContainText('Status not known');
  expect(await wrong.quit()).toBe(0);

  // Refused for another reason, which an administrator has removed: trying again is up to the person.
  control.faults.set({ on: 'http', kind: 'status', status: 403, path: '/api/v2/users/me' });
  const forbidden = await signIn();
  const waiting = widgetOf(await forbidden.widget());
  await expect(waiting.link).toContainText('Ask your administrator for the missing permission.');
  control.faults.clear();
  await waiting.button('Retry now').click();
  await expect(waiting.status).toContainText('Not sharing');
  expect(await forbidden.quit()).toBe(0);

  const app = await signIn();
  const { status, link } = widgetOf(await app.widget());
  await expect(status).toContainText('Not sharing');
  const { conversationId } = control.begin();
  control.answer(conversationId);
  control.startSharing(1, conversationId);
  await expect(status).toContainText('You are sharing');
  control.revokeTokens();
  await expect(link).toContainText('The sign-in was revoked by the server. Sign in again.');
  await expect(status).toContainText('Sharing – not confirmed');
});

test('a token that expires is noticed at the next command, and what was decided waits', async ({
  server,
  signIn,
  runToEnd,
}) => {
  const { control } = server;
  const app = await signIn();
  const { page, status, link, code, notes } = widgetOf(await app.widget());
  await expect(status).toContainText('Not sharing');
  const { conversationId } = control.begin({ policy: 'mandatory' });
  control.answer(conversationId);
  control.disconnect('peer', conversationId);
  await expect(code).toBeVisible();
  await code.press('1');
  await notes.fill('Tariff explained');

  control.expireTokens();
  await notes.press('Control+Enter');
  await expect(link).toContainText('the access token is wrong or has expired');
  await expect(status).toContainText('waiting to send');
  await expect(page.getByText('1 waiting to send')).toBeVisible();
  expect(control.wrapups(conversationId)).toHaveLength(0);

  expect(await app.quit()).toBe(0);
  const [record] = recordsOf(await runToEnd({ args: ['--export', 'json'] }));
  expect(record).toMatchObject({
    conversationId,
    wrapup: { notes: 'Tariff explained', state: 'waiting' },
  });
});

test('a host that is not there yet', async ({ server, signIn }) => {
  const { control } = server;
  await control.goDark();
  const app = await signIn();
  const { page, status, link } = widgetOf(await app.widget());
  await expect(link).toContainText('cannot be reached: nothing answers there');
  await expect(status).not.toContainText('Not sharing');

  control.begin({ queue: 'Home internet' });
  await control.comeBack();
  await retryNow(page);
  await expect(status).toContainText('Screen share alerting');
  await expect(link).toContainText('Live');
});

test('a wrap-up that took effect although its answer never came takes effect once', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const app = await signIn();
  const { page, status, code, notes } = widgetOf(await app.widget());
  await expect(status).toContainText('Not sharing');
  const { conversationId } = control.begin({ policy: 'mandatory' });
  control.answer(conversationId);
  control.disconnect('peer', conversationId);
  await expect(code).toBeVisible();
  await code.press('1');
  await notes.fill('Said once');
  await expect(page.getByText('Draft saved')).toBeVisible();

  // Neither the answer nor an event says that it was taken: only reading again can.
  control.faults.set(
    { on: 'http', kind: 'timeout', method: 'PATCH', path: '/participants/' },
    { on: 'event', kind: 'drop' },
  );
  await notes.press('Control+Enter');
  await expect(status).toContainText('waiting to send');
  await control.when(() => control.wrapups(conversationId).length === 1);

  // The request's own limit has to pass.
  await expect(status).toContainText('sent', { timeout: 25_000 });
  await expect(status).not.toContainText('not confirmed');
  const patches = control.received().filter(({ method }) => method === 'PATCH');
  expect(patches).toHaveLength(1);
  expect(control.wrapups(conversationId)).toMatchObject([{ by: 'client', wrapup: { notes: 'Said once' } }]);
});

test('a read-only data folder: the live status goes on and what was recorded stays', async ({
  server,
  signIn,
  runToEnd,
  diskAt,
  userDataDir,
}) => {
  const { control } = server;
  const before = await signIn();
  const known = widgetOf(await before.widget());
  await expect(known.status).toContainText('Not sharing');
  const first = control.begin({ policy: 'optional' });
  control.answer(first.conversationId);
  await expect(known.status).toContainText('Viewing');
  control.disconnect('peer', first.conversationId);
  await known.button('Skip').press('Enter');
  await expect(known.status).toContainText('Wrapped up');
  expect(await before.quit()).toBe(0);

  const disk = await diskAt(userDataDir, { kind: 'read-only' });
  const app = await signIn({ disk });
  const { page, status, notices } = widgetOf(await app.widget());
  await expect(notices).toContainText(
    `Nothing can be written to ${userDataDir} (EROFS: read-only file system).`,
  );
  await expect(page.getByText('History is paused. The live status goes on.')).toBeVisible();
  const { conversationId } = control.begin({ policy: 'mandatory' });
  await expect(status).toContainText('Screen share alerting');
  control.answer(conversationId);
  control.startSharing(2, conversationId);
  await expect(status).toContainText('2 peers can see your screen');
  control.stopSharing(conversationId);
  await expect(status).toContainText('Viewing');
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
  const { page, status } = widgetOf(await app.widget());
  await expect(status).toContainText('Not sharing');
  const paused = page.getByText('There is no room left to write', { exact: false });
  const { conversationId } = control.begin({ policy: 'mandatory' });
  await expect(status).toContainText('Screen share alerting');

  disk.fill();
  control.answer(conversationId);
  await expect(status).toContainText('Viewing');
  await expect(paused).toBeVisible();
  control.startSharing(1, conversationId);
  await expect(status).toContainText('You are sharing');

  disk.free();
  control.setPeers(2, conversationId);
  await expect(status).toContainText('2 peers can see your screen');
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
  await expect(notices).toContainText(`Nothing can be written to ${data}`);
  server.control.begin();
  await expect(status).toContainText('Screen share alerting');
  const [place] = await passing();
  expect(await first.quit()).toBe(0);

  const second = await signIn({ disk, env: { TMPDIR: temporary } });
  await expect(widgetOf(await second.widget()).status).toContainText('Screen share alerting');
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
  await expect(notices).toContainText('Your preferences could not be read and were set aside as');
  await expect(status).toContainText('Not sharing');
  const aside = (await readdir(userDataDir)).filter((name) => name.startsWith('preferences.unreadable-'));
  expect(aside).toHaveLength(1);
  expect(aside[0]).toMatch(/^preferences\.unreadable-\d{4}-\d{2}-\d{2}T[\d-]+Z\.json$/);
  expect(await readFile(path.join(userDataDir, aside[0] ?? ''), 'utf8')).toBe(damaged);

  await button('Dismiss').click();
  await expect(notices).not.toContainText('set aside');
});

test('a second start brings the first to the front, says so in one line and ends well', async ({
  desktop,
  signIn,
  runToEnd,
  userDataDir,
}) => {
  const first = await signIn();
  const { status, button } = widgetOf(await first.widget());
  await expect(status).toContainText('Not sharing');
  await expect.poll(() => desktop.activeWindow()).toBe('Sharelight');
  await button('Hide').click();
  await expect.poll(() => desktop.activeWindow()).not.toBe('Sharelight');

  const second = await runToEnd();
  expect(second).toEqual({
    code: 0,
    stdout: '',
    stderr: `Sharelight is already running with ${userDataDir}; it was brought to the front.\n`,
  });
  await expect.poll(() => desktop.activeWindow()).toBe('Sharelight');
});

test('every wrong flag gets one line that names it, and exit code 2', async ({ runToEnd, userDataDir }) => {
  const wrong: [flag: string, args: string[]][] = [
    ['--feeed', ['--feeed', 'simulator']],
    ['--feed', ['--feed', 'twilio']],
    ['--feed', ['--feed']],
    ['--api', ['--api', 'api.mypurecloud.com']],
    ['--api', ['--api=http://api.mypurecloud.com']],
    ['--login', ['--login', 'ftp://login.mypurecloud.com']],
    ['--key', ['--key=none']],
    ['--hidden', ['--hidden=yes']],
    ['--export', ['--export', 'xml']],
    ['--since', ['--export', 'json', '--since', 'yesterday']],
    ['--since', ['--export', 'json', '--since', '2026-02-01', '--until', '2026-01-01']],
    ['--redact', ['--redact']],
    ['--verify', ['--export', 'json', '--verify']],
    ['--diagnostics', ['--diagnostics']],
  ];
  for (const [flag, args] of wrong) {
    const { code, stdout, stderr } = await runToEnd({ args });
    const lines = stderr.split('\n').filter((line) => line !== '');
    const naming: unknown = expect.stringContaining(flag);
    expect({ args, code, stdout, lines }).toEqual({ args, code: 2, stdout: '', lines: [naming] });
  }
  expect(await readdir(userDataDir)).toEqual([]);
});

test('a data folder that is a file is said as what it is', async ({ launch, userDataDir }) => {
  await mkdir(userDataDir, { recursive: true });
  const file = path.join(userDataDir, 'taken');
  await writeFile(file, 'mine');
  const app = await launch({ userDataDir: file });
  const { status, notices } = widgetOf(await app.widget());
  await expect(notices).toContainText(`Nothing can be written to ${file}`);
  await expect(status).toHaveText(/Not sharing|Screen share alerting/);
  expect(await app.quit()).toBe(0);
  expect(await readFile(file, 'utf8')).toBe('mine');
});
