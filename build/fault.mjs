// @ts-check
// `npm run fault [-- --<kind> <n>] [--seed <s>] [--only <kind>]`, for each kind below: the property tests with far
// more runs than `npm test` makes, and one table of how they ended on stdout.
import { randomInt } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ROOT } from './paths.mjs';
import { run, WrongFlag } from './say.mjs';
import { setup } from './setup.mjs';
import { ensureArchivePackages } from './setup/packages.mjs';
import { runUnitTests } from './suites.mjs';

/** What is tried, and how often when nothing else is said: some minutes in all. */
const KINDS = /** @type {const} */ ({
  orders: { what: "random orders of a day's events", usual: 20_000 },
  truth: { what: 'wires that lose, delay and repeat what a live server says', usual: 3_000 },
  histories: { what: "random histories of the outbox's faults", usual: 5_000 },
  kills: { what: 'SIGKILL at random moments of writing', usual: 40 },
  stops: {
    what: 'SIGKILL, or a disk not to be read, during a backup, restore, new schema, deletion',
    usual: 40,
  },
  tears: { what: 'power cuts: sectors of a file, or renames of a restore, missing', usual: 300 },
  queries: { what: 'random records and questions about them', usual: 100 },
  flips: { what: 'single bits turned over, anywhere', usual: 1_000 },
  disks: { what: 'disks that are full or fail at any byte', usual: 60 },
  pages: { what: 'destroyed pages, spread over a database and over its backup', usual: 100 },
  malformed: { what: 'malformed frames, answers, messages, command lines, settings, files', usual: 20_000 },
  archive: { what: 'desks, lost answers and killed services before one archive', usual: 300 },
  cuts: { what: 'a file cut off anywhere, or gone, beside its log and its backups', usual: 60 },
});
const NAMES = /** @type {(keyof typeof KINDS)[]} */ (Object.keys(KINDS));

/**
 * @param {string} flag
 * @param {string | undefined} said
 * @param {number} usual
 * @param {number} least
 * @param {number} most
 */
function whole(flag, said, usual, least, most) {
  if (said === undefined) return usual;
  const value = /^-?\d+$/.test(said) ? Number(said) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new WrongFlag(`--${flag} "${said}": give a whole number from ${least} to ${most}.`);
}

function readFlags() {
  const text = /** @type {const} */ ({ type: 'string' });
  const options = Object.fromEntries([...NAMES, 'seed', 'only'].map((name) => [name, text]));
  const { values } = parseArgs({ options });
  const { only } = values;
  const kinds = NAMES.filter((name) => only === undefined || name === only);
  if (kinds.length === 0) throw new WrongFlag(`--only "${only}": give one of ${NAMES.join(', ')}.`);
  const wanted = kinds.map((name) => ({
    name,
    runs: whole(name, values[name], KINDS[name].usual, 1, Number.MAX_SAFE_INTEGER),
  }));
  const idle = NAMES.find((name) => values[name] !== undefined && !kinds.includes(name));
  if (idle) throw new WrongFlag(`--${idle} says nothing beside --only ${only}.`);
  // Always one of ours, so that every run can be made again.
  return { wanted, seed: whole('seed', values['seed'], randomInt(2 ** 31), -(2 ** 31), 2 ** 31 - 1) };
}

/** The test files that ask for this size. @param {string} variable */
function filesAsking(variable) {
  const asking = new RegExp(`\\b(size|runs)\\('${variable}'`);
  const folder = path.join(ROOT, 'test/unit');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => asking.test(readFileSync(path.join(folder, file), 'utf8')))
    .map((file) => path.join('test/unit', file));
}

/** @param {{ name: keyof typeof KINDS, runs: number }} wanted */
async function attempt({ name, runs }) {
  const variable = name.toUpperCase();
  process.env[`SHARELIGHT_${variable}`] = String(runs);
  const files = filesAsking(variable);
  const start = performance.now();
  // However many runs are asked for, they are to come to their end.
  const { passed, failed, blockedMs } =
    files.length > 0 ? await runUnitTests(['--testTimeout=0', ...files]) : { passed: 0, failed: 0 };
  const ms = performance.now() - start;
  // Nothing that was tried is no proof of anything.
  return { name, runs, failed: passed + failed === 0 ? 1 : failed, ms, blockedMs };
}

await run(async () => {
  const flags = readFlags();
  await setup('desktop');
  await ensureArchivePackages();
  process.env['SHARELIGHT_SEED'] = String(flags.seed);
  const results = [];
  for (const wanted of flags.wanted) results.push(await attempt(wanted));

  const rows = [
    ['what', 'runs', 'failures', 'seconds', 'longest ms'],
    ...results.map(({ name, runs, failed, ms, blockedMs }) => [
      `${name}: ${KINDS[name].what}`,
      String(runs),
      String(failed),
      (ms / 1000).toFixed(1),
      // How long one input kept the main thread at most.
      typeof blockedMs === 'number' ? blockedMs.toFixed(1) : '–',
    ]),
  ];
  const width = Math.max(...rows.map(([what = '']) => what.length));
  const lines = rows.map(([what = '', ...numbers]) =>
    [what.padEnd(width), ...numbers.map((number) => number.padStart(12))].join(''),
  );
  process.stdout.write(`\n${lines.join('\n')}\nseed ${flags.seed}\n`);
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
});
