import { defineConfig } from '@playwright/test';

export default defineConfig({
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
  use: { trace: 'retain-on-failure' },
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
});
