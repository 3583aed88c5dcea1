// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { withLock } from '../lock.mjs';
import { CACHE, ROOT } from '../paths.mjs';
import { say } from '../say.mjs';

const PACKAGE = path.join(ROOT, 'node_modules/electron');

/** Long enough for a slow line; a host that cannot be reached fails by itself within seconds. */
const DOWNLOAD_LIMIT_MS = 5 * 60_000;
const RETRY_AFTER_MS = 24 * 60 * 60_000;

/** @typedef {{ executable: string, dist: string, version: string }} Runtime */

/**
 * The official Electron of the version in package.json: the one already there, else downloaded by its own
 * script. A failure is remembered for a day, so that the next start does not wait for it again.
 * @returns {Promise<Runtime | undefined>} nothing when it cannot be had
 */
export async function officialRuntime() {
  const version = String(JSON.parse(readFileSync(path.join(PACKAGE, 'package.json'), 'utf8')).version);
  const found = installed(version);
  if (found !== undefined) return found;

  const failure = path.join(CACHE, `electron-${version}.unreachable`);
  if (hasJustFailed(failure)) return undefined;
  return withLock(path.join(PACKAGE, 'dist'), async () => {
    const meanwhile = installed(version);
    if (meanwhile !== undefined || hasJustFailed(failure)) return meanwhile;
    say(`Downloading Electron ${version} …`);
    const script = path.join(PACKAGE, 'install.js');
    const attempt = spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: DOWNLOAD_LIMIT_MS });
    const runtime = attempt.status === 0 ? installed(version) : undefined;
    if (runtime === undefined) {
      mkdirSync(CACHE, { recursive: true });
      writeFileSync(failure, `${attempt.stderr ?? ''}\n`);
      say(`Electron ${version} cannot be downloaded here; not tried again for a day (${failure} says why).`);
    }
    return runtime;
  });
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
