import { defineConfig } from '@playwright/test';

/** Set by `npm test -- --desktop`. */
const display = process.env['SHARELIGHT_TEST_DESKTOP'] === 'xwayland' ? 'xwayland' : 'x11';

export default defineConfig<object, { display: 'x11' | 'xwayland' }>({
  testDir: '../test/e2e',
  testMatch: '**/*.test.ts',
  outputDir: '../test-results/e2e',
  // Each worker has a desktop of its own. Much of a test is waiting for the program, so a core more is kept busy.
  workers: 2,
  // The tests of a file run one after the other: those of the sign-in come back to the same three ports.
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  // Only what hangs is to end: how long a test takes on a busy machine says nothing.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  use: { trace: 'retain-on-failure', display },
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
});
