import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { widgetOf } from '../e2e/support/widget.ts';
import { expect, test } from '../e2e/support/agent.ts';
import { CONTACT, minutes, PICTURES, shoot, untilFitted } from './camera.ts';

test('idle', async ({ server, signIn }) => {
  const { control } = server;
  const { page, status } = widgetOf(await (await signIn()).widget());
  await expect(status).toContainText('No shares yet');
  const { conversationId } = control.begin({ ...CONTACT, policy: 'mandatory' });
  control.answer(conversationId);
  await expect(status).toContainText('Connected');
  control.advance(minutes(6));
  control.disconnect('peer', conversationId);
  control.wrapUp({ notes: 'Walked through invoice 2231' }, conversationId);
  control.advance(minutes(20));
  control.dropSockets();
  await expect(status).toContainText('6 min · from Genesys');
  await shoot(page, 'idle');
});

test('idle, not confirmed', async ({ server, signIn }) => {
  const { page, status, link } = widgetOf(await (await signIn()).widget());
  await expect(status).toContainText('Not sharing');
  await server.control.goDark();
  await expect(status).toContainText('not confirmed');
  await expect(link).toContainText('Can’t reach Genesys Cloud');
  await shoot(page, 'idle-not-confirmed');
});

test('status not known: the server refuses', async ({ signIn }) => {
  const app = await signIn({ env: { SHARELIGHT_ACCESS_TOKEN: 'not-a-token' } });
  const { page, link, status } = widgetOf(await app.widget());
  await expect(link).toContainText('the access token is wrong or has expired');
  await expect(status).toContainText('not known');
  await shoot(page, 'not-known');
});

test('alerting, and the desktop around it', async ({ server, signIn, userDataDir }) => {
  // The word about the tray at the first hiding would be in the picture.
  await writeFile(path.join(userDataDir, 'preferences.json'), '{"toldAboutTray": true}');
  const app = await signIn();
  const { page, status, button } = widgetOf(await app.widget());
  await expect(status).toContainText('Not sharing');
  // A window that has the keyboard needs no notification.
  await button('Hide').click();
  server.control.begin(CONTACT);
  await expect(status).toContainText('Incoming screen share');
  const { queue } = CONTACT;
  await app.desktop.notifications.waitFor(
    ({ summary, body }) => summary === 'Incoming screen share' && body.includes(queue),
  );
  await expect.poll(async () => (await app.desktop.tray.read(app.pid))?.toolTip).toContain('Incoming');
  await untilFitted(page);
  await app.desktop.screenshot(path.join(PICTURES, 'desktop.png'));
  await shoot(page, 'alerting', { showing: minutes(0, 12) });
});

test('connected', async ({ server, signIn }) => {
  const { control } = server;
  const { page, status } = widgetOf(await (await signIn()).widget());
  await expect(status).toContainText('Not sharing');
  control.answer(control.begin(CONTACT).conversationId);
  await expect(status).toContainText('Connected');
  await shoot(page, 'connected', { showing: minutes(0, 8) });
});

test('viewing', async ({ server, signIn }) => {
  const { control } = server;
  const { page, status } = widgetOf(await (await signIn()).widget());
  await expect(status).toContainText('Not sharing');
  control.answer(control.begin(CONTACT).conversationId);
  control.peerSharing(true);
  await expect(status).toContainText('is sharing');
  control.advance(minutes(4, 30));
  control.dropSockets();
  await expect(page.getByRole('timer')).toContainText('4:3');
  await expect(status).toContainText('Viewing a shared screen');
  await shoot(page, 'viewing', { showing: minutes(4, 37) });
});

test('sharing', async ({ server, signIn }) => {
  const { control } = server;
  const { page, status, link } = widgetOf(await (await signIn()).widget());
  await expect(status).toContainText('Not sharing');
  control.answer(control.begin(CONTACT).conversationId);
  control.startSharing(2);
  await expect(status).toContainText('2 people can see your screen');
  control.advance(minutes(12));
  control.dropSockets();
  await expect(page.getByRole('timer')).toContainText('12:0');
  await expect(status).toContainText('You are sharing');
  await shoot(page, 'sharing', { showing: minutes(12, 8) });

  await control.goDark();
  await expect(status).toContainText('Sharing – not confirmed');
  await expect(link).toContainText('Can’t reach Genesys Cloud');
  await shoot(page, 'not-confirmed', { showing: minutes(12, 46) });
});

