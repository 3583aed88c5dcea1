import { conversationEvent } from '../../electron/feed/simulator/topic-shapes.ts';
import type { RunningSimulator } from '../../electron/feed/simulator/server.ts';
import { expect, test } from './support/agent.ts';
import { recordsOf } from './support/records.ts';
import { liveWidget, sharing } from './support/shares.ts';
import { retryNow, widgetOf } from './support/widget.ts';

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
  const { page, status } = await liveWidget(app);
  const conversationId = await sharing(server, { status }, { policy: 'mandatory' });
  await expect(status).toContainText('1 person can see your screen');
  const setAside = (count: number) =>
    page.getByText(`${String(count)} update${count === 1 ? '' : 's'} couldn’t be read`);

  control.sendRaw('{"topicName": "v2.users');
  await expect(setAside(1)).toBeVisible();
  control.sendRaw(JSON.stringify({ topicName: 'v2.weather.today', eventBody: { rain: true } }));
  await expect(setAside(2)).toBeVisible();
  sendEvent(server, (body) => ({ ...body, participants: 'none' }));
  await expect(setAside(3)).toBeVisible();
  sendEvent(server, (body) => communicationSays(body, { sharing: 'no' }));
  await expect(setAside(4)).toBeVisible();
  await expect(status).toContainText('You are sharing');
  await expect(status).toContainText('1 person can see your screen');

  // A broken field that decides nothing hides nothing: the rest of that event counts.
  sendEvent(server, (body) =>
    communicationSays(body, { peerCount: 3, provider: 7, wrapup: 'none', segments: { first: null } }),
  );
  await expect(status).toContainText('3 people can see your screen');
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

  const conversationId = await sharing(server, { status }, { policy: 'mandatory' });

  control.faults.set({ on: 'http', kind: 'status', status: 503, path: '/api/v2/conversations' });
  control.dropSockets();
  await expect(link).toContainText('has a problem (503');
  await expect(link).toContainText('Offline');
  await expect(status).toContainText('Sharing – not confirmed');

  control.stopSharing(conversationId);
  control.faults.set({ on: 'http', kind: 'status', status: 429, retryAfterS: 2, times: 1, path: '/api/v2/' });
  await retryNow(page);
  await expect(link).toContainText('asks Sharelight to wait 2 s');
  await expect(status).toContainText('Connected');
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
  const { status, link } = await liveWidget(app);
  await sharing(server, { status });
  control.revokeTokens();
  await expect(link).toContainText('Your sign-in was revoked. Sign in again.');
  await expect(status).toContainText('Sharing – not confirmed');
});

test('a token that expires is noticed at the next command, and what was decided waits', async ({
  server,
  signIn,
  runToEnd,
}) => {
  const { control } = server;
  const app = await signIn();
  const { page, status, link, code, notes } = await liveWidget(app);
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
  await expect(link).toContainText('Can’t reach Genesys Cloud');
  await expect(status).not.toContainText('Not sharing');

  control.begin({ queue: 'Home internet' });
  await control.comeBack();
  await retryNow(page);
  await expect(status).toContainText('Incoming screen share');
  await expect(link).toContainText('Live');
});

test('a wrap-up that took effect although its answer never came takes effect once', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const app = await signIn();
  const { page, status, code, notes } = await liveWidget(app);
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
