// @ts-check
import path from 'node:path';
import process from 'node:process';
import { ROOT } from './paths.mjs';
import { say } from './say.mjs';
import { spawnWithUs } from './spawn.mjs';

/**
 * A tool of `node_modules` with its arguments.
 * @typedef {readonly [tool: string, ...args: string[]]} Command
 */

const LINT = /** @type {const} */ (['eslint/bin/eslint.js', '-c', 'build/eslint.config.mjs']);
const FORMAT = /** @type {const} */ (['prettier/bin/prettier.cjs', '--ignore-path', 'build/prettierignore']);

/**
 * What can be said about the sources without running them; `fix` puts right what a tool can.
 * @type {readonly { name: string, commands: readonly Command[], fix?: Command }[]}
 */
const STATIC_CHECKS = [
  {
    name: 'types',
    commands: [
      // One by one: as a build (-b) a project whose own files are older than its last check is not looked at, though
      // what it imports from the others may have changed.
      ...['domain', 'electron', 'archive', 'tools'].map(
        (project) => /** @type {const} */ (['typescript/bin/tsc', '-p', `build/tsconfig/${project}.json`]),
      ),
      [
        'svelte-check/bin/svelte-check',
        ...['--tsconfig', 'build/tsconfig/renderer.json', '--fail-on-warnings', '--output', 'human'],
      ],
    ],
  },
  {
    name: 'lint',
    commands: [
      [...LINT, '--max-warnings', '0', '.'],
      // ESLint has no rule for import circles, and the plugin that has one needs an install script.
      ['oxlint/bin/oxlint', '-c', 'build/oxlint.json', '--quiet'],
    ],
    fix: [...LINT, '--fix', '.'],
  },
  {
    name: 'format',
    commands: [[...FORMAT, '--log-level', 'warn', '--check', '.']],
    fix: [...FORMAT, '--log-level', 'warn', '--write', '.'],
  },
];

/**
 * All at once, because each keeps only one core busy; what a check says is shown when it has ended.
 * @param {readonly string[]} names which checks; all when empty
 * @returns {Promise<string[]>} the names of those that failed; one failure does not keep the next from running
 */
export async function runStaticChecks(names = []) {
  const wanted = STATIC_CHECKS.filter(({ name }) => names.length === 0 || names.includes(name));
  const results = await Promise.all(
    wanted.map(async ({ name, commands }) => {
      let said = '';
      let inOrder = true;
      for (const command of commands) {
        const { child, ended } = startTool(command, 'pipe');
        for (const stream of [child.stdout, child.stderr]) {
          stream?.setEncoding('utf8').on('data', (text) => (said += text));
        }
        inOrder = (await ended) === 0 && inOrder;
      }
      if (said !== '') say(said.trimEnd());
      say(inOrder ? `${name}: in order` : `${name}: see above`);
      return { name, inOrder };
    }),
  );
  return results.filter(({ inOrder }) => !inOrder).map(({ name }) => name);
}

/** Puts right what the tools can put right by themselves. */
export async function fixWhatTheToolsCan() {
  for (const { fix } of STATIC_CHECKS) if (fix !== undefined) await runTool(fix);
}

/**
 * Runs a tool by this Node, its output for all to see.
 * @param {Command} command
 * @returns {Promise<number>} its exit code
 */
export function runTool(command) {
  return startTool(command, 'inherit').ended;
}

/**
 * @param {Command} command
 * @param {'inherit' | 'pipe'} output
 */
function startTool([tool, ...args], output) {
  const program = path.join(ROOT, 'node_modules', tool);
  return spawnWithUs(process.execPath, [program, ...args], { cwd: ROOT, stdio: ['inherit', output, output] });
}
