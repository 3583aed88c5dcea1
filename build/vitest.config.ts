import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = path.resolve(import.meta.dirname, '..');

const tests = readdirSync(path.join(root, 'test/unit'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => `test/unit/${file.replaceAll(path.sep, '/')}`);

/** What a file puts in a module's place is there for every file that runs after it in the same process. */
const replacing = tests.filter((file) =>
  /\bvi\.(mock|doMock)\(/.test(readFileSync(path.join(root, file), 'utf8')),
);

const programs = 'test/unit/test-programs.ts';

export default defineConfig({
  test: {
    root,
    environment: 'node',
    setupFiles: ['test/unit/stop-stores.ts'],
    // The default leaves one of two cores idle.
    maxWorkers: '100%',
    retry: 0,
    // Only what hangs is to end: how long a test takes on a busy machine says nothing.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    allowOnly: false,
    passWithNoTests: false,
    restoreMocks: true,
    // A test in which nothing is expected cannot fail.
    expect: { requireAssertions: true },
    // Imports `electron`, which a test must be able to take the place of.
    server: { deps: { inline: ['electron-store'] } },
    // What is set up before is said for each project: said here, it would be set up once more for none of them.
    projects: [
      // A process for each file took longer than most of the files: these share one for each core.
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/unit/**/*.test.ts'],
          exclude: replacing,
          isolate: false,
          globalSetup: [programs, 'test/unit/archive/database-server.ts'],
        },
      },
      { extends: true, test: { name: 'alone', include: replacing, globalSetup: [programs] } },
    ],
  },
});
