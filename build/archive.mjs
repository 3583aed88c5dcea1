// @ts-check
// `npm run archive -- [flags]`: the archive and, where none is given, a database of its own. See archive/README.md.
// `--bundle` alone makes `archive/out/archive.mjs` and ends.
import path from 'node:path';
import process from 'node:process';
import { ROOT } from './paths.mjs';
import { run } from './say.mjs';
import { setup } from './setup.mjs';
import { ensureArchivePackages } from './setup/packages.mjs';
import { spawnWithUs } from './spawn.mjs';

await run(async () => {
  await setup('packages');
  await ensureArchivePackages();
  // Loaded late: they need the packages that setup has just installed.
  const { build, runnerImport } = await import('vite');
  const { module } = await runnerImport(path.join(ROOT, 'build/vite/archive.ts'), {
    configFile: false,
    logLevel: 'error',
  });
  const { archiveBuild } = /** @type {typeof import('./vite/archive.ts')} */ (module);
  await build({ ...archiveBuild(ROOT), logLevel: 'error' });
  if (process.argv[2] === '--bundle') return 0;
  const program = path.join(ROOT, 'archive/out/archive.mjs');
  return spawnWithUs(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' }).ended;
});
