import { defineConfig } from '@playwright/test';

/** Playwright takes the pictures because it drives the app already; nothing in them is a test. */
export default defineConfig({
  testDir: '../test/screenshots',
  testMatch: '**/*.shots.ts',
  outputDir: '../test-results/screenshots',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
});
