// @ts-check
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import process from 'node:process';

/** How often it is looked whether npm is still there, ms. */
const NPM_CHECK_MS = 500;

const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Starts a program that lives and dies with us: our signals are handed on exactly once, and it ends when we
 * are killed. It is kept out of the terminal's group, or Ctrl+C would reach it twice.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {{ child: import('node:child_process').ChildProcess, ended: Promise<number> }} `ended`: its exit
 *   code, or as in a shell 128 + the signal that ended it
 */
export function spawnWithUs(command, args, options) {
  const tied = process.platform === 'linux';
  const child = tied
    ? spawn('setpriv', ['--pdeathsig', 'TERM', '--', command, ...args], { ...options, detached: true })
    : spawn(command, [...args], options);
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => void child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, forward);
  const unwatch = onceNpmIsGone(() => forward('SIGTERM'));
  /** @type {Promise<number>} */
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const each of FORWARDED) process.off(each, forward);
      unwatch();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  return { child, ended };
}

/**
 * npm and its shell do not hand on every signal, and none when they are killed.
 * @param {() => void} end
 * @returns {() => void}
 */
function onceNpmIsGone(end) {
  if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32')
    return () => undefined;
  const parent = process.ppid;
  const shell = processOf(parent);
  // Where the shell became us, npm is the parent; who started npm may go.
  const isShell = shell !== null && /^(ba|da|z)?sh$/.test(shell.name);
  const timer = setInterval(() => {
    const isThere = process.ppid === parent && (!isShell || processOf(parent)?.parent === shell.parent);
    if (isThere) return;
    clearInterval(timer);
    end();
  }, NPM_CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Null where the system does not say. @param {number} pid */
function processOf(pid) {
  try {
    const [, name = '', parent = ''] =
      /\((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { name, parent };
  } catch {
    return null;
  }
}
