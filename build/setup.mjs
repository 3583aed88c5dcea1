// @ts-check
import process from 'node:process';
import { Stop } from './say.mjs';
import { ensurePackages } from './setup/packages.mjs';
import { ensureSystemParts } from './setup/system.mjs';

/** The oldest Node our packages' `engines` accept. */
const OLDEST_NODE = { major: 20, minor: 19 };

/**
 * Makes a fresh machine and a fresh clone ready; silent and quick when there is nothing to do. Uses nothing
 * but Node itself, because it runs before anything is installed.
 * @param {'packages' | 'electron' | 'desktop'} need the npm packages; with what Electron needs of the system;
 *   with the parts of the virtual desktop as well
 * @returns {Promise<void>} rejects with `Stop` when a person must act
 */
export async function setup(need) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE.major || (major === OLDEST_NODE.major && minor < OLDEST_NODE.minor)) {
    throw new Stop(
      `Sharelight needs Node ${OLDEST_NODE.major}.${OLDEST_NODE.minor} or newer; this is ${process.version}.`,
    );
  }
  await ensurePackages();
  if (need !== 'packages') await ensureSystemParts({ desktop: need === 'desktop' });
}
