import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

// What `electron <folder>` means, for a runtime that comes without it: the first argument that is no flag is
// the app; its package.json names it; its main is loaded before `ready` (the runtime waits for this module).
const given = process.argv.slice(1).find((argument) => !argument.startsWith('-'));

if (given === undefined) {
  process.stderr.write('Usage: electron <app folder> [arguments]\n');
  process.exit(1);
}

const target = path.resolve(given);
if (!existsSync(target)) {
  process.stderr.write(`There is no app at ${target}.\n`);
  process.exit(1);
}
const folder = statSync(target).isDirectory() ? target : path.dirname(target);
const manifest = existsSync(path.join(folder, 'package.json'))
  ? JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  : {};
const main = target === folder ? path.join(folder, manifest.main ?? 'index.js') : target;
if (!existsSync(main)) {
  process.stderr.write(`The app at ${folder} has no ${path.relative(folder, main)}; is it built?\n`);
  process.exit(1);
}

/** The part of `app` that only a default app may use, and that the types therefore leave out. */
const host = /** @type {any} */ (app);
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
if (manifest.version) host.setVersion(manifest.version);
const name = manifest.productName ?? manifest.name;
if (name) app.setName(name);
host.setDesktopName(manifest.desktopName ?? `${app.getName()}.desktop`);
host.setAppPath(folder);

const isModule = main.endsWith('.mjs') || (manifest.type === 'module' && !main.endsWith('.cjs'));
if (isModule) await import(pathToFileURL(main).href);
else createRequire(main)(main);
