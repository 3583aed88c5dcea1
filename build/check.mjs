// @ts-check
// `npm run check`: everything that needs no Electron.
import { runStaticChecks } from './checks.mjs';
import { run, say } from './say.mjs';
import { setup } from './setup.mjs';
import { runUnitTests } from './suites.mjs';

await run(async () => {
  await setup('packages');
  const broken = await runStaticChecks();
  const { failed } = await runUnitTests([]);
  if (failed > 0) broken.push('unit tests');
  say(broken.length === 0 ? 'All in order.' : `Not in order: ${broken.join(', ')}.`);
  return broken.length === 0 ? 0 : 1;
});
