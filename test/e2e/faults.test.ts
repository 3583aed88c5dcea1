import { WebSocket } from 'ws';
import type { RunningSimulator } from '../../electron/feed/simulator/server.ts';
import { expect, test, type RunningApp } from './support/agent.ts';
import { recordsOf } from './support/records.ts';
import { connected, liveWidget } from './support/shares.ts';

/** What goes wrong between the service and this machine, one after the other, in the program a person has. */

/** Does something of which no event arrives. */
function unheard({ control }: RunningSimulator, act: () => void): void {
  control.faults.set({ on: 'event', kind: 'drop' });
  act();
  control.faults.clear();
}

/** Clients enough to push out the channel that was used longest ago, as the service does. Returns their end. */
async function crowd({ apiUrl, accessToken }: RunningSimulator): Promise<() => void> {
  const sockets: WebSocket[] = [];
  for (let others = 0; others < 20; others += 1) {
    const answer = await fetch(`${apiUrl}/api/v2/notifications/channels`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}` },
    });
    const { connectUri } = (await answer.json()) as { connectUri: string };
    const socket = new WebSocket(connectUri);
    sockets.push(socket);
    await new Promise((resolve) => socket.once('open', resolve));
  }
  return () => {
    for (const socket of sockets) socket.terminate();
  };
}

/** From now on the machine has another address to the outside, by its own account. */
async function changeNetwork({ electron }: RunningApp): Promise<void> {
  await electron.evaluate(() => {
    const os = process.getBuiltinModule('node:os');
    const before = os.networkInterfaces();
    const moved = {
      address: '192.0.2.7',
      netmask: '255.255.255.0',
      mac: '00:00:5e:00:53:01',
      internal: false,
    };
    os.networkInterfaces = () => ({
      ...before,
      moved0: [{ ...moved, family: 'IPv4' as const, cidr: '192.0.2.7/24' }],
    });
  });
}

test('events twice, late, out of order, spoiled and cut short: the status ends right, each share is one record', async ({
  server,
  signIn,
  runToEnd,
}) => {
  const { control } = server;
  const app = await signIn();
  const widget = await liveWidget(app);
  const { page, status, link } = widget;

  control.faults.set({ on: 'event', kind: 'duplicate' });
  const first = await connected(server, widget, { policy: 'mandatory' });
  control.startSharing(1, first);
  await expect(status).toContainText('1 person can see your screen');
  control.setPeers(3, first);
  await expect(status).toContainText('3 people can see your screen');

  control.faults.set({ on: 'event', kind: 'delay', ms: 1500, times: 1 });
  control.setPeers(2, first);
  await expect(status).toContainText('2 people can see your screen');

  // Spoiled as a broken server spoils it: the event is set aside, and the server is asked.
  control.faults.set(
    { on: 'event', kind: 'malformed', times: 1 },
    { on: 'event', kind: 'garbage', times: 1 },
  );
  control.setPeers(5, first);
  await expect(page.getByText('2 updates couldn’t be read')).toBeVisible();
  control.faults.clear();
  control.setPeers(4, first);
  await expect(status).toContainText('4 people can see your screen');

  // What began the share comes after what ended it: it stays ended.
  control.faults.set({ on: 'event', kind: 'reorder', times: 1 });
  control.setPeers(6, first);
  control.disconnect('peer', first);
  await expect(status).toContainText('Wrap up');
  control.faults.set({ on: 'event', kind: 'delay', ms: 1500, times: 1 });
  const second = control.begin({ policy: 'optional' }).conversationId;
  control.answer(second);
  control.startSharing(1, second);
  await expect(status).toContainText('You are sharing');
  control.disconnect('peer', second);
  await expect(status).toContainText('Wrap up');
  await expect(link).toContainText('Live');

  expect(await app.quit()).toBe(0);
  const records = recordsOf(await runToEnd({ args: ['--export', 'json'] }));
  expect(records.map(({ conversationId }) => conversationId).sort()).toEqual([first, second].sort());
});

test('a closing socket, a channel that was pushed out, another network: opened again, and what was missed is there', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const app = await signIn();
  const widget = await liveWidget(app);
  const { status, link } = widget;
  const conversationId = await connected(server, widget, { policy: 'mandatory' });

  unheard(server, () => {
    control.startSharing(2, conversationId);
  });
  control.announceClosing(60_000);
  await expect(status).toContainText('2 people can see your screen');
  await expect(link).toContainText('Live');

  const [own] = control.sockets();
  const disperse = await crowd(server);
  unheard(server, () => {
    control.setPeers(3, conversationId);
  });
  await expect(status).toContainText('3 people can see your screen');
  await expect(link).toContainText('Live');
  expect(control.sockets().map(({ channelId }) => channelId)).not.toContain(own?.channelId);
  disperse();

  unheard(server, () => {
    control.stopSharing(conversationId);
  });
  await changeNetwork(app);
  await expect(status).toContainText('Connected');
  await expect(status).not.toContainText('You are sharing');
  await expect(link).toContainText('Live');
});

test('a socket that is open and silent: stale within two heartbeats of the service, then right again', async ({
  server,
  signIn,
}) => {
  // Two beats are a minute.
  test.setTimeout(120_000);
  const { control } = server;
  const widget = await liveWidget(await signIn());
  const { page, status, link } = widget;
  const conversationId = await connected(server, widget, { policy: 'mandatory' });
  control.startSharing(1, conversationId);
  await expect(status).toContainText('You are sharing');

  // The readings that follow take long enough to see that nothing is claimed meanwhile.
  control.faults.set(
    { on: 'event', kind: 'silence' },
    { on: 'http', kind: 'slow', ms: 4000, path: '/subscriptions' },
  );
  control.stopSharing(conversationId);
  // The service's own beat is every 30 s.
  await expect(link).toContainText('Checking connection', { timeout: 60_000 });
  // Still sharing as far as was heard; or a reading came in between, as one does every minute.
  await expect(status).toContainText(/(Sharing|Connected) – not confirmed/);
  await expect(page.getByText(/Last confirmed/)).toBeVisible();

  await expect(status).toContainText('Connected');
  await expect(link).toContainText('Live');
  control.faults.clear();
});
