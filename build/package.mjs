// @ts-check
// `npm run package`: the unpacked program in dist/. `npm run package -- deb AppImage`: those instead.
// `--stand-in`: with another Electron where the official one is out of reach; the program says so.
// `SHARELIGHT_UPDATES_URL` in the environment: where newer versions of what is packed will lie.
// `--for-tests`: another program, "Sharelight Test" in dist/for-tests/, which takes every switch of the engine.
import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build } from './build.mjs';
import { compileFor } from './compiled-code.mjs';
import { ROOT } from './paths.mjs';
import { runtimeToPack } from './runtime/to-pack.mjs';
import { run, say, Stop } from './say.mjs';
import { setup } from './setup.mjs';

const OPTIONS = ['--stand-in', '--for-tests'];

await run(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.find((word) => word.startsWith('-') && !OPTIONS.includes(word));
  if (unknown !== undefined) throw new Stop(`There is no ${unknown}; there are ${OPTIONS.join(' and ')}.`);
  const targets = asked.filter((word) => !word.startsWith('-'));
  const kind = asked.includes('--for-tests')
    ? /** @type {const} */ ('test')
    : /** @type {const} */ ('shipped');

  const updatesWanted = process.env['SHARELIGHT_UPDATES_URL'] ?? '';

  await setup('electron');
  const { runtime, standIn } = await runtimeToPack({ standInAsked: asked.includes('--stand-in') });
  await build();
  await compileFor(runtime);
  // One file of the main process is what the builds of the product differ in, see `mainBuild`.
  const vite = await import('vite');
  /** @type {<Module>(file: string) => Promise<Module>} */
  const load = async (file) => (await vite.runnerImport(path.join(ROOT, file), { configFile: false })).module;
  /** @type {typeof import('./vite/builds.ts')} */
  const { entryBuild, mainBuild } = await load('build/vite/builds.ts');
  /** @type {typeof import('../domain/updates.ts')} */
  const { updateAddress } = await load('domain/updates.ts');
  const updates = updatesWanted === '' ? null : updateAddress(updatesWanted);
  if (updatesWanted !== '' && updates === null)
    throw new Stop(
      'SHARELIGHT_UPDATES_URL must be a folder on a server: https://updates.example.com/sharelight',
    );
  const main = path.join(ROOT, 'out/packaged', kind);
  rmSync(main, { recursive: true, force: true });
  for (const config of [entryBuild(ROOT, main), mainBuild(ROOT, { kind, standIn, updates }, main)])
    await vite.build({ ...config, logLevel: 'warn' });
  // What is not of the very same text is not used.
  for (const file of readdirSync(path.join(ROOT, 'out/main')).filter((name) => name.endsWith('.compiled')))
    copyFileSync(path.join(ROOT, 'out/main', file), path.join(main, file));

  const builder = await import('electron-builder');
  /** @type {typeof import('./electron-builder.ts')} */
  const { packageConfig } = await load('build/electron-builder.ts');
  const made = await builder
    .build({
      projectDir: ROOT,
      targets: builder.Platform.current().createTarget(targets.length > 0 ? targets : ['dir']),
      publish: 'never',
      config: packageConfig({ runtime, kind, updates }),
    })
    .catch((/** @type {Error} */ error) => {
      throw new Stop(`The package could not be made: ${error.message}`);
    });
  for (const file of made) say(`Made ${path.relative(ROOT, file)}`);
  if (standIn)
    say(`This is no release: it runs on Electron ${runtime.version}, and says so in Settings › About.`);
  say(`Packed with Electron ${runtime.version}; the program is below dist/.`);
  return 0;
});
