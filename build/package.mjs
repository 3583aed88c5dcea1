// @ts-check
// `npm run package`: the unpacked program in dist/. `npm run package -- deb AppImage`: those instead.
import path from 'node:path';
import process from 'node:process';
import { build } from './build.mjs';
import { ROOT } from './paths.mjs';
import { resolveRuntime } from './runtime/resolve.mjs';
import { run, say, Stop } from './say.mjs';
import { setup } from './setup.mjs';

await run(async () => {
  await setup('electron');
  const runtime = await resolveRuntime();
  await build();

  const targets = process.argv.slice(2);
  const builder = await import('electron-builder');
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport(path.join(ROOT, 'build/electron-builder.ts'), { configFile: false });
  const { packageConfig } = /** @type {typeof import('./electron-builder.ts')} */ (module);
  const made = await builder
    .build({
      projectDir: ROOT,
      targets: builder.Platform.current().createTarget(targets.length > 0 ? targets : ['dir']),
      config: packageConfig(runtime),
    })
    .catch((/** @type {Error} */ error) => {
      throw new Stop(`The package could not be made: ${error.message}`);
    });
  for (const file of made) say(`Made ${path.relative(ROOT, file)}`);
  say(`Packed with Electron ${runtime.version}; the program is below dist/.`);
  return 0;
});
