import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { app } from 'electron/main';
import { makePrivate } from '../shell/private-files.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';

export interface DataFolder {
  readonly path: string;
  /** Why nothing can be written there; `null` when all is well. */
  readonly problem: string | null;
}

function problemOf(folder: string): string | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    // Permission bits do not say everything: a read-only or full disk shows only when it is written to.
    const probe = join(folder, `.probe-${String(process.pid)}`);
    writeFileSync(probe, 'probe');
    rmSync(probe);
    return null;
  } catch (error) {
    // `EROFS: read-only file system, open '…'`: the folder is named beside it anyway.
    return reasonOf(error).replace(/, \w+ '.*'$/, '');
  }
}

/** A folder of this account's, not a link to one: anybody may put things into the temporary folder. */
function isOwn(folder: string): boolean {
  try {
    const stats = lstatSync(folder);
    return stats.isDirectory() && (process.platform === 'win32' || stats.uid === process.getuid?.());
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const prefix = 'sharelight-session-';
/** As `mkdtemp` names it. */
const leftover = /^sharelight-session-([1-9]\d{0,9})-\w{6}$/;

/**
 * A temporary place for the browser engine's caches. The engine writes until the very end, so no run can remove
 * its own: the next one does.
 */
function temporaryPlace(): string {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = leftover.exec(name) ?? [];
    if (pid === undefined || isRunning(Number(pid)) || !isOwn(join(tmpdir(), name))) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // The next start tries again.
    }
  }
  return mkdtempSync(join(tmpdir(), `${prefix}${String(process.pid)}-`));
}

/**
 * Settles where all state lives, before Electron writes anything. Where the folder cannot be written the
 * browser engine gets a temporary place for its caches, so that the live status can still be shown.
 */
export function settleDataFolder(wanted: string | null): DataFolder {
  const path = wanted === null ? app.getPath('userData') : resolve(wanted);
  const problem = problemOf(path);
  // One that was named may be used for something else as well; what is ours in it is private by itself.
  if (problem === null && wanted === null) makePrivate(path, []);
  app.setPath('userData', path);
  const session = problem === null ? join(path, 'session') : temporaryPlace();
  mkdirSync(session, { recursive: true, mode: 0o700 });
  makePrivate(session, []);
  app.setPath('sessionData', session);
  app.setPath('crashDumps', join(session, 'crashes'));
  return { path, problem };
}
