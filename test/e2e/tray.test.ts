import type { Locator } from '@playwright/test';
import { expect, test, type Desktop, type RunningApp } from './support/agent.ts';
import { liveWidget } from './support/shares.ts';
import { windowOf } from './support/widget.ts';
import { focus, openOtherWindow } from './support/x11.ts';

/** A tray that comes late, has no host, dies, comes back; and what a click on it does. */

const title = 'Sharelight';
/** Weston minimises no window of X11. */
const onX11 = { wayland: 'none' } as const;

function state(desktop: Desktop): Promise<string> {
  return desktop.windows.stateOf(title);
}

function close(app: RunningApp): Promise<void> {
  return app.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.close();
  });
}

/** Pressed until it has this effect: when the program knows that its icon is shown, or no longer, cannot be seen. */
function hide(desktop: Desktop, button: Locator, effect: 'hidden' | 'minimised'): Promise<void> {
  return expect
    .poll(async () => {
      if ((await state(desktop)) === 'up') await button.click();
      return state(desktop);
    })
    .toBe(effect);
}

const hasIcon = async ({ desktop, pid }: RunningApp): Promise<boolean> =>
  (await desktop.tray.read(pid)) !== undefined;

test('a panel that comes after the program, dies and comes back', async ({ signIn, desktopWith, server }) => {
  const desktop = await desktopWith({ ...onX11, tray: false });
  // Hidden, where nothing would bring it back: it shows itself.
  const app = await signIn({ desktop, args: ['--hidden'], env: { SHARELIGHT_NARRATE: '1' } });
  const { button } = await liveWidget(app);
  await expect.poll(() => state(desktop)).toBe('up');

  await desktop.startPanel();
  await expect.poll(() => hasIcon(app)).toBe(true);
  // Closing hides now.
  await hide(desktop, button('Hide'), 'hidden');
  await desktop.tray.click(app.pid);
  await expect.poll(() => state(desktop)).toBe('up');
  await close(app);
  await expect.poll(() => state(desktop)).toBe('hidden');

  await desktop.endPanel();
  await expect.poll(() => state(desktop)).toBe('up');
  expect((await windowOf(app)).focused).toBe(false);

  await desktop.startPanel();
  await expect.poll(() => hasIcon(app)).toBe(true);
  await desktop.tray.choose(app.pid, 'Hide Sharelight');
  await expect.poll(() => state(desktop)).toBe('hidden');
  server.control.begin();
  await expect.poll(() => state(desktop)).toBe('up');

  // Without a tray closing ends the program, as it says.
  await desktop.endPanel();
  await hide(desktop, button('Hide'), 'minimised');
  await close(app);
  expect(await app.exitCode()).toBe(0);
});

test('a watcher without a host, and one that refuses the icon, are no tray', async ({
  signIn,
  desktopWith,
}) => {
  const desktop = await desktopWith({ ...onX11, tray: false, notifications: false });
  const watcher = await desktop.startWatcher({ hasHost: false });
  const app = await signIn({ desktop, args: ['--hidden'] });
  const { button } = await liveWidget(app);
  await expect.poll(() => state(desktop)).toBe('up');

  watcher.setHost(true);
  await expect.poll(() => watcher.items.length).toBe(1);
  await hide(desktop, button('Hide'), 'hidden');
  watcher.setHost(false);
  await expect.poll(() => state(desktop)).toBe('up');
  watcher.close();

  for (const accepts of ['none', 'none, silently'] as const) {
    const unkind = await desktop.startWatcher({ accepts });
    await expect.poll(() => unkind.offered).toBeGreaterThan(0);
    await button('Hide').click();
    await expect.poll(() => state(desktop)).toBe('minimised');
    await app.electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.restore();
    });
    await expect.poll(() => state(desktop)).toBe('up');
    unkind.close();
  }
  await close(app);
  expect(await app.exitCode()).toBe(0);
});

// On X11: below Wayland windows are where the compositor puts them.
test('a click on the tray shows a covered window and hides one in sight; names keep their &', async ({
  server,
  signIn,
  x11: desktop,
}) => {
  const app = await signIn({ desktop });
  await liveWidget(app);
  await expect.poll(() => hasIcon(app)).toBe(true);
  const other = 'Another program';
  const closeOther = await openOtherWindow(desktop, other);
  const bounds = await windowOf(app);
  await desktop.windows.place(other, { x: 700, y: 300, width: 560, height: 480 });
  expect(await focus(desktop, other)).toBe(other);
  expect(bounds.x).toBeGreaterThan(700);

  await desktop.tray.click(app.pid);
  await expect.poll(() => desktop.activeWindow()).toBe(title);
  expect(await state(desktop)).toBe('up');
  await desktop.tray.click(app.pid);
  await expect.poll(() => state(desktop)).toBe('hidden');
  await desktop.tray.click(app.pid);
  await expect.poll(() => state(desktop)).toBe('up');

  // Beside it, without the keyboard: nothing covers it.
  await desktop.windows.place(other, { x: 20, y: 60, width: 300, height: 300 });
  expect(await focus(desktop, other)).toBe(other);
  await desktop.tray.click(app.pid);
  await expect.poll(() => state(desktop)).toBe('hidden');

  server.control.begin({ queue: 'Billing help', customer: '&Fish & Chips_A && B' });
  await expect
    .poll(async () => (await desktop.tray.read(app.pid))?.menu.map(({ label }) => label))
    .toContain('Billing help queue · &Fish & Chips_A && B');
  await closeOther();
});
