import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type RunningApp } from './support/agent.ts';
import { liveWidget } from './support/shares.ts';
import { retryNow, widgetOf, windowOf } from './support/widget.ts';

const customer = 'Zaphira Quillon';

/** What the tray says now; nothing is greyed out that can be chosen. */
async function trayOf(app: RunningApp) {
  const item = await app.desktop.tray.read(app.pid);
  return {
    icon: item?.icon ?? '',
    toolTip: item?.toolTip ?? '',
    says: item?.menu.filter(({ enabled, label }) => !enabled && label !== '').map(({ label }) => label) ?? [],
    offers:
      item?.menu.filter(({ enabled, label }) => enabled && label !== '').map(({ label }) => label) ?? [],
  };
}

function choose(app: RunningApp, label: string): Promise<void> {
  return app.desktop.tray.choose(app.pid, label);
}

test('the tray follows the state, and everything in its menu acts', async ({ server, signIn }) => {
  const { control } = server;
  const app = await signIn();
  const { page, status, notes } = await liveWidget(app);
  await expect
    .poll(() => trayOf(app))
    .toMatchObject({
      toolTip: 'Sharelight · Not sharing',
      says: ['Not sharing', 'No shares yet'],
      offers: ['Show Sharelight', 'Hide Sharelight', 'Review records', 'Settings', 'Quit Sharelight'],
    });
  const icons = new Set([(await trayOf(app)).icon]);
  const iconIsNew = async (): Promise<boolean> => {
    const { icon } = await trayOf(app);
    const isNew = !icons.has(icon);
    icons.add(icon);
    return isNew;
  };

  const declined = control.begin({ queue: 'Billing help', customer });
  await expect
    .poll(() => trayOf(app))
    .toMatchObject({
      toolTip: 'Sharelight · Incoming screen share',
      // Complete: a menu that is replaced while it is open closes.
      says: ['Incoming screen share', `Billing help queue · ${customer}`],
      offers: [
        'Answer',
        'Decline',
        'Show Sharelight',
        'Hide Sharelight',
        'Review records',
        'Settings',
        'Quit Sharelight',
      ],
    });
  expect(await iconIsNew()).toBe(true);
  await choose(app, 'Decline');
  await expect(status).toContainText('You declined it');
  expect(await iconIsNew()).toBe(true);

  const { conversationId } = control.begin({ policy: 'mandatory', queue: 'Online banking', customer });
  await expect.poll(async () => (await trayOf(app)).says).toContain(`Online banking queue · ${customer}`);
  await choose(app, 'Answer');
  await expect(status).toContainText('Connected');
  await expect.poll(() => iconIsNew()).toBe(true);
  // Writing needs the window: it comes with the wish.
  await choose(app, 'Hide Sharelight');
  await expect.poll(async () => (await windowOf(app)).visible).toBe(false);
  await choose(app, 'Wrap-up…');
  await expect.poll(async () => (await windowOf(app)).visible).toBe(true);
  await expect(notes).toBeVisible();

  control.startSharing(2, conversationId);
  await expect
    .poll(() => trayOf(app))
    .toMatchObject({
      toolTip: 'Sharelight · You are sharing',
      says: ['You are sharing', '2 people can see your screen'],
    });
  expect(await iconIsNew()).toBe(true);

  await control.goDark();
  await expect
    .poll(async () => (await trayOf(app)).toolTip)
    .toMatch(/^Sharelight · Sharing – not confirmed · (Stale|Offline)$/);
  expect(await iconIsNew()).toBe(true);
  await control.comeBack();
  await retryNow(page);
  await expect.poll(async () => (await trayOf(app)).toolTip).toBe('Sharelight · You are sharing');

  await choose(app, 'Stop sharing');
  await expect(status).toContainText('Wrap up');
  expect(await iconIsNew()).toBe(true);
  expect(control.received().map(({ body }) => body)).toEqual([
    { state: 'disconnected' },
    { state: 'connected' },
    { state: 'disconnected' },
  ]);
  expect(declined.conversationId).not.toBe(conversationId);
});

