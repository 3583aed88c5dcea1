// @ts-check
// `npm run bench [-- --only <kind or id>] [--pairs <n>] [--records <n,n,…>] [--seconds <n>] [--shares <n>] [--desks <n>] [--check]`:
// the product against a blank Electron window and against what a person would use instead. With --check the exit
// code is 1 when a goal is missed. Goals and kinds: test/bench/goals.mjs.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { goalNames, goals, kinds, kindsOf } from '../test/bench/goals.mjs';
import { build } from './build.mjs';
import { compileFor } from './compiled-code.mjs';
import { ROOT } from './paths.mjs';
import { resolveRuntime } from './runtime/resolve.mjs';
import { run, say, WrongFlag } from './say.mjs';
import { setup } from './setup.mjs';

await run(async () => {
  const { check, ...wanted } = readFlags();
  await setup('desktop');
  const runtime = await resolveRuntime();
  await build();
  await compileFor(runtime);
  // Loaded late: it needs the packages that setup may have just installed.
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport(path.join(ROOT, 'test/bench/bench.ts'), {
    configFile: false,
    logLevel: 'error',
  });
  const { bench } = /** @type {typeof import('../test/bench/bench.ts')} */ (module);
  const missed = await bench({ ...wanted, runtime });
  if (!check) return 0;
  for (const line of missed) say(line);
  say(missed.length === 0 ? 'Every goal is reached.' : `${missed.length} missed.`);
  return missed.length === 0 ? 0 : 1;
});

function readFlags() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      pairs: { type: 'string' },
      records: { type: 'string' },
      seconds: { type: 'string' },
      shares: { type: 'string' },
      desks: { type: 'string' },
      check: { type: 'boolean', default: false },
    },
  });
  const wanted = kindsOf(values.only);
  if (wanted.length === 0) {
    const ids = [...new Set(goalNames.map((name) => goals[name].id))];
    throw new WrongFlag(`--only ${values.only}: give one of ${[...kinds, ...ids].join(', ')}.`);
  }
  // A million takes minutes to make; where a goal is about them, and in a run of everything, they are worth it.
  const usual = values.only === 'growth' ? '10000,100000' : '10000,100000,1000000';
  return {
    kinds: wanted,
    pairs: numberOf('pairs', values.pairs),
    records: numbersOf('records', values.records ?? usual).sort((one, other) => one - other),
    seconds: numberOf('seconds', values.seconds),
    shares: numberOf('shares', values.shares),
    desks: numberOf('desks', values.desks),
    check: values.check,
  };
}

/**
 * @param {string} flag
 * @param {string | undefined} value
 */
function numberOf(flag, value) {
  return value === undefined ? undefined : numbersOf(flag, value)[0];
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
