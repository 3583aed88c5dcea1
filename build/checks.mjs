// @ts-check
import path from 'node:path';
import process from 'node:process';
import { ROOT } from './paths.mjs';
import { say } from './say.mjs';
import { spawnWithUs } from './spawn.mjs';

/** @param {string} file of the package's command, relative to `node_modules` */
const tool = (file) => path.join(ROOT, 'node_modules', file);

/** What can be said about the sources without running them. */
export const STATIC_CHECKS = [
  {
    name: 'types',
    command: tool('typescript/bin/tsc'),
    args: ['-b', ...['domain', 'electron', 'tools'].map((project) => `build/tsconfig/${project}.json`)],
  },
  {
    name: 'types of the pages',
    command: tool('svelte-check/bin/svelte-check'),
    args: ['--tsconfig', 'build/tsconfig/renderer.json', '--fail-on-warnings', '--output', 'human'],
  },
  {
    name: 'lint',
    command: tool('eslint/bin/eslint.js'),
    args: ['-c', 'build/eslint.config.mjs', '--max-warnings', '0', '.'],
  },
  {
    name: 'format',
    command: tool('prettier/bin/prettier.cjs'),
    args: ['--ignore-path', 'build/prettierignore', '--log-level', 'warn', '--check', '.'],
  },
];

/**
 * Runs one tool of `node_modules` by this Node, its output for all to see.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code
 */
export function runTool(command, args) {
  return spawnWithUs(process.execPath, [command, ...args], { cwd: ROOT, stdio: 'inherit' }).ended;
}

/**
 * @returns {Promise<string[]>} the names of the checks that failed; all are run
 */
export async function runStaticChecks() {
  const failed = [];
  for (const { name, command, args } of STATIC_CHECKS) {
    const code = await runTool(command, args);
    say(code === 0 ? `${name}: in order` : `${name}: see above`);
    if (code !== 0) failed.push(name);
  }
  return failed;
}
