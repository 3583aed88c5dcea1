// @ts-check
// `npm test [-- <filter>]`: everything. `npm run e2e [-- <filter>]`: the tests in the real Electron alone.
import process from 'node:process';
import { build } from './build.mjs';
import { runStaticChecks } from './checks.mjs';
import { resolveRuntime } from './runtime/resolve.mjs';
import { run } from './say.mjs';
import { setup } from './setup.mjs';
import { runEndToEndTests, runUnitTests } from './suites.mjs';

await run(async () => {
  const filter = process.argv.slice(2).filter((argument) => argument !== '--e2e');
  const onlyEndToEnd = process.argv.includes('--e2e');

  await setup('desktop');
  await resolveRuntime();
  await build();
  const broken = onlyEndToEnd || filter.length > 0 ? [] : await runStaticChecks();
  const suites = onlyEndToEnd ? [] : [await runUnitTests(filter)];
  suites.push(await runEndToEndTests(filter));

  const passed = suites.reduce((sum, suite) => sum + suite.passed, 0);
  const failed = suites.reduce((sum, suite) => sum + suite.failed, broken.length);
  const nothing = passed + failed === 0;
  const lines = [
    '',
    ...broken.map((name) => `check "${name}" failed`),
    ...suites.map((suite) => `${suite.name}: ${suite.passed} passed, ${suite.failed} failed`),
    ...(nothing ? [`no test fits ${filter.join(' ')}`] : []),
    `${passed} passed, ${nothing ? 1 : failed} failed`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return nothing || failed > 0 ? 1 : 0;
});
