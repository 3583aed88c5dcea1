import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Desktop } from './support/fixtures.ts';
import { expect, test } from './support/agent.ts';
import { connected, liveWidget, sharing } from './support/shares.ts';
import { windowOf } from './support/widget.ts';
import { openOtherWindow, pressKeys } from './support/x11.ts';

const customer = 'Zaphira Quillon';

/** The notifications of this app alone: the desktop is shared by the tests of a run. */
function notificationsSince({ notifications }: Desktop) {
  const from = notifications.shown.length;
  return () => notifications.shown.slice(from);
}

// On X11: weston gives the keyboard to every window that appears.
test('an alert does not take the keyboard from another program', async ({ server, signIn, x11: desktop }) => {
  const app = await signIn({ desktop });
  const { button } = await liveWidget(app);
  await button('Hide').click();
  const closeOther = await openOtherWindow(desktop, 'Order book');
  const shown = notificationsSince(desktop);

  server.control.begin({ queue: 'Billing help', customer });
  await expect.poll(async () => (await windowOf(app)).visible).toBe(true);
  // Shown in full, it stays: the first one names no queue, and is replaced when that is known.
  const alert = await desktop.notifications.waitFor(
    (each) => shown().includes(each) && each.body === `Billing help queue · ${customer}`,
  );
  expect(await desktop.activeWindow()).toBe('Order book');
  expect((await windowOf(app)).focused).toBe(false);

  // A click on the notification is the person's own wish.
  await desktop.notifications.click(alert);
  await expect.poll(() => desktop.activeWindow()).toBe('Sharelight');
  await closeOther();
});

// On X11: below Wayland no key reaches a program from another one.
test('while on air nothing on the screen names a customer; the reminder comes once, and Stop works from anywhere', async ({
  server,
  signIn,
  x11: desktop,
  userDataDir,
}) => {
  const { control } = server;
  const preferences = path.join(userDataDir, 'preferences.json');
  await writeFile(preferences, JSON.stringify({ stillSharingMinutes: [0.03] }));
  const app = await signIn({ desktop });
  const { page, status, button } = await liveWidget(app);
  await button('Hide').click();
  const closeOther = await openOtherWindow(desktop, 'Order book');
  const shown = notificationsSince(desktop);
  await sharing(server, { status }, { policy: 'mandatory', customer });
  const onAirFrom = shown().length;
  await desktop.notifications.waitFor(
    (each) => shown().includes(each) && each.summary === 'You are still sharing',
  );

  control.begin({ customer, queue: 'Insurance claims' });
  const second = await desktop.notifications.waitFor(
    (each) => shown().slice(onAirFrom).includes(each) && each.summary === 'Incoming screen share',
  );
  expect(second.body).toBe('Open Sharelight to answer.');
  await expect(page.getByText('Incoming screen share')).toBeVisible();
  const said = JSON.stringify(shown().slice(onAirFrom));
  expect(said).not.toContain(customer);
  expect(said).not.toContain('Insurance claims');

  expect(await desktop.activeWindow()).toBe('Order book');
  await pressKeys(desktop, 'ctrl+alt+shift+9');
  await control.when(({ conversations }) => conversations[0]?.phase === 'wrapUp');
  await expect(status).not.toContainText('You are sharing');
  expect(shown().filter(({ summary }) => summary === 'You are still sharing')).toHaveLength(1);
  await closeOther();
});

test('a wrap-up that is due is announced, and its click opens that very prompt', async ({
  server,
  signIn,
  desktop,
}) => {
  const { control } = server;
  const app = await signIn();
  const { status, button, notes } = await liveWidget(app);
  const shown = notificationsSince(desktop);
  const conversationId = await connected(server, { status }, { policy: 'mandatory', customer });
  await button('Hide').click();
  const closeOther = await openOtherWindow(desktop, 'Order book');
  control.disconnect('peer', conversationId);
  const due = await desktop.notifications.waitFor(
    (each) => shown().includes(each) && each.summary === 'Time to wrap up',
  );
  expect(due.body).toContain(`${customer} · Billing help`);
  await expect.poll(async () => (await windowOf(app)).visible).toBe(true);
  await button('Later').click();
  await expect(notes).toHaveCount(0);

  await desktop.notifications.click(due);
  await expect.poll(() => desktop.activeWindow()).toBe('Sharelight');
  await expect(notes).toBeVisible();
  await closeOther();
});

