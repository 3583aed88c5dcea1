// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from './paths.mjs';
import { say, Stop } from './say.mjs';

/** Everything the steps of the latest command said. */
const LOG = path.join(ROOT, 'out/setup.log');
const LINES_SHOWN_ON_FAILURE = 20;

let isLogOpen = false;

/** @typedef {(text: string) => void} Log */

/**
 * One step of getting ready: one line for the person, everything it says into the log. Where it fails its last
 * words are shown too.
 * @template T
 * @param {string} title
 * @param {(log: Log) => Promise<T>} work
 * @param {(result: T) => string | undefined} [outcome] said instead of how long it took
 * @returns {Promise<T>} rejects with `Stop`, which names the log
 */
export async function step(title, work, outcome) {
  if (!isLogOpen) openLog();
  let said = '';
  /** @type {Log} */
  const log = (text) => {
    const plain = stripVTControlCharacters(text);
    said += plain;
    appendFileSync(LOG, plain);
  };
  appendFileSync(LOG, `\n=== ${title}\n`);
  process.stderr.write(`${title} … `);
  const start = performance.now();
  try {
    const result = await work(log);
    say(outcome?.(result) ?? `${Math.ceil((performance.now() - start) / 1000)} s`);
    return result;
  } catch (error) {
    log(`${error instanceof Stop ? error.message : /** @type {Error} */ (error).stack}\n`);
    say('failed');
    for (const line of said.trimEnd().split('\n').slice(-LINES_SHOWN_ON_FAILURE)) say(`  ${line}`);
    throw new Stop(`The full output is in ${path.relative(process.cwd(), LOG)}.`);
  }
}

/**
 * Runs a program for a step.
 * @param {Log} log
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<void>} rejects with `Stop` when it fails
 */
export async function runLogged(log, command, args, options = {}) {
  const child = spawn(command, [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.setEncoding('utf8').on('data', log);
  child.stderr.setEncoding('utf8').on('data', log);
  const [code, signal] = await once(child, 'close').catch((error) => [error.message]);
  if (code !== 0) throw new Stop(`${path.basename(command)} ${args.join(' ')}: ended with ${code ?? signal}`);
}

function openLog() {
  mkdirSync(path.dirname(LOG), { recursive: true });
  writeFileSync(LOG, `${new Date().toISOString()} ${process.argv.slice(1).join(' ')}\n`);
  say(`Getting ready. The full output of each step is in ${path.relative(process.cwd(), LOG)}.`);
  isLogOpen = true;
}
