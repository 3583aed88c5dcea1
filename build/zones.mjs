// @ts-check
import { builtinModules } from 'node:module';
import path from 'node:path';

/**
 * Who may import whom: the one table behind the lint rule and `test/unit/house.test.ts`.
 *
 * @typedef {object} Zone
 * @property {string} folder the files this is about, relative to the project
 * @property {readonly string[]} files folders it may reach by relative import (its own included)
 * @property {boolean} node whether Node's own modules are there
 * @property {(name: string) => boolean} packages which npm packages it may use
 * @property {string} reason shown to whoever breaks it
 */

const ASSETS = 'assets';

/** @param {readonly string[]} names */
const only = (names) => (/** @type {string} */ name) => names.includes(name);
/** @param {readonly string[]} names */
const allBut = (names) => (/** @type {string} */ name) => !names.includes(name);

/** Rooms that know only the domain and themselves. */
const PLAIN_ROOMS = ['feed', 'tracker', 'store', 'outbox', 'shell', 'ipc'];
/** Rooms that join others: each may import the plain ones, and those that stand after it. So there is no circle. */
const JOINING_ROOMS = ['program', 'handlers', 'account', 'database', 'review', 'archive'];
/** Files beside the rooms that know no room. */
const BESIDE_ROOMS = ['electron/build-info.ts', 'electron/paths.ts', 'electron/system-clock.ts'];

/** @param {readonly string[]} rooms */
const foldersOf = (rooms) => rooms.map((room) => `electron/${room}`);

/** The first zone whose folder holds a file is the one that counts. @type {readonly Zone[]} */
export const ZONES = [
  {
    folder: 'domain',
    files: ['domain', ASSETS],
    node: false,
    packages: only(['zod', 'intl-messageformat', '@formatjs/icu-messageformat-parser', 'fuse.js']),
    reason: 'domain/ is pure: itself, the words in assets/, and packages as pure as itself',
  },
  {
    folder: 'archive',
    files: ['archive', 'domain', ASSETS],
    node: true,
    packages: allBut(['electron', 'electron-log', 'electron-store', 'libsql', 'svelte']),
    reason: 'archive/ is another program: domain/ and itself',
  },
  {
    folder: 'renderer',
    files: ['renderer', 'domain', ASSETS],
    node: false,
    packages: allBut(['electron', 'electron-log', 'electron-store', 'libsql', 'ws']),
    reason: 'renderer/ is a web page: domain/, itself and packages for pages',
  },
  {
    folder: 'electron/preload',
    files: ['electron/preload', 'domain'],
    node: false,
    packages: only(['electron', 'zod']),
    reason: 'a sandboxed preload has electron, domain/ and its neighbours, nothing else',
  },
  {
    folder: 'electron/feed/simulator',
    files: ['electron/feed', 'domain'],
    node: true,
    packages: allBut(['electron', 'electron-log', 'electron-store', 'libsql']),
    reason: 'the simulator also runs alone in plain Node, so it knows no Electron',
  },
  ...PLAIN_ROOMS.map((room) => ({
    folder: `electron/${room}`,
    files: [`electron/${room}`, ...BESIDE_ROOMS, 'domain', ASSETS],
    node: true,
    packages: () => true,
    reason: 'plain rooms import domain/ and themselves; the joining rooms hand them to each other',
  })),
  ...JOINING_ROOMS.map((room, place) => ({
    folder: `electron/${room}`,
    files: [...foldersOf([...JOINING_ROOMS.slice(place), ...PLAIN_ROOMS]), ...BESIDE_ROOMS, 'domain', ASSETS],
    node: true,
    packages: () => true,
    reason: `joining rooms import the plain ones and those after them: ${JOINING_ROOMS.join(' → ')}`,
  })),
  ...BESIDE_ROOMS.map((file) => ({
    folder: file,
    files: ['domain', ASSETS],
    node: true,
    packages: () => true,
    reason: 'what stands beside the rooms knows none of them',
  })),
];

/** Names and packages that only one file may touch, so that one file can be reviewed for all of them. */
const ONE_FILE = [
  { package: 'electron', name: 'ipcMain', file: 'electron/ipc/router.ts' },
  { package: 'electron', name: 'ipcRenderer', file: 'electron/preload/bridge.ts' },
  { package: 'libsql', name: undefined, file: 'electron/store/engine.ts' },
];

/** @typedef {{ file: string, specifier: string, names: readonly string[] }} Import */

/**
 * Judges one import.
 * @param {Import} what `file` is relative to the project with forward slashes; `names` are the imported
 *   names, `default` and `*` included
 * @returns {string | undefined} what is wrong and what to do, or nothing
 */
export function importProblem({ file, specifier, names }) {
  const isRelative = specifier.startsWith('.');
  const product = ['archive/', 'domain/', 'electron/', 'renderer/'].some((folder) => file.startsWith(folder));
  if (!product) return undefined;

  const packageName = isRelative ? undefined : nameOfPackage(specifier);
  for (const rule of ONE_FILE) {
    if (rule.package !== packageName || file === rule.file) continue;
    if (rule.name === undefined) return `${rule.package} is imported by ${rule.file} alone`;
    if (names.includes(rule.name)) return `${rule.name} is used by ${rule.file} alone`;
    if (names.includes('default') || names.includes('*')) {
      return `import what you need from ${rule.package} by name, so that ${rule.name} cannot hide in it`;
    }
  }

  const zone = ZONES.find((each) => isInside(file, each.folder));
  if (zone === undefined) return undefined;

  if (isRelative) {
    const target = path.posix.join(path.posix.dirname(file), specifier);
    return zone.files.some((folder) => isInside(target, folder)) ? undefined : zone.reason;
  }
  if (packageName === undefined) return zone.node ? undefined : zone.reason;
  return zone.packages(packageName) ? undefined : zone.reason;
}

/**
 * @param {string} file
 * @param {string} folder
 */
function isInside(file, folder) {
  return file === folder || file.startsWith(`${folder}/`);
}

/**
 * @param {string} specifier not relative
 * @returns {string | undefined} nothing for a module of Node itself
 */
function nameOfPackage(specifier) {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
