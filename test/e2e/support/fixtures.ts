import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test as base, type TestInfo } from '@playwright/test';
import { startDesktop, type Desktop, type Parts } from '../../desktop/desktop.mjs';
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
}

interface TestFixtures {
  /** A fresh folder for all of the app's state. */
  userDataDir: string;
  /** Another desktop, with parts left out; gone after the test. */
  desktopWith: (parts: Parts) => Promise<Desktop>;
  /** Starts the app under Playwright; it is gone after the test, however that ended. */
  launch: (options?: StartOptions) => Promise<RunningApp>;
  /** Runs the app to its end: `--export` and its like, and starts that are to fail. */
  runToEnd: (options?: StartOptions) => Promise<Ended>;
}

interface WorkerFixtures {
  /** A whole desktop: tray, notifications, key store. */
  desktop: Desktop;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  desktop: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the needed fixtures from this pattern.
    async ({}, use) => {
      const desktop = await startDesktop();
      await use(desktop);
      await desktop.close();
    },
    { scope: 'worker' },
  ],

  // eslint-disable-next-line no-empty-pattern -- as above
  desktopWith: async ({}, use) => {
    const opened: Desktop[] = [];
    await use(async (parts) => {
      const desktop = await startDesktop(parts);
      opened.push(desktop);
      return desktop;
    });
    for (const desktop of opened) await desktop.close();
  },

  // eslint-disable-next-line no-empty-pattern -- as above
  userDataDir: async ({}, use) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'sharelight-test-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },

  // `desktopWith` is asked for so that its desktops outlive the apps on them.
  launch: async ({ desktop, desktopWith: _desktops, userDataDir }, use, testInfo) => {
    const launched: RunningApp[] = [];
    await use(async (options = {}) => {
      const app = await launchApp(startOf(options, desktop, userDataDir));
      launched.push(app);
      return app;
    });
    if (testInfo.status !== testInfo.expectedStatus) await attachWhatWasSeen(testInfo, launched);
    for (const app of launched) await app.kill();
  },

  runToEnd: async ({ desktop, desktopWith: _desktops, userDataDir }, use) => {
    await use((options = {}) => runApp(startOf(options, desktop, userDataDir)));
  },
});

function startOf(options: StartOptions, desktop: Desktop, userDataDir: string) {
  return {
    desktop: options.desktop ?? desktop,
    args: ['--user-data-dir', options.userDataDir ?? userDataDir, ...(options.args ?? [])],
    env: options.env ?? {},
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
