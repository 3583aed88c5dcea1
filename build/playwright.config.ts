import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '../test/e2e',
  testMatch: '**/*.test.ts',
  outputDir: '../test-results/e2e',
  // One desktop, one tray, one focus: two programs at once would see each other.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: { trace: 'retain-on-failure' },
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
});
