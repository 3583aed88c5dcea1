// @ts-check
// `npm run check`: everything that needs no Electron. `npm run types|lint|format`: that part alone.
// `npm run fix`: the same, after the tools have put right what they can.
import process from 'node:process';
import { fixWhatTheToolsCan, runStaticChecks } from './checks.mjs';
import { run, say } from './say.mjs';
import { setup } from './setup.mjs';
import { ensureArchivePackages } from './setup/packages.mjs';
import { runUnitTests } from './suites.mjs';

await run(async () => {
  const names = process.argv.slice(2).filter((argument) => argument !== '--fix');
  await setup('packages');
  await ensureArchivePackages();
  if (process.argv.includes('--fix')) await fixWhatTheToolsCan();
  const broken = await runStaticChecks(names);
  if (names.length === 0 && (await runUnitTests([])).failed > 0) broken.push('unit tests');
  say(broken.length === 0 ? 'All in order.' : `Not in order: ${broken.join(', ')}.`);
  return broken.length === 0 ? 0 : 1;
});
