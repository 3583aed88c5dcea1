// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { withLock } from '../lock.mjs';
import { ROOT } from '../paths.mjs';
import { say, Stop } from '../say.mjs';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, peer?: boolean }} Locked */

/**
 * Installs the packages of `package-lock.json` unless exactly those are there.
 * @returns {Promise<void>} rejects with `Stop` when npm fails
 */
export async function ensurePackages() {
  if (areInstalled()) return;
  await withLock(path.join(ROOT, 'node_modules'), async () => {
    if (areInstalled()) return;
    say('Installing the npm packages …');
    if (npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], ROOT).status !== 0) {
      throw new Stop('npm could not install the packages (its own words are above). Try again when it can.');
    }
  });
}

/**
 * npm keeps a record of what it put into `node_modules`; it is written last, so a broken install has none.
 * Packages for other systems are optional and may be missing.
 */
function areInstalled() {
  const record = path.join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = packagesOf(record);
  return Object.entries(packagesOf(path.join(ROOT, 'package-lock.json'))).every(([place, wanted]) => {
    if (place === '') return true;
    const found = installed[place];
    if (found === undefined) return wanted.optional === true || wanted.peer === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, Locked>} by place in the tree; '' is the project itself
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/**
 * Runs npm; its complaints go to stderr. The npm that runs us is preferred to another one on the path.
 * @param {readonly string[]} args
 * @param {string} cwd
 */
export function npm(args, cwd) {
  const own = process.env['npm_execpath'];
  const stdio = /** @type {import('node:child_process').StdioOptions} */ (['ignore', 'ignore', 2]);
  return own !== undefined && path.basename(own).startsWith('npm')
    ? spawnSync(process.execPath, [own, ...args], { cwd, stdio })
    : spawnSync('npm', [...args], { cwd, stdio, shell: process.platform === 'win32' });
}
