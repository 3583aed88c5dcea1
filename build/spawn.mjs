// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';

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
  /** @type {Promise<number>} */
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const each of FORWARDED) process.off(each, forward);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  return { child, ended };
}
