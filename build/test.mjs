// @ts-check
// `npm test [-- <filter>]`: everything. `npm run e2e [-- <filter>]`: the tests in the real Electron alone.
// `--desktop xwayland`: those on a Wayland compositor, where the program's windows run on XWayland.
import process from 'node:process';
import { build } from './build.mjs';
import { compileFor } from './compiled-code.mjs';
import { runStaticChecks } from './checks.mjs';
import { resolveRuntime } from './runtime/resolve.mjs';
import { run, WrongFlag } from './say.mjs';
import { setup } from './setup.mjs';
import { ensureArchivePackages } from './setup/packages.mjs';
import { runEndToEndTests, runUnitTests } from './suites.mjs';

await run(async () => {
  const given = process.argv.slice(2);
  const desktopAt = given.indexOf('--desktop');
  const desktop = desktopAt < 0 ? 'x11' : given.splice(desktopAt, 2)[1];
  if (desktop !== 'x11' && desktop !== 'xwayland') throw new WrongFlag('--desktop is x11 or xwayland.');
  process.env['SHARELIGHT_TEST_DESKTOP'] = desktop;
  const filter = given.filter((argument) => argument !== '--e2e');
  const onlyEndToEnd = given.includes('--e2e') || desktop === 'xwayland';

  await setup('desktop');
  await ensureArchivePackages();
  const runtime = await resolveRuntime();
  await build();
  await compileFor(runtime);
  const broken = onlyEndToEnd || filter.length > 0 ? [] : await runStaticChecks();
  const suites = onlyEndToEnd ? [] : [await runUnitTests(filter)];
  suites.push(await runEndToEndTests(filter));

  const passed = suites.reduce((sum, suite) => sum + suite.passed, 0);
  const failed = suites.reduce((sum, suite) => sum + suite.failed, broken.length);
  const nothing = passed + failed === 0;
  const lines = [
    '',
    ...broken.map((name) => `check "${name}" failed`),
    ...suites.flatMap(({ failures }) => failures.map((failure) => `failed: ${failure}`)),
    ...suites.map((suite) => `${suite.name}: ${suite.passed} passed, ${suite.failed} failed`),
    ...(nothing ? [`no test fits ${filter.join(' ')}`] : []),
    `${passed} passed, ${nothing ? 1 : failed} failed`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return nothing || failed > 0 ? 1 : 0;
});
