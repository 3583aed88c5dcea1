import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { ROOT } from '../../../build/paths.mjs';
import { sandboxFlags } from '../../../build/runtime/sandbox.mjs';
import type { Desktop } from '../../desktop/desktop.mjs';
import { expect, type Ended } from './fixtures.ts';

/** A packed program and who starts it. */
export interface Packaged {
  /** Its folder, with the executable in it. */
  readonly folder: string;
  readonly executable: string;
  /** An ordinary user where the tests are run by root, who cannot start a program that keeps its sandbox. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** What it needs on this machine besides its own flags. */
  readonly args: readonly string[];
}

const NOBODY = { uid: 65_534, gid: 65_534 };

export const SHIPPED = path.join(ROOT, 'dist/linux-unpacked');

/** Makes the program in `dist/` from the sources, as `npm run package` does. */
export async function makePackage(...options: readonly string[]): Promise<void> {
  // The official runtime is not to be had everywhere; the program says what it was packed with.
  const args = [path.join(ROOT, 'build/package.mjs'), '--stand-in', ...options];
  const maker = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = await Promise.all([text(maker.stdout), text(maker.stderr), once(maker, 'close')]);
  expect(maker.exitCode, out + err).toBe(0);
}

/**
 * The program that ships, as a person starts it. Where nobody can (a container without user namespaces, a checkout that
 * only root may read) it is the build for tests, which can do without the sandbox.
 */
export async function packagedForAPerson(): Promise<Packaged> {
  const user = process.getuid?.() === 0 ? NOBODY : undefined;
  const executable = path.join(SHIPPED, 'sharelight');
  // Without a sandbox the browser engine falls over before the program can judge its flags.
  const probe = spawnSync(executable, ['--nonsense'], { ...user, stdio: 'ignore' });
  if (probe.status === 2) return { folder: SHIPPED, executable, args: [], ...(user ? { user } : {}) };
  await makePackage('--for-tests');
  const folder = path.join(ROOT, 'dist/for-tests/linux-unpacked');
  return { folder, executable: path.join(folder, 'sharelight-test'), args: sandboxFlags(folder).flags };
}

/** Makes a folder one that whoever starts the program may write. */
export function handOver(folder: string, { user }: Packaged): void {
  if (user) chownSync(folder, user.uid, user.gid);
}

/** Starts the packaged program away from the sources, so that it can lean on nothing but itself. */
export function startPackaged(
  packaged: Packaged,
  desktop: Desktop,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  return spawn(packaged.executable, [...desktop.electronArgs, ...packaged.args, ...args], {
    ...packaged.user,
    cwd: packaged.folder,
    env: { ...desktop.env, LC_ALL: 'C.UTF-8', LANGUAGE: 'en', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs it to its end. */
export async function runPackaged(...how: Parameters<typeof startPackaged>): Promise<Ended> {
  const child = startPackaged(...how);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr: stderr.replace(/^\[\d+:\d{4}\/.*\n?/gm, '') };
}
