import { expect, test } from './support/agent.ts';
import { playLogind } from './support/logind.ts';
import { liveWidget, sharing } from './support/shares.ts';
import { widgetOf } from './support/widget.ts';

/** What changed at the server while nobody could hear of it. */

test('a conversation that is gone when contact comes back is over, and its record is kept', async ({
  server,
  signIn,
  runToEnd,
}) => {
  const { control } = server;
  const app = await signIn();
  const { status, link } = widgetOf(await app.widget());
  await expect(link).toContainText('Live');
  const conversationId = await sharing(server, { status }, { policy: 'mandatory' });

  await control.goDark();
  await expect(status).toContainText('Sharing – not confirmed');
  await expect(status).toContainText('Last confirmed');
  await expect(link).toContainText('trying again');
  // The card says it; once is enough.
  await expect(link).not.toContainText('Last confirmed');
  control.world.conversations = [];
  await control.comeBack();
  await expect(status).toContainText('Not sharing');
  await expect(link).toContainText('Live');
  expect(await app.quit()).toBe(0);

  const { stdout } = await runToEnd({ args: ['--export', 'json'] });
  expect(JSON.parse(stdout)).toMatchObject([{ conversationId, role: 'sharing' }]);
});

test('a share the server does not mention any more is neither over nor confirmed', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const app = await signIn();
  const widget = widgetOf(await app.widget());
  const { status, link } = widget;
  await expect(link).toContainText('Live');
  const conversationId = await sharing(server, { status }, { policy: 'optional' });

  control.mutate({ participant: { screenshares: [] } }, conversationId);
  control.dropSockets();
  await expect(status).toContainText('Sharing – not confirmed');
  // The head and the footer say the same.
  await expect(link).toContainText('Checking with Genesys');
  await expect(status).toContainText('Last confirmed');
  await expect(widget.button('Stop sharing')).toBeVisible();

  control.world.conversations.forEach(({ overlay }) => (overlay.participant = {}));
  control.setPeers(2, conversationId);
  await expect(status).toContainText('You are sharing');
  expect(await app.quit()).toBe(0);
});

test('after sleep and unlocking everything is read again, though the socket says it was open all the time', async ({
  server,
  signIn,
  desktopWith,
}) => {
  const { control } = server;
  const desktop = await desktopWith({});
  const logind = await playLogind(desktop);
  // Going to sleep Chromium drops its connections, the one a test sees its pages by among them.
  const app = await signIn({ desktop, env: { SHARELIGHT_NARRATE: '1' } });
  const said = expect.poll(() => app.stdout.trimEnd().split('\n').at(-1));
  // What it said before anybody listened is not heard.
  await liveWidget(app);
  await logind.asked;
  const { conversationId } = control.begin({ policy: 'optional' });
  control.answer(conversationId);
  control.startSharing(1, conversationId);
  await said.toContain('You are sharing');

  logind.sleep();
  // What a machine shows when it wakes is what it showed last.
  await said.toContain('Sharing – not confirmed');
  control.faults.set({ on: 'event', kind: 'drop' });
  control.stopSharing(conversationId);
  control.faults.clear();
  logind.wake();
  await said.toMatch(/Connected.*Live/);

  for (const [how, peers] of [
    ['hint', 2],
    ['order', 3],
  ] as const) {
    control.faults.set({ on: 'event', kind: 'drop' });
    control.startSharing(peers, conversationId);
    control.faults.clear();
    logind.unlock(how);
    await said.toMatch(new RegExp(`${String(peers)} people.*Live`));
  }
  logind.close();
});
