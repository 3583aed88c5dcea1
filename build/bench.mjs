// @ts-check
// `npm run bench [-- --pairs <n>] [-- --only start|memory|commit|review] [-- --records <n,n,…>]`: the product against
// a blank Electron window, and the local database against other ways to hold as many records.
import path from 'node:path';
import process from 'node:process';
import { build } from './build.mjs';
import { ROOT } from './paths.mjs';
import { resolveRuntime } from './runtime/resolve.mjs';
import { run, Stop } from './say.mjs';
import { setup } from './setup.mjs';

/** @type {readonly import('../test/bench/bench.ts').Kind[]} */
const KINDS = ['start', 'memory', 'commit', 'review'];

await run(async () => {
  const wanted = readArguments(process.argv.slice(2));
  await setup('desktop');
  const runtime = await resolveRuntime();
  await build();
  // Loaded late: it needs the packages that setup may have just installed.
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport(path.join(ROOT, 'test/bench/bench.ts'), {
    configFile: false,
    logLevel: 'error',
  });
  const { bench } = /** @type {typeof import('../test/bench/bench.ts')} */ (module);
  await bench({ ...wanted, runtime });
  return 0;
});

/** @param {readonly string[]} args */
function readArguments(args) {
  /** @type {number | undefined} */
  let pairs;
  let kinds = KINDS;
  let records = [10_000, 100_000, 1_000_000];
  for (let at = 0; at < args.length; at += 2) {
    const value = args[at + 1];
    if (args[at] === '--pairs' && Number(value) > 0 && Number.isInteger(Number(value))) pairs = Number(value);
    else if (args[at] === '--only' && KINDS.some((kind) => kind === value)) {
      kinds = KINDS.filter((kind) => kind === value);
    } else if (args[at] === '--records' && value?.split(',').every((each) => /^[1-9]\d*$/.test(each))) {
      records = value
        .split(',')
        .map(Number)
        .sort((one, other) => one - other);
    } else
      throw new Stop(
        `Known: --pairs <whole number above 0>, --only ${KINDS.join('|')}, --records <numbers of records for review, with commas>. Given: ${args.join(' ')}`,
      );
  }
  return { pairs, kinds, records };
}
