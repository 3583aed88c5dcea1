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
