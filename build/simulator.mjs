// @ts-check
// `npm run simulator -- [arguments]`: the simulator on its own, in plain Node.
import path from 'node:path';
import process from 'node:process';
import { build } from './build.mjs';
import { ROOT } from './paths.mjs';
import { run } from './say.mjs';
import { setup } from './setup.mjs';
import { spawnWithUs } from './spawn.mjs';

await run(async () => {
  await setup('packages');
  await build();
  const program = path.join(ROOT, 'out/simulator/simulator.cjs');
  return spawnWithUs(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' }).ended;
});
