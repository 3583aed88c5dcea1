import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { ROOT } from '../../../build/paths.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the owner of a database server; empty in a run of no test that needs one. */
    archiveServer: string;
  }
}

/** Copied for each file of tests, which takes a tenth of a second. */
export const template = 'archive_template';

/** The archive's day is the one the tests' records are of, whatever this machine's is. */
export async function fixToday(url: string): Promise<void> {
  const { pg } = await import('../../../archive/packages.ts');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `create or replace function archive.today() returns date language sql stable return date '2026-11-30'`,
  );
  await client.end();
}

/** One database server, and the program built, for the whole run, where a test of the archive is in it. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  // It is there, but in no type: the filters of this run.
  const { filenamePattern } = project.vitest as unknown as { filenamePattern?: string[] };
  const { testFiles } = await project.globTestFiles(filenamePattern);
  const isNeeded = testFiles.some((file) => file.replaceAll(path.sep, '/').includes('/unit/archive/'));
  if (!isNeeded) {
    project.provide('archiveServer', '');
    return undefined;
  }
  const { url, stop } = await start();
  project.provide('archiveServer', url);
  return stop;
}

async function start(): Promise<{ url: string; stop: () => Promise<void> }> {
  // Loaded late: a run of other tests needs none of the archive's packages.
  const { migrate } = await import('../../../archive/database/database.ts');
  const { startEmbedded } = await import('../../../archive/database/embedded.ts');
  const { pg } = await import('../../../archive/packages.ts');
  // Once, as several files start the program.
  const { build } = await import('vite');
  const { archiveBuild } = await import('../../../build/vite/archive.ts');
  await build({ ...archiveBuild(ROOT), logLevel: 'error' });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sharelight-test-pg-'));
  // Who runs it may not be who runs the tests.
  chmodSync(folder, 0o755);
  const server = await startEmbedded({ folder, isThrownAway: true });
  const url = new URL(server.url);
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`create database ${template}`);
  await client.end();
  await migrate(
    Object.assign(new URL(url), { pathname: `/${template}` }).href,
    path.join(ROOT, 'archive/migrations'),
  );
  await fixToday(Object.assign(new URL(url), { pathname: `/${template}` }).href);
  return {
    url: url.href,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
