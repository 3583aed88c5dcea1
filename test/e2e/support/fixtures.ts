import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test as base, type TestInfo } from '@playwright/test';
import { startDesktop, type Desktop, type Parts } from '../../desktop/desktop.mjs';
import { Disk, type Medium } from './disk.ts';
import { launchApp, runApp, type Ended, type RunningApp } from './app.ts';

export { expect } from '@playwright/test';
export type { Ended, RunningApp } from './app.ts';
export type { Desktop } from '../../desktop/desktop.mjs';

export interface StartOptions {
  /** The app's own flags. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the test's own folder, so that two starts in one test share their data. */
  readonly userDataDir?: string;
  /** Default: the desktop with every part. */
  readonly desktop?: Desktop;
  /** A disk that misbehaves; all of the app's state is in its folder then. */
  readonly disk?: Disk;
  /** The system's configuration as `policyOf` made it. */
  readonly etc?: Disk;
}

interface TestFixtures {
  /** How long wrap-ups can be taken back, in seconds; null: as in a fresh program. At once, where that is not tested. */
  holdSeconds: number | null;
  /** A fresh folder for all of the app's state. */
  userDataDir: string;
  /** Another disk at this folder, for what is started with it; gone after the test. */
  diskAt: (folder: string, medium: Medium) => Promise<Disk>;
  /** The system's configuration with this policy of an organisation in it. Root's, so the tests must be run by root. */
  policyOf: (text: string) => Promise<Disk>;
  /** Another desktop, with parts left out; gone after the test. */
  desktopWith: (parts: Parts) => Promise<Desktop>;
  /** Starts the app under Playwright; it is gone after the test, however that ended. */
  launch: (options?: StartOptions) => Promise<RunningApp>;
  /** Runs the app to its end: `--export` and its like, and starts that are to fail. */
  runToEnd: (options?: StartOptions) => Promise<Ended>;
}

interface WorkerFixtures {
  /** Where programs run: see `npm test -- --desktop`. */
  display: DisplayServer;
  /** A whole desktop: tray, notifications, key store. */
  desktop: Desktop;
  /**
   * The same, and never Wayland: for what only X11 has. Global keys, virtual desktops, windows that are minimised or
   * where they were put. `desktopWith({ wayland: 'none' })` is another one of these.
   */
  x11: Desktop;
}

/** `xwayland`: a Wayland compositor, on which programs reach X only through XWayland. */
export type DisplayServer = 'x11' | 'xwayland';

const partsFor = (display: DisplayServer): Parts => (display === 'xwayland' ? { wayland: 'xwayland' } : {});

export const test = base.extend<TestFixtures, WorkerFixtures>({
  display: ['x11', { option: true, scope: 'worker' }],

  desktop: [
    async ({ display }, use) => {
      const desktop = await startDesktop(partsFor(display));
      await use(desktop);
      await desktop.close();
    },
    { scope: 'worker' },
  ],

  x11: [
    async ({ display, desktop }, use) => {
      const own = display === 'x11' ? null : await startDesktop();
      await use(own ?? desktop);
      await own?.close();
    },
    { scope: 'worker' },
  ],

  desktopWith: async ({ display }, use) => {
    const opened: Desktop[] = [];
    await use(async (parts) => {
      const desktop = await startDesktop({ ...partsFor(display), ...parts });
      opened.push(desktop);
      return desktop;
    });
    for (const desktop of opened) await desktop.close();
  },

  // eslint-disable-next-line no-empty-pattern -- Playwright reads the needed fixtures from this pattern.
  diskAt: async ({}, use) => {
    const mounted: Disk[] = [];
    await use(async (folder, medium) => {
      const disk = await Disk.mountAt(folder, medium);
      mounted.push(disk);
      return disk;
    });
    for (const disk of mounted) await disk.close();
  },

  policyOf: async ({ diskAt }, use, testInfo) => {
    await use(async (text) => {
      const folder = testInfo.outputPath('etc');
      await mkdir(path.join(folder, 'sharelight'), { recursive: true });
      await writeFile(path.join(folder, 'sharelight', 'policy.json'), text, { mode: 0o644 });
      return diskAt('/etc', { kind: 'laid-over', folder });
    });
  },

  holdSeconds: [0, { option: true }],

  userDataDir: async ({ holdSeconds }, use) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'sharelight-test-'));
    if (holdSeconds !== null)
      await writeFile(path.join(folder, 'preferences.json'), JSON.stringify({ holdSeconds }));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },

  // `desktopWith` and `diskAt` are asked for so that desktops and disks outlive the apps on them.
  launch: async ({ desktop, desktopWith: _desktops, diskAt: _disks, userDataDir }, use, testInfo) => {
    const launched: RunningApp[] = [];
    const cleared = new Set<Desktop>();
    await use(async (options = {}) => {
      const on = options.desktop ?? desktop;
      if (!cleared.has(on)) await on.clear();
      cleared.add(on);
      const app = await launchApp(startOf(options, desktop, userDataDir));
      launched.push(app);
      return app;
    });
    if (testInfo.status !== testInfo.expectedStatus) await attachWhatWasSeen(testInfo, launched);
    for (const app of launched) await app.kill();
  },

  runToEnd: async ({ desktop, desktopWith: _desktops, diskAt: _disks, userDataDir }, use) => {
    await use((options = {}) => runApp(startOf(options, desktop, userDataDir)));
  },
});

function startOf(options: StartOptions, desktop: Desktop, userDataDir: string) {
  const { disk } = options;
  const mounted = disk ?? options.etc;
  return {
    desktop: options.desktop ?? desktop,
    args: ['--user-data-dir', disk?.folder ?? options.userDataDir ?? userDataDir, ...(options.args ?? [])],
    env: options.env ?? {},
    ...(mounted ? { starter: mounted.starter.bind(mounted) } : {}),
  };
}

/** What a person would ask for first after a failure. */
async function attachWhatWasSeen(testInfo: TestInfo, launched: readonly RunningApp[]) {
  for (const [index, app] of launched.entries()) {
    const screen = testInfo.outputPath(`screen-${index}.png`);
    await app.desktop.screenshot(screen);
    await testInfo.attach(`screen-${index}`, { path: screen, contentType: 'image/png' });
    const said = `--- stdout\n${app.stdout}\n--- stderr\n${app.stderr}`;
    await testInfo.attach(`output-${index}`, { body: said, contentType: 'text/plain' });
  }
}
