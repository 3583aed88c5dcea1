import { expect, test } from './support/agent.ts';
import { recordsOf } from './support/records.ts';
import { liveWidget, sharing } from './support/shares.ts';
import { retryNow } from './support/widget.ts';

/** What real traffic is like, in the program a person has. */

test('a video call is silent until the first share, and ends with its participant, whatever its leg says', async ({
  server,
  signIn,
  runToEnd,
}) => {
  const { control } = server;
  const app = await signIn();
  const { page, status, link, code } = await liveWidget(app);
  const setAside = page.getByText('1 update couldn’t be read');

  control.settings({ topicWrapupCode: 'id' });
  const silent = control.begin({ media: 'video', policy: 'mandatory' }).conversationId;
  control.answer(silent);
  control.setPeers(2, silent);
  control.disconnect('peer', silent);
  control.wrapUp({}, silent);
  const { conversationId } = control.begin({
    media: 'video',
    policy: 'mandatory',
    queue: 'Billing help',
    earlierAlerts: 4,
  });
  control.answer(conversationId);
  // Behind all of them: once this is read, so are they.
  control.sendRaw('{"topicName": "v2.users');
  await expect(setAside).toBeVisible();
  await expect(status).toContainText('Not sharing');
  await expect(status).toContainText('No shares yet');

  control.peerSharing(true, conversationId);
  await expect(status).toContainText('Viewing a shared screen');
  control.startSharing(1, conversationId);
  await expect(status).toContainText('You are sharing');
  await expect(page.getByText('Missed screen share')).toHaveCount(0);
  control.stopSharing(conversationId);
  await expect(status).toContainText('Connected');
  control.startSharing(2, conversationId);
  await expect(status).toContainText('2 people can see your screen');

  control.settings({ lingeringLegs: true });
  control.disconnect('peer', conversationId);
  await expect(status).toContainText('Wrap up');
  await expect(link).toContainText('Live');
  await expect(code).toBeFocused();
  await page.keyboard.type('complaint');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText('Wrapped up');

  expect(await app.quit()).toBe(0);
  const records = recordsOf(await runToEnd({ args: ['--export', 'json'] }));
  expect(records).toMatchObject([
    { conversationId, media: 'video', role: 'sharing', answered: true, wrapup: { name: 'Complaint' } },
  ]);
  expect(await runToEnd({ args: ['--verify'] })).toMatchObject({ code: 0, stderr: '' });
});

test('one call that rang five times is one line; its end comes in two events, and is one prompt', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const { page, status, button } = await liveWidget(await signIn());
  control.settings({ twoStepDisconnect: true });
  const { conversationId } = control.begin({ policy: 'mandatory', earlierAlerts: 4 });
  await expect(status).toContainText('Incoming screen share');
  await expect(page.getByText('Missed screen share')).toHaveCount(0);
  await button('Answer').click();
  await expect(status).toContainText('Connected');
  control.startSharing(1, conversationId);
  await expect(status).toContainText('You are sharing');

  // An update need not say who is in it.
  control.faults.set({ on: 'event', kind: 'bare', times: 1 });
  control.setPeers(2, conversationId);
  await expect(status).toContainText('You are sharing');
  control.setPeers(3, conversationId);
  await expect(status).toContainText('3 people can see your screen');
  await expect(page.getByText('couldn’t be read')).toHaveCount(0);

  control.disconnect('client', conversationId);
  await expect(status).toContainText('Wrap up');
  await expect(page.getByRole('combobox', { name: 'Wrap-up code' })).toHaveCount(1);
  await expect(page.getByText('Missed screen share')).toHaveCount(0);
});

test('answers without what they are made of confirm nothing, and a 403 beside a listing settles what ended unheard', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const { page, status, link } = await liveWidget(await signIn());
  const conversationId = await sharing(server, { status }, { policy: 'agentRequested' });
  await expect(link).toContainText('Live');

  // One conversation: the event is checked, and the answer is none.
  control.faults.set({
    on: 'http',
    kind: 'shapeless',
    method: 'GET',
    path: `conversations/${conversationId}`,
  });
  control.setPeers(2, conversationId);
  await expect(status).toContainText('Sharing – not confirmed');
  await expect(link).toContainText('Checking with Genesys');
  control.faults.clear();
  await expect(status).toContainText('2 people can see your screen');
  await expect(status).not.toContainText('not confirmed');
  await expect(link).toContainText('Live');

  // The listing: an empty object is not an empty list.
  control.faults.set({ on: 'http', kind: 'shapeless', method: 'GET', path: '/api/v2/conversations' });
  control.dropSockets();
  await expect(link).toContainText('sent conversations in an unexpected form');
  await expect(status).toContainText('Sharing – not confirmed');
  control.faults.clear();
  await retryNow(page);
  await expect(status).not.toContainText('not confirmed');
  await expect(link).toContainText('Live');

  // A role that may not read single conversations, and an end nobody heard.
  control.settings({ withheld: ['conversation:communication:view'] });
  control.faults.set({ on: 'event', kind: 'drop' });
  control.disconnect('peer', conversationId);
  control.faults.clear();
  control.dropSockets();
  await expect(status).toContainText('Not sharing');
  await expect(status).toContainText('ended while Sharelight was offline');
  await expect(link).toContainText('Live');
});
