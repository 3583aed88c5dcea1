import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Bridge } from '../../domain/ipc/contract.ts';
// For the type of `window.sharelight`.
import type {} from '../../renderer/state/bridge.ts';
import { expect, test, type Desktop, type RunningApp } from './support/agent.ts';
import { liveWidget } from './support/shares.ts';
import { windowOf } from './support/widget.ts';
import { focus, openOtherWindow } from './support/x11.ts';

/** Where the widget is while displays, desktops and window managers do what they do. */

const title = 'Sharelight';
const other = 'Another program';

async function minimised(desktop: Desktop): Promise<void> {
  await desktop.windows.minimise(title);
  await expect.poll(() => desktop.windows.stateOf(title)).toBe('minimised');
  await expect.poll(() => focus(desktop, other)).toBe(other);
}

/** Up, and the keyboard is where it was. */
async function isUp(desktop: Desktop): Promise<void> {
  await expect.poll(() => desktop.windows.stateOf(title)).toBe('up');
  expect(await desktop.activeWindow()).toBe(other);
}

for (const tray of [true, false]) {
  test(`${tray ? 'with' : 'without'} a tray a minimised widget comes up by itself, without the keyboard`, async ({
    server,
    signIn,
    x11,
    desktopWith,
  }) => {
    const { control } = server;
    // Weston minimises no window of X11.
    const parts = { wayland: 'none', tray: false, keyring: false, notifications: false } as const;
    const desktop = tray ? x11 : await desktopWith(parts);
    const app = await signIn({ desktop });
    const { status, button } = await liveWidget(app);
    const close = await openOtherWindow(desktop, other);

    await minimised(desktop);
    const { conversationId } = control.begin({ policy: 'mandatory' });
    await isUp(desktop);
    await expect(status).toContainText('Incoming screen share');

    if (tray) {
      await minimised(desktop);
      control.answer(conversationId);
      control.startSharing(1, conversationId);
      await isUp(desktop);
      await expect(status).toContainText('You are sharing');

      await minimised(desktop);
      control.disconnect('peer', conversationId);
      await isUp(desktop);
      await expect(status).toContainText('Wrap up');

      // Minimised, and then hidden.
      await minimised(desktop);
      await app.electron.evaluate(({ BrowserWindow }) => {
        BrowserWindow.getAllWindows()[0]?.hide();
      });
      await expect.poll(() => desktop.windows.stateOf(title)).toBe('hidden');
      control.begin();
      await isUp(desktop);
    }
    await button('Hide').click();
    await expect.poll(() => desktop.windows.stateOf(title)).toBe(tray ? 'hidden' : 'minimised');
    await expect.poll(() => focus(desktop, other)).toBe(other);
    control.begin();
    await isUp(desktop);
    expect((await windowOf(app)).visible).toBe(true);
    await close();
  });
}

// On X11: weston has no virtual desktops.
test('on another desktop it comes to the person, and is on all while it must be seen', async ({
  server,
  signIn,
  x11: desktop,
}) => {
  const { control } = server;
  const { windows } = desktop;
  const app = await signIn({ desktop });
  const { status } = await liveWidget(app);
  await expect.poll(() => windows.desktopOf(title)).toBe('0');
  const close = await openOtherWindow(desktop, other);
  const onTop = () =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isAlwaysOnTop());

  await windows.goToDesktop(1);
  const { conversationId } = control.begin({ policy: 'mandatory' });
  await expect.poll(() => windows.desktopOf(title)).toBe('all');
  expect(await onTop()).toBe(true);
  expect(await windows.desktop()).toBe('1');
  control.answer(conversationId);
  await expect(status).toContainText('Connected');
  // Neither follows the person any more, nor went back to where it was.
  await expect.poll(() => windows.desktopOf(title)).toBe('1');
  expect(await onTop()).toBe(false);

  await windows.goToDesktop(2);
  control.startSharing(1, conversationId);
  await expect.poll(() => windows.desktopOf(title)).toBe('all');
  // Hidden and shown again it is where it was.
  await app.desktop.tray.choose(app.pid, 'Hide Sharelight');
  await expect.poll(() => windows.stateOf(title)).toBe('hidden');
  await app.desktop.tray.choose(app.pid, 'Show Sharelight');
  await expect.poll(() => windows.desktopOf(title)).toBe('all');
  expect(await onTop()).toBe(true);

  control.stopSharing(conversationId);
  await expect.poll(() => windows.desktopOf(title)).toBe('2');
  await windows.goToDesktop(3);
  control.disconnect('peer', conversationId);
  await expect(status).toContainText('Wrap up');
  await expect.poll(() => windows.desktopOf(title)).toBe('3');
  await windows.goToDesktop(0);
  await app.desktop.tray.choose(app.pid, 'Show Sharelight');
  await expect.poll(() => windows.desktopOf(title)).toBe('0');
  await close();
});

/** Of the window of this name, in whole; and every work area. */
function placeOf(app: RunningApp, name: string) {
  return app.electron.evaluate(({ BrowserWindow, screen }, wanted) => {
    const window = BrowserWindow.getAllWindows().find((each) => each.getTitle() === wanted);
    const bounds = window?.getBounds() ?? { x: NaN, y: NaN, width: NaN, height: NaN };
    const isInside = screen
      .getAllDisplays()
      .some(
        ({ workArea: area }) =>
          bounds.x >= area.x &&
          bounds.y >= area.y &&
          bounds.x + bounds.width <= area.x + area.width &&
          bounds.y + bounds.height <= area.y + area.height,
      );
    return { ...bounds, isInside, displays: screen.getAllDisplays().length };
  }, name);
}

