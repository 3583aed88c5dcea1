// @ts-check
import process from 'node:process';

/**
 * One plain line for the person at the terminal. Always on stderr: stdout belongs to the product's own
 * answers (`--export`, the simulator's JSON line, `npm run -s runtime`).
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** A reason to stop that the person at the terminal can act on; shown without a stack. */
export class Stop extends Error {}

/** A flag that is not understood. */
export class WrongFlag extends Stop {}

/**
 * Runs a command of ours to its end: its number becomes the exit code, a `Stop` one line and exit code 1, a wrong
 * flag one line and 2.
 * @param {() => Promise<number>} command
 */
export async function run(command) {
  try {
    process.exitCode = await command();
  } catch (error) {
    const { message, code } = /** @type {NodeJS.ErrnoException} */ (error);
    const isWrongFlag = error instanceof WrongFlag || code?.startsWith('ERR_PARSE_ARGS');
    if (!isWrongFlag && !(error instanceof Stop)) throw error;
    say(message);
    process.exitCode = isWrongFlag ? 2 : 1;
  }
}
