// @ts-check
// `npm run bench [-- --pairs <n>] [-- --only start|memory|commit]`: the product against a blank Electron window.
import path from 'node:path';
import process from 'node:process';
import { build } from './build.mjs';
import { ROOT } from './paths.mjs';
import { resolveRuntime } from './runtime/resolve.mjs';
import { run } from './say.mjs';
import { setup } from './setup.mjs';

await run(async () => {
  await setup('desktop');
  await resolveRuntime();
  await build();
  // Loaded late: it needs the packages that setup may have just installed.
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport(path.join(ROOT, 'test/bench/bench.ts'), {
    configFile: false,
    logLevel: 'error',
  });
  const { bench } = /** @type {typeof import('../test/bench/bench.ts')} */ (module);
  await bench(process.argv.slice(2));
  return 0;
});