test('agent requested: after-call work is asked for while connected', async ({ server, signIn }) => {
  const { control } = server;
  const { page, status, button } = widgetOf(await (await signIn()).widget());
  await expect(status).toContainText('Not sharing');
  control.answer(control.begin({ ...CONTACT, policy: 'agentRequested' }).conversationId);
  await expect(button('Request after-call work')).toBeVisible();
  await shoot(page, 'agent-requested', { showing: minutes(0, 8) });

  // Nobody is held back twice.
  control.startSharing(1);
  await button('Stop sharing').click();
  await expect(page.getByRole('alert')).toContainText('You won’t get a wrap-up');
  await shoot(page, 'agent-requested-reminder', { showing: minutes(0, 15) });
});

test('a stop that failed', async ({ server, signIn }) => {
  const { control } = server;
  const app = await signIn();
  const { page, status, notices } = widgetOf(await app.widget());
  await expect(status).toContainText('Not sharing');
  control.answer(control.begin(CONTACT).conversationId);
  control.startSharing(2);
  await expect(status).toContainText('You are sharing');
  control.faults.set({ on: 'http', kind: 'status', status: 503, method: 'PATCH' });
  await app.desktop.tray.choose(app.pid, 'Stop sharing');
  await expect(notices).toContainText('Couldn’t stop sharing');
  await shoot(page, 'stop-failed', { showing: minutes(0, 40) });
});

test('on air while wrap-ups wait', async ({ server, signIn }) => {
  const { control } = server;
  const { page, status, notes } = widgetOf(await (await signIn()).widget());
  await expect(status).toContainText('Not sharing');
  const waiting = control.begin({ ...CONTACT, policy: 'timeout', timeoutMs: minutes(2) });
  control.answer(waiting.conversationId);
  control.disconnect('peer', waiting.conversationId);
  await expect(notes).toBeVisible();
  const share = control.begin({ queue: 'Home internet', customer: 'Lars Fjellbakken' });
  control.answer(share.conversationId);
  control.startSharing(2, share.conversationId);
  await expect(status).toContainText('You are sharing');
  await shoot(page, 'sharing-wrap-up-waits', { showing: minutes(0, 20) });
});

test('missed', async ({ server, signIn }) => {
  const { control } = server;
  const { page, status } = widgetOf(await (await signIn()).widget());
  await expect(status).toContainText('Not sharing');
  control.begin({ ...CONTACT, alertingTimeoutMs: minutes(0, 30) });
  await expect(status).toContainText('Incoming screen share');
  control.advance(minutes(0, 30));
  await expect(status).toContainText('Missed');
  await shoot(page, 'missed');
});

test('two at once', async ({ server, signIn }) => {
  const { control } = server;
  const { page, status } = widgetOf(await (await signIn()).widget());
  await expect(status).toContainText('Not sharing');
  const first = control.begin(CONTACT);
  control.answer(first.conversationId);
  control.startSharing(1, first.conversationId);
  await expect(status).toContainText('You are sharing');
  control.begin({ queue: 'Home internet', customer: 'Lars Fjellbakken' });
  await expect(page.getByRole('button', { name: 'Answer' })).toBeVisible();
  await shoot(page, 'two-at-once', { showing: minutes(0, 9) });
});

test('sharing, and asked whether to go on', async ({ server, signIn, userDataDir }) => {
  await writeFile(path.join(userDataDir, 'preferences.json'), '{"stillSharingMinutes": [0.01, 0.02]}');
  const { control } = server;
  const { page, status } = widgetOf(await (await signIn()).widget());
  await expect(status).toContainText('Not sharing');
  const { conversationId } = control.begin(CONTACT);
  control.answer(conversationId);
  control.startSharing(2, conversationId);
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await shoot(page, 'sharing-asks', { showing: minutes(31, 4) });
});
