// @ts-check
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { withLock } from '../lock.mjs';
import { CACHE, ROOT } from '../paths.mjs';
import { runLogged, step } from '../step.mjs';

const PACKAGE = path.join(ROOT, 'node_modules/electron');

/** Long enough for a slow line; a host that cannot be reached fails by itself within seconds. */
const DOWNLOAD_LIMIT_MS = 5 * 60_000;
const RETRY_AFTER_MS = 24 * 60 * 60_000;

/**
 * What to say when Electron's own installer failed: it asks for a newer Node than this project does.
 * @param {string} running for instance `v20.19.0`
 * @param {string} range as its `package.json` has it: `>= 22.12.0`
 */
export function whyNoDownload(running, range) {
  const [major = 0, minor = 0] = numbersIn(range);
  const [ownMajor = 0, ownMinor = 0] = numbersIn(running);
  return ownMajor < major || (ownMajor === major && ownMinor < minor)
    ? `failed: its installer needs Node ${major}.${minor} or newer, and this is ${running}`
    : 'out of reach here; tried again in a day';
}

/** @param {string} version */
function numbersIn(version) {
  return (/(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
}

/** @typedef {{ executable: string, dist: string, version: string }} Runtime */

/**
 * The official Electron of the version in package.json: the one already there, else downloaded by its own
 * script. A failure is remembered for a day, so that the next start with this Node does not wait for it again.
 * @param {{ again?: boolean }} [options] `again`: try it whatever is remembered
 * @returns {Promise<Runtime | undefined>} nothing when it cannot be had
 */
export async function officialRuntime({ again = false } = {}) {
  /** @type {{ version: string, engines: { node: string } }} */
  const { version, engines } = JSON.parse(readFileSync(path.join(PACKAGE, 'package.json'), 'utf8'));
  const found = installed(version);
  if (found !== undefined) return found;

  const failure = path.join(CACHE, `electron-${version}-node-${process.version}.unreachable`);
  if (!again && hasJustFailed(failure)) return undefined;
  return withLock(path.join(PACKAGE, 'dist'), async () => {
    const meanwhile = installed(version);
    if (meanwhile !== undefined || (!again && hasJustFailed(failure))) return meanwhile;
    return step(
      `Downloading Electron ${version}`,
      (log) => download(log, version, failure),
      (runtime) => (runtime === undefined ? whyNoDownload(process.version, engines.node) : undefined),
    );
  });
}

/**
 * @param {import('../step.mjs').Log} log
 * @param {string} version
 * @param {string} failure the file that remembers one
 */
async function download(log, version, failure) {
  const script = path.join(PACKAGE, 'install.js');
  const attempt = runLogged(log, process.execPath, [script], { timeout: DOWNLOAD_LIMIT_MS });
  await attempt.catch((/** @type {Error} */ error) => log(error.message));
  const runtime = installed(version);
  if (runtime === undefined) {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(failure, '');
  }
  return runtime;
}

/** @param {string} failure the file that remembers it */
function hasJustFailed(failure) {
  return existsSync(failure) && Date.now() - statSync(failure).mtimeMs < RETRY_AFTER_MS;
}

/**
 * `path.txt` is the last thing its script writes: without it the folder may be half unpacked.
 * @param {string} version
 * @returns {Runtime | undefined}
 */
function installed(version) {
  const dist = path.join(PACKAGE, 'dist');
  const record = path.join(PACKAGE, 'path.txt');
  const versionFile = path.join(dist, 'version');
  if (!existsSync(record) || !existsSync(versionFile)) return undefined;
  if (readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') !== version) return undefined;
  const executable = path.join(dist, readFileSync(record, 'utf8').trim());
  return existsSync(executable) ? { executable, dist, version } : undefined;
}
