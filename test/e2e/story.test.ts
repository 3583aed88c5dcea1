import type { Page } from '@playwright/test';
import { expect, test, type RunningApp } from './support/agent.ts';

/** What the status region says now. */
function status(page: Page) {
  return page.getByRole('status', { name: 'Share status' });
}

async function trayIcon(app: RunningApp): Promise<string | undefined> {
  return (await app.desktop.tray.read(app.pid))?.icon;
}

test('a share from the first ring to the exported record', async ({ server, signIn, runToEnd }) => {
  const { control } = server;
  const app = await signIn();
  const page = await app.widget();
  await expect(status(page)).toContainText('Not sharing');
  await expect.poll(() => trayIcon(app)).toBeDefined();
  const quietIcon = await trayIcon(app);

  // Alerting: the window, the tray and a system notification say so.
  await page.getByRole('button', { name: 'Hide' }).click();
  const { conversationId } = control.begin({ policy: 'timeout', timeoutMs: 120_000, queue: 'Billing help' });
  await expect(status(page)).toContainText('Incoming screen share');
  const alert = await app.desktop.notifications.waitFor(
    ({ summary, body }) => summary === 'Incoming screen share' && body.includes('Billing help'),
  );
  expect(alert.actions).toContain('default');
  await expect.poll(() => trayIcon(app)).not.toBe(quietIcon);

  await page.getByRole('button', { name: 'Answer' }).click();
  await expect(status(page)).toContainText('Connected');

  control.startSharing(2, conversationId);
  await expect(status(page)).toContainText('You are sharing');
  await expect(status(page)).toContainText('2 people can see your screen');

  control.stopSharing(conversationId);
  await expect(status(page)).toContainText('Connected');
  control.disconnect('peer', conversationId);
  await expect(status(page)).toContainText('Wrap up');

  // Known code: found by typing (with a slip), notes and Done by keyboard alone.
  const code = page.getByRole('combobox', { name: 'Wrap-up code' });
  await expect(code).toBeVisible();
  await code.focus();
  await page.keyboard.type('refnd');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Notes' })).toBeFocused();
  await page.keyboard.type('Walked through invoice 2231');
  await page.keyboard.press('Control+Enter');
  await expect(status(page)).toContainText('Wrapped up');

  const wrapups = control.wrapups(conversationId);
  expect(wrapups).toHaveLength(1);
  expect(wrapups[0]?.by).toBe('client');
  expect(wrapups[0]?.wrapup.notes).toBe('Walked through invoice 2231');
  const chosen = wrapups[0]?.wrapup.code;
  expect(await app.quit()).toBe(0);
  await server.close();

  // Everything is reviewable with the server gone.
  const exported = await runToEnd({ args: ['--export', 'json'] });
  expect(exported.code).toBe(0);
  const records = JSON.parse(exported.stdout) as Record<string, unknown>[];
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({
    conversationId,
    role: 'sharing',
    media: 'screenshare',
    queueName: 'Billing help',
    answered: true,
    wrapup: { code: chosen, name: 'Refund requested', notes: 'Walked through invoice 2231', state: 'sent' },
    screenshare: {
      state: 'terminated',
      sharing: false,
      peerCount: expect.any(Number),
      disconnectType: 'peer',
      startAlertingTime: expect.any(String),
      connectedTime: expect.any(String),
      disconnectedTime: expect.any(String),
      provider: expect.any(String),
      peerId: expect.any(String),
      context: expect.any(String),
      segments: expect.any(Array),
    },
  });
  const verified = await runToEnd({ args: ['--verify'] });
  expect(verified.code).toBe(0);
});

test('words survive a kill in the middle of typing', async ({ server, signIn }) => {
  const { control } = server;
  const first = await signIn();
  const page = await first.widget();
  await expect(status(page)).toContainText('Not sharing');
  const { conversationId } = control.begin({ policy: 'mandatory' });
  control.answer(conversationId);
  control.disconnect('peer', conversationId);
  const notes = page.getByRole('textbox', { name: 'Notes' });
  await notes.focus();
  await page.keyboard.type('Customer will re-upload the scan', { delay: 5 });
  await expect(page.getByText('Draft saved')).toBeVisible();
  await first.kill();

  const second = await signIn();
  const again = await second.widget();
  await expect(again.getByRole('textbox', { name: 'Notes' })).toHaveValue('Customer will re-upload the scan');
});

test('a socket that dies during a share leaves "not confirmed", then the truth', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const app = await signIn();
  const page = await app.widget();
  await expect(status(page)).toContainText('Not sharing');
  const { conversationId } = control.begin({ policy: 'timeout', timeoutMs: 120_000 });
  control.answer(conversationId);
  control.startSharing(1, conversationId);
  await expect(status(page)).toContainText('You are sharing');

  await control.goDark();
  await expect(status(page)).toContainText('Sharing – not confirmed');
  await expect(status(page)).not.toContainText('Not sharing');

  // What happened in the dark is read again, not guessed.
  control.stopSharing(conversationId);
  await control.comeBack();
  await expect(status(page)).toContainText('Connected');
  await expect(status(page)).not.toContainText('not confirmed');
});
