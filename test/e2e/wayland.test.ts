import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type RunningApp } from './support/agent.ts';
import { pressKeys } from './support/x11.ts';
import { widgetOf } from './support/widget.ts';

/** What the runtime says of the widget. */
function widgetWindow({ electron }: RunningApp) {
  return electron.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows().find((each) => each.getTitle() === 'Sharelight');
    return { visible: window?.isVisible(), focused: window?.isFocused(), minimised: window?.isMinimized() };
  });
}

/** How often the page was painted in half a second: only what the compositor shows is. */
async function frames(app: RunningApp): Promise<number> {
  const page = await app.widget();
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let count = 0;
        const paint = () => {
          count += 1;
          requestAnimationFrame(paint);
        };
        requestAnimationFrame(paint);
        setTimeout(() => resolve(count), 500);
      }),
  );
}

async function preferencesIn(folder: string): Promise<unknown> {
  return JSON.parse(await readFile(path.join(folder, 'preferences.json'), 'utf8'));
}

test('on a Wayland desktop without XWayland the window appears, and leaves the keyboard where it is', async ({
  server,
  signIn,
  desktopWith,
  userDataDir,
}) => {
  const desktop = await desktopWith({ wayland: 'alone', tray: false });
  const app = await signIn({ desktop, args: ['--ozone-platform=wayland'] });
  const { status, notices } = widgetOf(await app.widget());
  await expect(status).toContainText('Not sharing');
  await expect.poll(() => widgetWindow(app)).toMatchObject({ visible: true });
  expect(await frames(app)).toBeGreaterThan(0);
  await expect(notices).toContainText('This desktop (Wayland, without XWayland) decides');

  // Another program has the keyboard, and keeps it when it rings.
  const other = spawn('weston-flower', [], { env: desktop.env, stdio: 'ignore' });
  await expect.poll(() => widgetWindow(app)).toMatchObject({ focused: false });
  const { conversationId } = server.control.begin();
  await expect(status).toContainText('Incoming screen share');
  await pressKeys(desktop, 'Return');
  expect(await widgetWindow(app)).toMatchObject({ visible: true, focused: false });
  server.control.decline(conversationId);
  await expect(status).toContainText('You declined it');
  const gone = once(other, 'exit');
  other.kill();
  await gone;

  // Minimised, it comes back when it rings again.
  await app.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.minimize();
  });
  await expect.poll(() => widgetWindow(app)).toMatchObject({ minimised: true });
  server.control.begin();
  await expect.poll(() => widgetWindow(app)).toMatchObject({ visible: true, minimised: false });
  await expect.poll(() => frames(app)).toBeGreaterThan(0);

  expect(await app.quit()).toBe(0);
  expect(await preferencesIn(userDataDir)).not.toHaveProperty('widgetPlaces');
});
