// @ts-check
// `npm run -s runtime`: the path of the Electron executable in use, and nothing else, on stdout.
import process from 'node:process';
import { run } from './say.mjs';
import { setup } from './setup.mjs';
import { resolveRuntime } from './runtime/resolve.mjs';

await run(async () => {
  await setup('electron');
  const { executable } = await resolveRuntime();
  process.stdout.write(`${executable}\n`);
  return 0;
});