// On X11, as above.
test('a stop that fails is seen wherever it was asked for: a notice, the window, a notification', async ({
  server,
  signIn,
  x11: desktop,
}) => {
  const { control } = server;
  const app = await signIn({ desktop });
  const { status, button, notices } = await liveWidget(app);
  const shown = notificationsSince(desktop);
  await sharing(server, { status }, { policy: 'mandatory', customer });
  await button('Hide').click();
  await expect.poll(async () => (await windowOf(app)).visible).toBe(false);
  const closeOther = await openOtherWindow(desktop, 'Order book');

  control.faults.set({ on: 'http', kind: 'status', status: 503, method: 'PATCH' });
  await pressKeys(desktop, 'ctrl+alt+shift+9');
  await expect(notices).toContainText('Couldn’t stop sharing – people may still see your screen.');
  await expect.poll(async () => (await windowOf(app)).visible).toBe(true);
  await desktop.notifications.waitFor(
    (each) => shown().includes(each) && each.body.includes('Couldn’t stop sharing'),
  );
  // It is seen, and the keyboard stays where it was.
  expect(await desktop.activeWindow()).toBe('Order book');

  await button('Hide').click();
  await expect.poll(async () => (await windowOf(app)).visible).toBe(false);
  await desktop.tray.choose(app.pid, 'Stop sharing');
  await expect.poll(async () => (await windowOf(app)).visible).toBe(true);
  await expect(notices.getByText('Couldn’t stop sharing')).toHaveCount(1);

  control.faults.clear();
  await pressKeys(desktop, 'ctrl+alt+shift+9');
  await expect(status).toContainText('Wrap up');
  await expect(notices).not.toContainText('Couldn’t');
  await closeOther();
});

test('going on air takes names and notes off the screen; the agent may still open what waits', async ({
  server,
  signIn,
  desktop,
}) => {
  const { control } = server;
  const app = await signIn();
  const { page, status, button, notes } = await liveWidget(app);
  const shown = notificationsSince(desktop);
  const first = control.begin({ policy: 'mandatory', customer, queue: 'Billing help' });
  control.answer(first.conversationId);
  await expect(status).toContainText('Connected');
  const closeOther = await openOtherWindow(desktop, 'Order book');
  control.disconnect('peer', first.conversationId);
  const due = await desktop.notifications.waitFor(
    (each) => shown().includes(each) && each.summary === 'Time to wrap up',
  );
  expect(due.body).toContain(customer);
  await notes.fill('A word about the invoice');
  await expect(page.getByText('Draft saved')).toBeVisible();

  const second = control.begin({ policy: 'mandatory', customer: 'Somebody Else' });
  control.answer(second.conversationId);
  control.startSharing(1, second.conversationId);
  await expect(status).toContainText('You are sharing');
  await expect.poll(() => due.closed).toBe(true);
  await expect(notes).toHaveCount(0);
  await expect(page.getByText(customer)).toHaveCount(0);

  // The first button is the share's own wrap-up, the second the one that waits.
  await button('Write wrap-up').last().click();
  await expect(notes).toHaveValue('A word about the invoice');
  await button('Later').click();
  await expect(notes).toHaveCount(0);
  control.stopSharing(second.conversationId);
  await expect(status).toContainText('Connected');
  await closeOther();
});

test('a missed alert is told of and stays until the agent was there to see it', async ({
  server,
  signIn,
  desktop,
}) => {
  const { control } = server;
  const app = await signIn();
  const { status, button } = await liveWidget(app);
  const shown = notificationsSince(desktop);
  await button('Hide').click();
  const closeOther = await openOtherWindow(desktop, 'Order book');
  const { conversationId } = control.begin({ customer, queue: 'Billing help' });
  await expect(status).toContainText('Incoming screen share');
  control.disconnect('system', conversationId);
  const missed = await desktop.notifications.waitFor(
    (each) => shown().includes(each) && each.summary === 'Missed screen share',
  );
  expect(missed.body).toContain(
    'Genesys may have set you to Not Responding. Go On Queue to get calls again.',
  );
  await expect(status).toContainText(
    'Genesys may have set you to Not Responding. Go On Queue to get calls again.',
  );
  await button('Dismiss').click();
  await expect(status).toContainText('Not sharing');
  await expect.poll(() => missed.closed).toBe(true);
  await closeOther();
});
