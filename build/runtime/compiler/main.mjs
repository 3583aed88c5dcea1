// @ts-check
// Runs the built program once, and writes beside each file of it what the engine has compiled of it by then. See
// `build/compiled-code.mjs`, which starts this, and `electron/entry.ts`, which uses it.
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import process from 'node:process';
import vm from 'node:vm';
import electron, { app } from 'electron/main';

/** The first picture, the services after it, and a feed that has begun: ms. */
const REST_MS = 2_500;

/** @type {Map<string, vm.Script>} */
const scripts = new Map();
const { Script } = vm;
// The program makes its scripts by this class, and only they know what was compiled.
vm.Script = class extends Script {
  /** @param {string} code @param {vm.ScriptOptions & { filename: string }} options */
  constructor(code, options) {
    // Compiled here, whatever there was.
    super(code, { ...options, cachedData: undefined });
    scripts.set(options.filename, this);
  }
};

// GTK would end a process that wants an icon in a tray and has no display.
function NoTray() {
  throw new Error('There is no tray here.');
}
const main = new Proxy(electron, {
  get: (all, name) => (name === 'Tray' ? NoTray : Reflect.get(all, name)),
});
/** @type {any} */
const loader = Module;
const load = loader._load;
loader._load = (/** @type {string} */ name, /** @type {unknown[]} */ ...rest) =>
  name === 'electron/main' ? main : load(name, ...rest);

const program = given('PROGRAM_FILE');
// As if the program had been started by its own folder. The types leave it out: only default apps may do this.
/** @type {any} */ (app).setAppPath(given('PROGRAM_ROOT'));
app.once('browser-window-created', (_event, window) => {
  window.webContents.once('did-finish-load', () => setTimeout(writeAll, REST_MS));
});
createRequire(program)(program);

function writeAll() {
  for (const [file, script] of scripts) {
    const digest = createHash('sha256').update(readFileSync(file)).digest();
    // A program that is running meanwhile finds the old one, or the new one.
    writeFileSync(`${file}.compiled.new`, Buffer.concat([digest, script.createCachedData()]));
    renameSync(`${file}.compiled.new`, `${file}.compiled`);
  }
  app.exit(0);
}

/** @param {string} name */
function given(name) {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
}
