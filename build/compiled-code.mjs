// @ts-check
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { withLock } from './lock.mjs';
import { ROOT } from './paths.mjs';
import { sandboxFlags } from './runtime/sandbox.mjs';
import { runLogged, step } from './step.mjs';

const MAIN = path.join(ROOT, 'out/main');
const STAMP = path.join(MAIN, 'compiled.json');
const COMPILER = path.join(ROOT, 'build/runtime/compiler');
const LIMIT_MS = 60_000;

/**
 * Has the runtime compile the built program, unless it has: a start then reads that instead of compiling. Where it
 * cannot be done the program compiles its code as it uses it.
 * @param {import('./runtime/official.mjs').Runtime} runtime
 */
export async function compileFor(runtime) {
  const wanted = JSON.stringify({
    build: readFileSync(path.join(ROOT, 'out/.stamp'), 'utf8'),
    ...idOf(runtime),
  });
  if (isDone(wanted)) return;
  await withLock(MAIN, async () => {
    if (isDone(wanted)) return;
    await step('Compiling the program', (log) => runOnce(log, runtime)).then(
      () => writeFileSync(STAMP, wanted),
      // Said by the step. Slower is no reason not to start.
      () => undefined,
    );
  });
}

/** @param {string} wanted */
function isDone(wanted) {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted;
}

/** @param {import('./runtime/official.mjs').Runtime} runtime */
function idOf({ executable, version }) {
  const { size, mtimeMs } = statSync(executable);
  return { version, size, mtimeMs };
}

/**
 * Runs the program of an app folder once, so that the runtime leaves its compiled code beside it.
 * @param {import('./step.mjs').Log} log
 * @param {import('./runtime/official.mjs').Runtime} runtime
 * @param {string} [root]
 */
export async function runOnce(log, { executable, dist }, root = ROOT) {
  const data = mkdtempSync(path.join(os.tmpdir(), 'sharelight-compile-'));
  const { DISPLAY: _x11, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const screenless = process.platform === 'linux' ? ['--ozone-platform=headless'] : [];
  const flags = [...sandboxFlags(dist).flags, ...screenless];
  try {
    await runLogged(log, executable, [...flags, COMPILER, '--user-data-dir', data, '--feed', 'simulator'], {
      env: {
        ...env,
        PROGRAM_FILE: path.join(root, 'out/main/main.cjs'),
        PROGRAM_ROOT: root,
        // No desktop is to see it.
        DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
      },
      timeout: LIMIT_MS,
    });
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}
