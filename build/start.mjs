// @ts-check
// `npm start -- [the app's own arguments]`: everything that is needed, then the app.
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import readline from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { build } from './build.mjs';
import { compileFor } from './compiled-code.mjs';
import { ROOT } from './paths.mjs';
import { resolveRuntime } from './runtime/resolve.mjs';
import { sandboxFlags } from './runtime/sandbox.mjs';
import { run, say } from './say.mjs';
import { setup } from './setup.mjs';
import { spawnWithUs } from './spawn.mjs';

/** @typedef {import('../test/desktop/desktop.mjs').Desktop} Desktop */

/** Long enough for a window to paint what it was sent. */
const PAINTED_MS = 300;

await run(async () => {
  const needsDesktop =
    process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'];
  await setup(needsDesktop ? 'desktop' : 'electron');
  const runtime = await resolveRuntime();
  await build();
  await compileFor(runtime);

  const sandbox = sandboxFlags(runtime.dist);
  if (sandbox.reason !== undefined) say(`Chromium's sandbox is off: ${sandbox.reason}.`);
  // Whoever starts it here wants to see it at work; what they say themselves comes after it and counts.
  const args = [...sandbox.flags, '.', '--first-run', 'demo', ...process.argv.slice(2)];
  if (!needsDesktop) {
    const silent = { ...process.env, ALSA_CONFIG_PATH: path.join(ROOT, 'test/desktop/config/asound.conf') };
    const env = hasSoundCard() ? process.env : silent;
    return spawnWithUs(runtime.executable, args, { cwd: ROOT, env, stdio: 'inherit' }).ended;
  }

  // Loaded late: it needs the packages that setup has just installed.
  const { startDesktop } = await import('../test/desktop/desktop.mjs');
  const desktop = await startDesktop({ keyringFolder: keyringFolder() });
  try {
    say('There is no display here: the app runs on a virtual desktop.');
    return await runOn(desktop, runtime.executable, args);
  } finally {
    await desktop.close();
  }
});

/**
 * @param {Desktop} desktop
 * @param {string} executable
 * @param {readonly string[]} args
 * @returns {Promise<number>} the app's exit code
 */
async function runOn(desktop, executable, args) {
  const { child, ended } = spawnWithUs(executable, [...desktop.electronArgs, ...args], {
    cwd: ROOT,
    env: { ...desktop.env, SHARELIGHT_NARRATE: '1' },
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  void passOnComplaints(/** @type {import('node:stream').Readable} */ (child.stderr));
  const output = /** @type {import('node:stream').Readable} */ (child.stdout);
  output.pipe(process.stdout, { end: false });
  const pictures = takePictures(desktop, output);
  const code = await ended;
  await pictures;
  return code;
}

/**
 * All but one: the engine asks the login manager to wait for it at log-off, and this desktop has none.
 * @param {import('node:stream').Readable} complaints the app's stderr
 */
async function passOnComplaints(complaints) {
  for await (const line of readline.createInterface({ input: complaints }))
    if (!line.includes('org.freedesktop.login1.Manager.Inhibit')) process.stderr.write(`${line}\n`);
}

/**
 * A screenshot for each `state: <words>` line, since nobody can look.
 * @param {Desktop} desktop
 * @param {import('node:stream').Readable} output the app's stdout
 */
async function takePictures(desktop, output) {
  let folder = '';
  let count = 0;
  for await (const line of readline.createInterface({ input: output })) {
    const words = /^state: (.+)$/.exec(line)?.[1];
    if (words === undefined) continue;
    folder ||= mkdtempSync(path.join(os.tmpdir(), 'sharelight-screens-'));
    const name = words.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const file = path.join(folder, `${String(++count).padStart(3, '0')}-${name}.png`);
    // The words are out before the window has painted them.
    await setTimeout(PAINTED_MS);
    const failure = await desktop.screenshot(file).then(() => undefined, String);
    say(failure === undefined ? `  screenshot: ${file}` : `  no screenshot: ${failure}`);
  }
}

/** Without one the sound library complains at every alert. Elsewhere than on Linux it is not used. */
function hasSoundCard() {
  const cards = '/proc/asound/cards';
  return process.platform !== 'linux' || (existsSync(cards) && /^ *\d/m.test(readFileSync(cards, 'utf8')));
}

/** The key store must outlive this desktop: it holds the key of the records kept on this machine. */
function keyringFolder() {
  const data = process.env['XDG_DATA_HOME'] || path.join(os.homedir(), '.local/share');
  return path.join(data, 'sharelight-virtual-desktop');
}