test('the window comes and goes by the tray, and the program ends by it', async ({ signIn }) => {
  const app = await signIn();
  const { page, button } = await liveWidget(app);
  await expect.poll(async () => (await trayOf(app)).toolTip).toBe('Sharelight · Not sharing');
  await expect.poll(async () => (await trayOf(app)).offers).toContain('Hide Sharelight');
  await choose(app, 'Hide Sharelight');
  await expect.poll(async () => (await windowOf(app)).visible).toBe(false);
  await expect.poll(async () => (await trayOf(app)).offers).not.toContain('Hide Sharelight');
  await choose(app, 'Show Sharelight');
  await expect.poll(async () => (await windowOf(app)).visible).toBe(true);
  await expect.poll(async () => (await trayOf(app)).offers).toContain('Hide Sharelight');

  // Closing the window is hiding it, here where the tray can bring it back.
  await app.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.close();
  });
  await expect.poll(async () => (await windowOf(app)).visible).toBe(false);
  await app.desktop.tray.click(app.pid);
  await expect.poll(async () => (await windowOf(app)).visible).toBe(true);
  await button('Hide').click();
  await expect.poll(async () => (await windowOf(app)).visible).toBe(false);
  expect(page.isClosed()).toBe(false);

  await choose(app, 'Quit Sharelight');
  expect(await app.exitCode()).toBe(0);
});

test('started hidden: only the tray is there, until an alert needs the window', async ({
  server,
  signIn,
}) => {
  const app = await signIn({ args: ['--hidden'] });
  const { status } = widgetOf(await app.widget());
  await expect.poll(async () => (await trayOf(app)).toolTip).toBe('Sharelight · Not sharing');
  expect((await windowOf(app)).visible).toBe(false);
  server.control.begin();
  await expect(status).toContainText('Incoming screen share');
  await expect.poll(async () => (await windowOf(app)).visible).toBe(true);
});

test('a desktop without a tray: nothing is hidden beyond reach', async ({ desktopWith, signIn }) => {
  // Weston minimises no window of X11.
  const desktop = await desktopWith({ wayland: 'none', tray: false });
  const app = await signIn({ desktop, args: ['--hidden'] });
  const { button } = await liveWidget(app);
  await expect.poll(async () => (await windowOf(app)).visible).toBe(true);

  // Hidden is minimised: the task bar of the desktop has it.
  await button('Hide').click();
  const minimised = () =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized());
  await expect.poll(minimised).toBe(true);

  await app.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.close();
  });
  expect(await app.exitCode()).toBe(0);
});

// On X11: below Wayland windows are where the compositor puts them.
test('the window stays where it was put, and comes back into sight when that place is gone', async ({
  signIn,
  x11: desktop,
  userDataDir,
}) => {
  const preferences = path.join(userDataDir, 'preferences.json');
  const placed = (): unknown =>
    existsSync(preferences)
      ? (JSON.parse(readFileSync(preferences, 'utf8')) as { widgetPlaces?: unknown }).widgetPlaces
      : null;

  const first = await signIn({ desktop });
  await liveWidget(first);
  await first.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.setPosition(200, 120);
  });
  await expect.poll(() => windowOf(first)).toMatchObject({ x: 200, y: 120 });
  await expect.poll(placed).toMatchObject([{ x: 200, y: 120 }]);
  expect(await first.quit()).toBe(0);

  const second = await signIn({ desktop });
  await liveWidget(second);
  await expect.poll(() => windowOf(second)).toMatchObject({ x: 200, y: 120, visible: true });
  expect(await second.quit()).toBe(0);

  const [place] = placed() as Record<string, unknown>[];
  await writeFile(preferences, JSON.stringify({ widgetPlaces: [{ ...place, x: 5000, y: -900 }] }));
  const third = await signIn({ desktop });
  await liveWidget(third);
  const area = await third.electron.evaluate(({ screen }) => screen.getPrimaryDisplay().workArea);
  await expect.poll(async () => (await windowOf(third)).visible).toBe(true);
  const { x = -1, y = -1, width = 0 } = await windowOf(third);
  expect(x).toBe(area.x + area.width - width);
  expect(y).toBe(area.y);
});
