import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from './support/agent.ts';
import { playLogind } from './support/logind.ts';
import { liveWidget, sharing } from './support/shares.ts';
import { retryNow, windowOf } from './support/widget.ts';
import { openOtherWindow, pressKeys } from './support/x11.ts';

const run = promisify(execFile);
const stopKeys = 'ctrl+alt+shift+9';

// On X11: below Wayland no key reaches a program from another one.
test('a share beside a phone call: what ends is said before, and key and tray take a second press', async ({
  server,
  signIn,
  x11: desktop,
}) => {
  const { control } = server;
  const app = await signIn({ desktop });
  const { page, status, button } = await liveWidget(app);
  const stops = () => control.received().filter(({ method }) => method === 'PATCH');
  const { conversationId } = control.begin({ alongside: ['calls'], policy: 'optional' });
  await expect(button('Decline and end the call')).toBeVisible();
  control.answer(conversationId);
  control.startSharing(1, conversationId);
  await expect(button('Stop sharing and end the call')).toBeVisible();
  await expect(status).toContainText('You are sharing');

  const closeOther = await openOtherWindow(desktop, 'A document');
  await pressKeys(desktop, stopKeys);
  const again = page.getByText('Press again within 2 seconds to stop sharing and end the call.');
  await expect(again).toBeVisible();
  await desktop.notifications.waitFor(({ body }) => body.includes('end the call'));
  expect(await desktop.activeWindow()).toBe('A document');
  // Nothing follows, and after two seconds it is a first press again.
  await expect(again).toBeHidden();
  // Whoever leans on the key has pressed it once.
  const leaning = ['keydown', '--clearmodifiers', stopKeys, 'sleep', '1.5', 'keyup', stopKeys];
  const held = run('xdotool', leaning, { env: desktop.env });
  await expect(again).toBeVisible();
  await held;
  await expect(again).toBeHidden();
  expect(stops()).toEqual([]);

  await desktop.tray.choose(app.pid, 'Stop sharing and end the call');
  await expect(again).toBeVisible();
  expect(stops()).toEqual([]);
  await pressKeys(desktop, stopKeys);
  await control.when(() => stops().length === 1);
  await expect(status).not.toContainText('sharing');
  await closeOther();

  // Without the call the same key is one press.
  const plain = control.begin({ alongside: ['calls', 'chats'], policy: 'optional' });
  control.answer(plain.conversationId);
  control.startSharing(1, plain.conversationId);
  await expect(button('Stop sharing and end the call and the chat')).toBeVisible();
  control.leaveLeg('calls', plain.conversationId);
  control.leaveLeg('chats', plain.conversationId);
  control.setPeers(2, plain.conversationId);
  await expect(button('Stop sharing')).toBeVisible();
  await pressKeys(desktop, stopKeys);
  await control.when(() => stops().length === 2);
});

test('small while sharing it says who can see and for how long, stops, and opens for what needs the agent', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const app = await signIn();
  const { page, status, button } = await liveWidget(app);
  const share = await sharing(server, { status }, { policy: 'optional', alongside: ['calls'] });
  const size = () => windowOf(app).then(({ width, height }) => `${width}x${height}`);
  const whole = button('Show everything');

  await button('Make small while sharing').click();
  await expect.poll(size).toBe('200x36');
  await expect(whole).toBeFocused();
  await expect(status).toContainText('You are sharing · 1 person can see your screen');
  await expect(page.getByRole('timer', { name: 'on air' })).toHaveText(/^\d:\d\d$/);
  control.setPeers(3, share);
  await expect(status).toContainText('3 people can see your screen');
  await control.goDark();
  await expect(status).toContainText('Sharing – not confirmed');
  await expect(page.getByText('Not confirmed', { exact: true })).toBeVisible();
  await control.comeBack();
  await retryNow(page);
  await expect(status).toContainText('You are sharing');
  await expect.poll(size).toBe('200x36');

  // What a stop would end besides has to be read first.
  await button('Stop sharing and end the call …').click();
  await expect(button('Stop sharing and end the call')).toBeVisible();
  await page.keyboard.press('Control+Shift+P');
  await expect(whole).toBeVisible();

  const alert = control.begin({ queue: 'Online banking' });
  await expect(button('Answer')).toBeVisible();
  await expect(button('Make small while sharing')).toHaveCount(0);
  control.decline(alert.conversationId);
  await expect(button('Answer')).toHaveCount(0);
  // It comes back only when it is asked for.
  await expect(whole).toHaveCount(0);
  await page.keyboard.press('Control+Shift+P');
  await expect.poll(size).toBe('200x36');
  control.leaveLeg('calls', share);
  await button('Stop sharing').click();
  await expect(status).not.toContainText('sharing');
  await expect.poll(async () => (await windowOf(app)).width).toBeGreaterThanOrEqual(320);
});

test('a share that goes on asks in the end, once, and can go on', async ({ server, signIn, userDataDir }) => {
  await writeFile(
    path.join(userDataDir, 'preferences.json'),
    JSON.stringify({ stillSharingMinutes: [0.02, 0.04] }),
  );
  const { page, status, button } = await liveWidget(await signIn());
  await sharing(server, { status }, { policy: 'optional' });
  const asking = page.getByRole('alertdialog', { name: 'Still sharing?' });
  await expect(asking).toBeVisible();
  await expect(button('Stop sharing')).toHaveCount(1);
  await expect(page.getByRole('timer')).toBeVisible();
  await button('Keep sharing').click();
  await expect(asking).toBeHidden();
  await expect(status).toContainText('You are sharing');
  await button('Stop sharing').click();
  await expect(status).not.toContainText('sharing');
});

test('before the machine sleeps or goes down a share is asked about', async ({
  server,
  signIn,
  desktopWith,
}) => {
  const desktop = await desktopWith({ keyring: false, notifications: false });
  const logind = await playLogind(desktop);
  const app = await signIn({ desktop, args: ['--key', 'file'] });
  const { page, status } = await liveWidget(app);
  expect(logind.askedBy('Sharelight')).toEqual([]);
  await sharing(server, { status }, { policy: 'optional' });
  await expect.poll(() => logind.askedBy('Sharelight')).toEqual(['sleep delay: You are sharing your screen']);

  // It waits only for some seconds: what was asked is written down.
  const asked: string[] = [];
  page.on('console', (message) => asked.push(message.text()));
  await page.evaluate(() => {
    new MutationObserver(() => {
      const question = document.querySelector('[role=alertdialog]')?.textContent;
      if (question !== undefined) console.info(question);
    }).observe(document.body, { childList: true, subtree: true });
  });
  logind.shutDown();
  expect(await app.exitCode()).toBe(0);
  expect(asked.join(' ')).toMatch(/Still sharing\?.*The share would break off.*Stop sharing.*Keep sharing/);
  logind.close();
});

test('on Wayland the stop key is not named where it may be dead, and it is said where it works', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const { page, status, button } = await liveWidget(await signIn({ env: { XDG_SESSION_TYPE: 'wayland' } }));
  await sharing(server, { status }, { policy: 'optional' });
  await expect(
    page.getByText(/On Wayland, .* only while the Sharelight window has the keyboard/),
  ).toBeVisible();
  await expect(button('Stop sharing')).toBeVisible();
  await expect(page.getByText(/Ctrl/)).toHaveCount(0);
  expect(await button('Stop sharing').getAttribute('aria-keyshortcuts')).toBeNull();
  await page.bringToFront();
  await page.keyboard.press('Control+Alt+Shift+Digit9');
  await control.when(() => control.received().some(({ method }) => method === 'PATCH'));
});
