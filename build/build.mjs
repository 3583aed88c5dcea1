// @ts-check
import { Console } from 'node:console';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { withLock } from './lock.mjs';
import { ROOT } from './paths.mjs';
import { run } from './say.mjs';
import { setup } from './setup.mjs';
import { step } from './step.mjs';

const OUT = path.join(ROOT, 'out');
const STAMP = path.join(OUT, '.stamp');
/** What a build may clear; pictures and measurements are kept beside it. */
const BUILT = ['main', 'preload', 'renderer', 'simulator'];

/** Everything a build reads. */
const SOURCES = [
  'domain',
  'electron',
  'renderer',
  'assets/icons',
  'assets/locales',
  'assets/sounds',
  'build/licences.ts',
  'build/vite',
  'package-lock.json',
  'tsconfig.json',
];

/**
 * Builds the product into `out/` when its sources are not the ones it was built from.
 * @returns {Promise<void>} rejects with `Stop` when the bundler fails; `out/` then has no stamp and is built again
 */
export async function build() {
  if (isUpToDate()) return;
  await withLock(OUT, async () => {
    if (!isUpToDate()) await step('Building the program', (log) => inProduction(() => buildAll(log)));
  });
}

/**
 * Vite sets NODE_ENV to "development" as it loads our configuration, where nobody set it before, and Svelte then
 * compiles components for that: slower, and with the names of our files in them.
 * @param {() => Promise<void>} work
 */
async function inProduction(work) {
  const { NODE_ENV: before } = process.env;
  process.env['NODE_ENV'] = 'production';
  try {
    await work();
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

/** @param {import('./step.mjs').Log} log */
async function buildAll(log) {
  const fingerprint = fingerprintOf(SOURCES);
  // A half-made build must not look finished to the next start.
  rmSync(STAMP, { force: true });
  // Vite is loaded here, not above: a start with nothing to build does not pay for it.
  const vite = await import('vite');
  const { module } = await vite.runnerImport(path.join(ROOT, 'build/vite/builds.ts'), { configFile: false });
  const { allBuilds } = /** @type {typeof import('./vite/builds.ts')} */ (module);
  const output = new Writable({ write: (text, _encoding, done) => done(void log(String(text))) });
  const customLogger = vite.createLogger('warn', { console: new Console(output), allowClearScreen: false });

  /** @type {Set<string>} */
  const made = new Set([placeEngine()]);
  for (const config of allBuilds(ROOT)) {
    const result = await vite.build({ ...config, logLevel: 'warn', customLogger });
    const outputs = Array.isArray(result) ? result : [result];
    for (const each of outputs) {
      if (!('output' in each)) throw new Error('A watching build has no end; builds here must not watch.');
      for (const file of each.output) made.add(path.join(config.build?.outDir ?? OUT, file.fileName));
    }
  }
  removeAllBut(OUT, made);
  writeFileSync(STAMP, fingerprint);
}

/**
 * The database engine's native part, as npm brought it for this system, beside the thread that loads it.
 * @returns {string} where it is
 */
function placeEngine() {
  // As `libsql` itself finds it.
  const ofLibsql = createRequire(createRequire(import.meta.url).resolve('libsql'));
  const source = ofLibsql.resolve(`@libsql/${ofLibsql('@neon-rs/load').currentTarget()}`);
  const place = path.join(OUT, 'main/engine.node');
  if (existsSync(place) && readFileSync(place).equals(readFileSync(source))) return place;
  mkdirSync(path.dirname(place), { recursive: true });
  // Renamed into its place: a program that runs from here has the old one open.
  copyFileSync(source, `${place}.new`);
  renameSync(`${place}.new`, place);
  return place;
}

function isUpToDate() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprintOf(SOURCES);
}

/**
 * Size and time of every file, not its content: a second start must not read the whole tree.
 * @param {readonly string[]} sources relative to the project
 */
function fingerprintOf(sources) {
  const hash = createHash('sha256').update(process.version);
  for (const source of sources) {
    const start = path.join(ROOT, source);
    if (!existsSync(start)) continue;
    for (const file of filesBelow(start)) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${path.relative(ROOT, file)}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/**
 * Files are replaced in place and the leftovers removed afterwards, so that a program that runs from `out/`
 * while it is rebuilt does not lose its files.
 * @param {string} folder
 * @param {ReadonlySet<string>} kept absolute paths
 */
function removeAllBut(folder, kept) {
  if (!existsSync(folder)) return;
  for (const room of BUILT) {
    const start = path.join(folder, room);
    if (!existsSync(start)) continue;
    for (const file of filesBelow(start)) if (!kept.has(file)) rmSync(file);
  }
}

/**
 * @param {string} start a file or a folder
 * @returns {string[]} absolute paths, in a stable order
 */
function filesBelow(start) {
  if (!statSync(start).isDirectory()) return [start];
  return readdirSync(start, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await run(async () => {
    await setup('packages');
    await build();
    return 0;
  });
}