function placesKept(folder: string): unknown {
  const file = path.join(folder, 'preferences.json');
  if (!existsSync(file)) return [];
  return (JSON.parse(readFileSync(file, 'utf8')) as { widgetPlaces?: unknown }).widgetPlaces ?? [];
}

test('displays come and go, and every window stays inside one of them', async ({
  server,
  signIn,
  desktopWith,
  runToEnd,
  userDataDir,
}) => {
  const { control } = server;
  const desktop = await desktopWith({
    wayland: 'none',
    displays: true,
    keyring: false,
    notifications: false,
  });
  const { displays } = desktop;
  const app = await signIn({ desktop });
  const { page, status } = await liveWidget(app);
  const widget = () => placeOf(app, title);
  await expect.poll(widget).toMatchObject({ isInside: true, displays: 1 });
  const corner = await widget();

  // Nobody chose the corner: it follows.
  displays.set('800x600+0+0');
  await expect.poll(async () => (await widget()).x).toBeLessThan(800);
  await expect.poll(widget).toMatchObject({ isInside: true });
  displays.set('1280x800+0+0');
  // Its height is that of what it shows; the corner is below.
  await expect
    .poll(async () => {
      const { x, y, height } = await widget();
      return { x, bottom: y + height };
    })
    .toEqual({ x: corner.x, bottom: corner.y + corner.height });

  // As large as its text, inside, and back to where it was.
  for (let step = 0; step < 5; step += 1) await page.keyboard.press('Control+=');
  await expect.poll(async () => (await widget()).width).toBeGreaterThanOrEqual(640);
  await expect.poll(widget).toMatchObject({ isInside: true });
  await page.keyboard.press('Control+0');
  await expect
    .poll(async () => {
      const { x, y, width, height } = await widget();
      return { right: x + width, bottom: y + height };
    })
    .toEqual({ right: corner.x + corner.width, bottom: corner.y + corner.height });

  displays.set('1280x800+0+0', '1024x768+1280+0');
  await expect.poll(widget).toMatchObject({ displays: 2 });
  await page.getByRole('button', { name: 'Review' }).click();
  await app.window('review');
  const review = 'Sharelight – Review';
  await expect.poll(() => placeOf(app, review)).toMatchObject({ isInside: true });
  const move = (name: string, x: number, y: number) =>
    app.electron.evaluate(
      ({ BrowserWindow }, [wanted, left, top]) => {
        BrowserWindow.getAllWindows()
          .find((each) => each.getTitle() === wanted)
          ?.setBounds({ x: left, y: top, ...(wanted === 'Sharelight' ? {} : { width: 900, height: 600 }) });
      },
      [name, x, y] as const,
    );
  /** Moves the widget, again where that was undone: just after a change of the displays it is. */
  const pushOut = (x: number, y: number) =>
    expect
      .poll(
        async () => {
          const was = await widget();
          await move(title, x, y);
          return was;
        },
        { intervals: [2_000] },
      )
      .toMatchObject({ isInside: false });
  // Just after a change of the displays a move is the window manager's; later it is a person's choice.
  await expect
    .poll(
      async () => {
        await move(title, 1901, 200);
        await move(title, 1900, 200);
        await move(review, 1301, 60);
        await move(review, 1300, 60);
        return placesKept(userDataDir);
      },
      { intervals: [2_000] },
    )
    .toContainEqual(expect.objectContaining({ x: 1900, y: 200 }));
  await expect.poll(widget).toMatchObject({ x: 1900, y: 200 });
  await expect.poll(() => placeOf(app, review)).toMatchObject({ x: 1300, width: 900, isInside: true });

  displays.set('1280x800+0+0');
  await expect.poll(widget).toMatchObject({ isInside: true, displays: 1 });
  await expect.poll(() => placeOf(app, review)).toMatchObject({ isInside: true });
  displays.set('1280x800+0+0', '1024x768+1280+0');
  await expect.poll(widget).toMatchObject({ x: 1900, y: 200 });
  await expect.poll(async () => (await placeOf(app, review)).x).toBeGreaterThan(1200);

  // Pushed out by something else: an alert and a second start bring it back.
  await pushOut(2280, 740);
  control.begin();
  await expect(status).toContainText('Incoming screen share');
  await expect.poll(widget).toMatchObject({ isInside: true });
  await pushOut(-290, -100);
  expect((await runToEnd({ desktop })).code).toBe(0);
  await expect.poll(widget).toMatchObject({ isInside: true });
});

test('however fast what it shows changes, the window ends as high as that', async ({
  signIn,
  x11: desktop,
}) => {
  const app = await signIn({ desktop });
  const { page } = await liveWidget(app);
  const fit = (heights: readonly number[]) =>
    page.evaluate(async (all) => {
      for (const height of all)
        await (window.sharelight as Bridge | undefined)?.fitWindow({ width: 320, height });
    }, heights);
  for (let round = 0; round < 60; round += 1)
    for (const heights of [[330], [420, 300, 330, 360, 420]]) {
      await fit(heights);
      await expect.poll(() => page.evaluate(() => window.innerHeight)).toBe(heights.at(-1));
    }
});
