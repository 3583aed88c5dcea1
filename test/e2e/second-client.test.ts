import { WebSocket } from 'ws';
import { expect, test as base } from './support/agent.ts';
import { pressByKeyboard } from './support/keyboard.ts';
import { secondClient, type SecondClient } from './support/second-client.ts';
import { codeNamed, connected, ended, liveWidget } from './support/shares.ts';
import { retryNow } from './support/widget.ts';

/** Beside the app the official SDK is at work, as the same agent at the same server. */
const test = base.extend<{ second: SecondClient }>({
  second: async ({ server }, use, { outputDir }) => {
    const second = secondClient(server, outputDir);
    await use(second);
    second.close();
  },
});

test('what another program does with a share is followed, to its wrap-up', async ({
  server,
  signIn,
  second,
}) => {
  const { control } = server;
  const { conversations, participantOf } = second;
  const { status, code } = await liveWidget(await signIn());
  const { conversationId } = control.begin({ queue: 'Billing help', policy: 'mandatory' });
  await expect(status).toContainText('Incoming screen share');
  const participantId = await participantOf(conversationId);

  await conversations.patchConversationParticipant(conversationId, participantId, { state: 'connected' });
  await expect(status).toContainText('Connected');
  await conversations.patchConversationParticipant(conversationId, participantId, { state: 'disconnected' });
  await expect(status).toContainText('Wrap up');
  await expect(code).toBeVisible();

  const wrapup = { code: codeNamed('Complaint'), notes: 'Written elsewhere' };
  await conversations.patchConversationParticipant(conversationId, participantId, { wrapup });
  await expect(status).toContainText('Wrapped up');
  await expect(status).toContainText('Complaint · from Genesys');
  await expect(code).toHaveCount(0);
  // The app had nothing of its own to say.
  expect(control.wrapups(conversationId)).toMatchObject([{ by: 'client', wrapup }]);
});

test('other words than those being written here: both are shown, and the agent chooses', async ({
  server,
  signIn,
  second,
}) => {
  const { control } = server;
  const { conversations, participantOf } = second;
  const widget = await liveWidget(await signIn());
  const { page, status, button } = widget;
  const conversationId = await ended(server, widget, { policy: 'mandatory' });
  await page.keyboard.type('tariff');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Draft saved')).toBeVisible();

  const wrapup = { code: codeNamed('Complaint'), notes: 'Written elsewhere' };
  await conversations.patchConversationParticipant(conversationId, await participantOf(conversationId), {
    wrapup,
  });
  await expect(status).toContainText('Genesys already closed this wrap-up');
  await expect(page.getByText('Tariff changed', { exact: true })).toBeVisible();
  await expect(page.getByText('Complaint · “Written elsewhere”')).toBeVisible();
  expect(control.wrapups(conversationId)).toHaveLength(1);

  await pressByKeyboard(page, button('Send my wrap-up'));
  await expect(status).toContainText(/Wrapped up.*Tariff changed · sent(?!,)/);
  const now = await conversations.getConversation(conversationId);
  expect(now.participants.at(-1)?.wrapup?.code).toBe(codeNamed('Tariff changed'));
});

test('a second subscriber lives beside the app; one that takes over is named, and the app goes on', async ({
  server,
  signIn,
  second,
}) => {
  const { control } = server;
  const { notifications, participantOf, conversations } = second;
  const widget = await liveWidget(await signIn());
  const { page, status, notices } = widget;
  const topic = `v2.users.${server.userId}.conversations`;
  const channel = await notifications.postNotificationsChannels();
  const socket = new WebSocket(channel.connectUri ?? '');
  const heard: string[] = [];
  socket.on('message', (data: Buffer) => heard.push(data.toString('utf8')));
  await notifications.postNotificationsChannelSubscriptions(channel.id ?? '', [{ id: topic }]);

  // Side by side: each hears of the share.
  const conversationId = await connected(server, widget, { policy: 'optional' });
  await expect.poll(() => heard.some((text) => text.includes(conversationId))).toBe(true);
  await expect(notices).not.toContainText('Another program signed in as you');

  control.settings({ soleSubscriber: true });
  await notifications.putNotificationsChannelSubscriptions(channel.id ?? '', [{ id: topic }]);
  await expect(notices).toContainText('Another program signed in as you took over the notifications');
  await retryNow(page);

  // Taken back: what the other one does is heard here again.
  await expect.poll(() => heard.some((text) => text.includes('no_longer_subscribed'))).toBe(true);
  const participantId = await participantOf(conversationId);
  await conversations.patchConversationParticipant(conversationId, participantId, { state: 'disconnected' });
  await expect(status).toContainText('Wrap up');
  socket.terminate();
});
