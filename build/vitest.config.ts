import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/unit/**/*.test.ts'],
    environment: 'node',
    retry: 0,
    allowOnly: false,
    passWithNoTests: false,
    restoreMocks: true,
    // Imports `electron`, which a test must be able to take the place of.
    server: { deps: { inline: ['electron-store'] } },
  },
});
