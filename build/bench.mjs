// @ts-check
// `npm run bench [-- --pairs <n>] [-- --only start|memory|commit|review|codes] [-- --records <n,n,…>]`: the product against
// a blank Electron window, and the local database against other ways to hold as many records.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { ROOT } from './paths.mjs';
import { resolveRuntime } from './runtime/resolve.mjs';
import { run, WrongFlag } from './say.mjs';
import { setup } from './setup.mjs';

/** @type {readonly import('../test/bench/bench.ts').Kind[]} */
const KINDS = ['start', 'memory', 'commit', 'review', 'codes'];

await run(async () => {
  const wanted = readFlags();
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

function readFlags() {
  const { values } = parseArgs({
    options: {
      pairs: { type: 'string' },
      only: { type: 'string' },
      records: { type: 'string', default: '10000,100000,1000000' },
    },
  });
  const kinds = values.only === undefined ? KINDS : KINDS.filter((kind) => kind === values.only);
  if (kinds.length === 0) throw new WrongFlag(`--only ${values.only}: give one of ${KINDS.join(', ')}.`);
  const [pairs] = values.pairs === undefined ? [undefined] : numbersOf('pairs', values.pairs);
  const records = numbersOf('records', values.records).sort((one, other) => one - other);
  return { pairs, kinds, records };
}

/**
 * @param {string} flag
 * @param {string} value whole numbers above 0, with commas
 */
function numbersOf(flag, value) {
  const numbers = value.split(',').map(Number);
  if (numbers.every((number) => Number.isInteger(number) && number > 0)) return numbers;
  throw new WrongFlag(`--${flag} ${value}: give whole numbers above 0.`);
}
