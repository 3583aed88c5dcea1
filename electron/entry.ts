import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/**
 * What is built to `out/main/main.cjs`, and all it does is to load the program from beside it, with code that was
 * compiled before where there is some (`build/compiled-code.mjs`). Why not with the cache Node has for that, and why
 * it lies with the program and not with the data: `build/decisions`.
 */
const runtimeRequire = createRequire(__filename);
const folder = dirname(__filename);
/** A file of the program, asked for by another one. */
const ours = /^\.\/(program[\w-]*\.cjs)$/;
const digestLength = 32;

interface Loaded {
  exports: unknown;
}
const modules = new Map<string, Loaded>();

/** Compiled code belongs to one text: the engine itself would only compare how long that is. */
function compiledOf(file: string, text: Buffer): Buffer | undefined {
  try {
    const kept = readFileSync(`${file}.compiled`);
    const isOfThisText = createHash('sha256').update(text).digest().equals(kept.subarray(0, digestLength));
    return isOfThisText ? kept.subarray(digestLength) : undefined;
  } catch {
    // It is compiled as it is used.
    return undefined;
  }
}

function load(name: string): unknown {
  const known = modules.get(name);
  if (known) return known.exports;
  const module: Loaded = { exports: {} };
  modules.set(name, module);
  const file = join(folder, name);
  const text = readFileSync(file);
  const head = '(function (exports, require, module, __filename, __dirname) {';
  const compiled = compiledOf(file, text);
  const script = new Script(`${head}${text.toString('utf8')}\n})`, {
    filename: file,
    // Places in traces are those of the file.
    columnOffset: -head.length,
    ...(compiled ? { cachedData: compiled } : {}),
  });
  const run = script.runInThisContext() as (...args: readonly unknown[]) => void;
  run.call(module.exports, module.exports, requireFrom, module, file, folder);
  return module.exports;
}

function requireFrom(wanted: string): unknown {
  const name = ours.exec(wanted)?.[1];
  return name === undefined ? runtimeRequire(wanted) : load(name);
}

load('program.cjs');
