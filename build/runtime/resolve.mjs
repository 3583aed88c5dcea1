// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { say, Stop } from '../say.mjs';
import { officialRuntime } from './official.mjs';
import { standInRuntime } from './stand-in.mjs';

/**
 * The Electron to develop and test with: the one the environment names, else the official one, else the
 * stand-in from the npm registry.
 * @param {{ quiet?: boolean }} [options] `quiet`: no line about which one it is
 * @returns {Promise<import('./official.mjs').Runtime>} rejects with `Stop` when there is none
 */
export async function resolveRuntime({ quiet = false } = {}) {
  const overridden = overriddenRuntime();
  if (overridden !== undefined) return report(overridden, 'from ELECTRON_OVERRIDE_DIST_PATH', quiet);
  const official = await officialRuntime();
  if (official !== undefined) return report(official, 'official', quiet);
  return report(await standInRuntime(), 'stand-in from the npm registry, for development only', quiet);
}

/**
 * @param {import('./official.mjs').Runtime} runtime
 * @param {string} origin
 * @param {boolean} quiet
 */
function report(runtime, origin, quiet) {
  if (!quiet) say(`Electron ${runtime.version} (${origin}).`);
  return runtime;
}

/** @returns {import('./official.mjs').Runtime | undefined} throws `Stop` when there is none where it is said to be */
export function overriddenRuntime() {
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (dist === undefined || dist === '') return undefined;
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
  const name = names[/** @type {'darwin' | 'win32'} */ (process.platform)] ?? 'electron';
  const executable = path.resolve(dist, name);
  if (!existsSync(executable)) {
    throw new Stop(`ELECTRON_OVERRIDE_DIST_PATH is ${dist}, but there is no ${name} in it.`);
  }
  const record = path.join(dist, 'version');
  const version = existsSync(record)
    ? readFileSync(record, 'utf8').trim().replace(/^v/, '')
    : 'of unknown version';
  return { executable, dist: path.resolve(dist), version };
}
