import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type RunningApp } from './support/agent.ts';
import { spawnApp } from './support/app.ts';
import { liveWidget } from './support/shares.ts';
import { windowOf } from './support/widget.ts';
import { openOtherWindow, pressKeys } from './support/x11.ts';

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
  const { status, notices } = await liveWidget(app);
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
  // The keyboard comes back to it: a word from the compositor after which it no longer counts as minimised.
  await expect.poll(() => widgetWindow(app)).toMatchObject({ focused: true });

  // Minimised, it comes back when it rings again.
  await app.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.minimize();
  });
  await expect.poll(() => widgetWindow(app)).toMatchObject({ minimised: true });
  server.control.begin();
  await expect.poll(() => frames(app)).toBeGreaterThan(0);
  expect(await widgetWindow(app)).toMatchObject({ visible: true, minimised: false });

  expect(await app.quit()).toBe(0);
  expect(await preferencesIn(userDataDir)).not.toHaveProperty('widgetPlaces');
});

test('on a Wayland desktop with XWayland the window runs on that, from the first ring to the wrap-up', async ({
  server,
  signIn,
  desktopWith,
}) => {
  const { control } = server;
  const desktop = await desktopWith({ wayland: 'xwayland' });
  const app = await signIn({ desktop });
  const { page, status, notices, button, code } = await liveWidget(app);
  // The X server of the session has it.
  await expect.poll(() => desktop.windows.stateOf('Sharelight')).toBe('up');
  await expect(notices).not.toContainText('Wayland');
  const closeOther = await openOtherWindow(desktop, 'Order book');

  const { conversationId } = control.begin({ queue: 'Billing help', policy: 'mandatory' });
  await expect(status).toContainText('Incoming screen share');
  await desktop.notifications.waitFor(({ summary }) => summary === 'Incoming screen share');
  expect(await desktop.activeWindow()).toBe('Order book');
  expect(await widgetWindow(app)).toMatchObject({ visible: true, focused: false });
  await button('Answer').click();
  control.startSharing(1, conversationId);
  await expect(status).toContainText('You are sharing');
  await desktop.tray.choose(app.pid, 'Hide Sharelight');
  await expect.poll(() => desktop.windows.stateOf('Sharelight')).toBe('hidden');
  expect((await windowOf(app)).visible).toBe(false);

  control.disconnect('peer', conversationId);
  await expect.poll(() => desktop.windows.stateOf('Sharelight')).toBe('up');
  await expect(status).toContainText('Wrap up');
  await code.fill('complaint');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText('Complaint · sent');
  await closeOther();
  expect(await app.quit()).toBe(0);
});

/** The process that a start which chose another display server waits for. */
async function startedAgain(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  for (const child of children.trim().split(' ').map(Number)) {
    // A short helper process may have ended meanwhile.
    const line = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '');
    if (line.includes('--ozone-platform=wayland') && !line.includes('--type=')) return child;
  }
  throw new Error('It was not started again.');
}

const isThere = (pid: number): Promise<boolean> =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (stat) => !/\) Z /.test(stat),
    () => false,
  );

test('a start that has to choose the display server takes the token from its input, and ends when it is told to', async ({
  server,
  desktopWith,
  userDataDir,
}) => {
  const desktop = await desktopWith({ wayland: 'alone', tray: false });
  const start = async () => {
    const args = ['--user-data-dir', userDataDir, '--feed', 'genesys', '--api', server.apiUrl];
    const env = { SHARELIGHT_NARRATE: '1' };
    const first = await spawnApp({ desktop, args: [...args, '--token-file', '-'], env });
    let said = '';
    first.stdout.on('data', (text: Buffer) => (said += String(text)));
    first.stderr.resume();
    first.stdin.end(`${server.accessToken}\n`);
    await expect.poll(() => said, { timeout: 30_000 }).toMatch(/Not sharing .* Live/);
    const ended = once(first, 'exit');
    return { first, ended, second: await startedAgain(first.pid ?? 0) };
  };
  /** What a database leaves that was not closed. */
  const leftOpen = async () =>
    (await readdir(userDataDir, { recursive: true })).filter((file) => file.endsWith('memory.db-wal'));

  // The one that waits is told: the other one ends in its own time.
  const told = await start();
  expect(await leftOpen()).toHaveLength(1);
  told.first.kill('SIGTERM');
  expect(await told.ended).toEqual([null, 'SIGTERM']);
  await expect.poll(() => isThere(told.second)).toBe(false);
  expect(await leftOpen()).toEqual([]);

  // A terminal tells both: the one that waits has the other one's exit code.
  const interrupted = await start();
  process.kill(interrupted.second, 'SIGINT');
  interrupted.first.kill('SIGINT');
  expect(await interrupted.ended).toEqual([0, null]);
});
