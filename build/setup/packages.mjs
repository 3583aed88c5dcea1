// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { withLock } from '../lock.mjs';
import { ROOT } from '../paths.mjs';
import { runLogged, step } from '../step.mjs';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, peer?: boolean }} Locked */

/**
 * Installs the packages of `package-lock.json` unless exactly those are there.
 * @returns {Promise<void>} rejects with `Stop` when npm fails
 */
export function ensurePackages() {
  return ensure(ROOT, 'Installing the npm packages');
}

/**
 * The archive is another program, with packages of its own: the product needs none of them.
 * @returns {Promise<void>} rejects with `Stop` when npm fails
 */
export function ensureArchivePackages() {
  return ensure(path.join(ROOT, 'archive'), 'Installing the archive’s npm packages');
}

/**
 * @param {string} folder of a package.json
 * @param {string} title
 */
async function ensure(folder, title) {
  if (areInstalled(folder)) return;
  await withLock(path.join(folder, 'node_modules'), async () => {
    if (areInstalled(folder)) return;
    await step(title, (log) => npm(log, ['ci', '--no-audit', '--no-fund'], folder));
  });
}

/**
 * npm keeps a record of what it put into `node_modules`; it is written last, so a broken install has none.
 * Packages for other systems are optional and may be missing.
 * @param {string} folder
 */
function areInstalled(folder) {
  const record = path.join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = packagesOf(record);
  return Object.entries(packagesOf(path.join(folder, 'package-lock.json'))).every(([place, wanted]) => {
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
 * Runs npm for a step. The npm that runs us is preferred to another one on the path.
 * @param {import('../step.mjs').Log} log
 * @param {readonly string[]} args
 * @param {string} cwd
 */
export function npm(log, args, cwd) {
  const own = process.env['npm_execpath'];
  return own !== undefined && path.basename(own).startsWith('npm')
    ? runLogged(log, process.execPath, [own, ...args], { cwd })
    : runLogged(log, 'npm', args, { cwd, shell: process.platform === 'win32' });
}
