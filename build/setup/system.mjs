// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { Stop } from '../say.mjs';
import { runLogged, step } from '../step.mjs';

/**
 * What a bare Debian or Ubuntu lacks: a sign that it is there (a library the loader knows, a command, a
 * folder), and the package that brings it. Names ending in t64 are the same library since 2024.
 *
 * @typedef {({ library: string } | { command: string } | { folder: string }) & { packages: readonly string[] }} Part
 */

/** What Electron itself loads; on GNOME also GTK 4, where it is there. @type {readonly Part[]} */
const ELECTRON = [
  { library: 'libgtk-3.so.0', packages: ['libgtk-3-0t64', 'libgtk-3-0'] },
  { library: 'libnss3.so', packages: ['libnss3'] },
  { library: 'libasound.so.2', packages: ['libasound2t64', 'libasound2'] },
  { library: 'libgbm.so.1', packages: ['libgbm1'] },
  { library: 'libXss.so.1', packages: ['libxss1'] },
  { library: 'libXtst.so.6', packages: ['libxtst6'] },
  { library: 'libatk-bridge-2.0.so.0', packages: ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'] },
  { library: 'libdrm.so.2', packages: ['libdrm2'] },
  { library: 'libsecret-1.so.0', packages: ['libsecret-1-0'] },
];

/** What the virtual desktop is made of, see `test/desktop/`. @type {readonly Part[]} */
const DESKTOP = [
  { command: 'Xvfb', packages: ['xvfb'] },
  { command: 'Xtigervnc', packages: ['tigervnc-standalone-server'] },
  { command: 'dbus-daemon', packages: ['dbus'] },
  { command: 'gdbus', packages: ['libglib2.0-bin'] },
  { command: 'xfce4-panel', packages: ['xfce4-panel'] },
  { command: 'xfwm4', packages: ['xfwm4'] },
  // Makes reads of a database fail, see `test/unit/store/stops.test.ts`.
  { command: 'strace', packages: ['strace'] },
  { command: 'weston', packages: ['weston'] },
  { command: 'Xwayland', packages: ['xwayland'] },
  { command: 'dunst', packages: ['dunst'] },
  { command: 'gnome-keyring-daemon', packages: ['gnome-keyring'] },
  { command: 'xdotool', packages: ['xdotool'] },
  { command: 'xprop', packages: ['x11-utils'] },
  { command: 'import', packages: ['imagemagick'] },
  { folder: '/usr/share/fonts/opentype/inter', packages: ['fonts-inter'] },
];

/**
 * Installs missing system parts where that is ours to do (root, apt-get); otherwise says how. Other systems
 * than Linux bring all of this themselves.
 * @param {{ desktop: boolean }} wanted
 * @returns {Promise<void>} rejects with `Stop` when a person must install something
 */
export async function ensureSystemParts({ desktop }) {
  if (process.platform !== 'linux') return;
  const parts = desktop ? [...ELECTRON, ...DESKTOP] : ELECTRON;
  const lacking = missing(parts);
  if (lacking.length === 0) return;

  const isAdministrator = process.getuid?.() === 0 && hasCommand('apt-get');
  if (!isAdministrator) {
    const names = lacking.map((part) => part.packages.at(-1)).join(' ');
    throw new Stop(
      `Some system parts are missing. Install them and start again:\n  sudo apt-get install ${names}`,
    );
  }
  await step(
    `Installing ${lacking.length} system part${lacking.length === 1 ? '' : 's'} with apt-get`,
    async (log) => {
      await apt(log, 'update');
      const known = lacking.map((part) => part.packages.find(isInstallable) ?? String(part.packages.at(-1)));
      await apt(log, 'install', '--yes', '--no-install-recommends', ...known);
      const still = missing(parts).map((part) => part.packages.at(-1));
      if (still.length > 0) throw new Stop(`Still missing after the installation: ${still.join(' ')}.`);
    },
  );
}

/** @param {readonly Part[]} parts */
function missing(parts) {
  const libraries = knownLibraries();
  return parts.filter((part) => {
    if ('library' in part) return !libraries.includes(`\t${part.library} `);
    return 'command' in part ? !hasCommand(part.command) : !existsSync(part.folder);
  });
}

/** The loader's own list; its tool is outside an ordinary user's path. */
function knownLibraries() {
  const tool = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find((file) => existsSync(file)) ?? 'ldconfig';
  return spawnSync(tool, ['-p'], { encoding: 'utf8' }).stdout ?? '';
}

/** @param {string} name */
function hasCommand(name) {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .some((folder) => folder !== '' && existsSync(path.join(folder, name)));
}

/** @param {string} name */
function isInstallable(name) {
  const { stdout } = spawnSync('apt-cache', ['policy', name], { encoding: 'utf8' });
  return /Candidate: (?!\(none\))/.test(stdout ?? '');
}

/**
 * @param {import('../step.mjs').Log} log
 * @param {readonly string[]} args
 */
function apt(log, ...args) {
  return runLogged(log, 'apt-get', ['-qq', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
