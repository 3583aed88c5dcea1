import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/unit/**/*.test.ts'],
    environment: 'node',
    // The default leaves one of two cores idle.
    maxWorkers: '100%',
    retry: 0,
    // Only what hangs is to end: how long a test takes on a busy machine says nothing.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    allowOnly: false,
    passWithNoTests: false,
    restoreMocks: true,
    // A test in which nothing is expected cannot fail.
    expect: { requireAssertions: true },
    // Imports `electron`, which a test must be able to take the place of.
    server: { deps: { inline: ['electron-store'] } },
  },
});
