// @ts-check
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../paths.mjs';
import { Stop } from '../say.mjs';
import { officialRuntime } from './official.mjs';
import { overriddenRuntime } from './resolve.mjs';
import { standInRuntime } from './stand-in.mjs';

/** @typedef {import('./official.mjs').Runtime} Runtime */

/**
 * Where an Electron may come from; given by a test.
 * @typedef {object} Sources
 * @property {string} wanted the version that ships
 * @property {() => Runtime | undefined} overridden the one the environment names
 * @property {(options: { again: boolean }) => Promise<Runtime | undefined>} official
 * @property {() => Promise<Runtime>} standIn
 */

/** @type {() => Sources} */
const real = () => ({
  wanted: JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).devDependencies.electron,
  overridden: overriddenRuntime,
  official: officialRuntime,
  standIn: standInRuntime,
});

/**
 * The Electron to pack: only the version in package.json is shipped without a word. Another one has to be asked for,
 * and the packed program says so itself.
 * @param {{ standInAsked: boolean }} asked
 * @param {Sources} [sources]
 * @returns {Promise<{ runtime: Runtime, standIn: boolean }>} rejects with `Stop`
 */
export async function runtimeToPack({ standInAsked }, sources = real()) {
  const { wanted } = sources;
  // A download that failed earlier today is tried again: whoever packs wants the real one.
  const found = sources.overridden() ?? (await sources.official({ again: !standInAsked }));
  if (found?.version === wanted) return { runtime: found, standIn: false };
  if (standInAsked) return { runtime: found ?? (await sources.standIn()), standIn: true };
  const why =
    found === undefined
      ? `Electron ${wanted} could not be downloaded (out/setup.log says why)`
      : `ELECTRON_OVERRIDE_DIST_PATH has Electron ${found.version}, and ${wanted} is what ships`;
  throw new Stop(
    `${why}, so nothing was packed. To pack it for a trial with another one, ask for it: npm run package -- --stand-in`,
  );
}
