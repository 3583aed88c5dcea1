import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from './support/agent.ts';
import { liveWidget } from './support/shares.ts';
import { openOtherWindow, pressKeys } from './support/x11.ts';

const run = promisify(execFile);
const stopKeys = 'ctrl+alt+shift+9';

test('a share beside a phone call: what ends is said before, and key and tray take a second press', async ({
  server,
  signIn,
  desktop,
}) => {
  const { control } = server;
  const app = await signIn();
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

test('on Wayland the stop key is not named where it may be dead, and it is said where it works', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const { page, status, button } = await liveWidget(await signIn({ env: { XDG_SESSION_TYPE: 'wayland' } }));
  const { conversationId } = control.begin({ policy: 'optional' });
  control.answer(conversationId);
  control.startSharing(1, conversationId);
  await expect(status).toContainText('You are sharing');
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
