import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Script } from 'node:vm';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../../../build/paths.mjs';
import { entryBuild } from '../../../build/vite/builds.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sharelight-entry-'));
  await build({ ...entryBuild(ROOT, folder), logLevel: 'error' });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const words = (said: string): string =>
  `const late = () => Promise.resolve().then(() => require('./program-late.cjs'));
   late().then(({ say }) => say('${said}'));`;
const head = '(function (exports, require, module, __filename, __dirname) {';
const compiled = (text: string): Buffer => new Script(`${head}${text}\n})`).createCachedData();
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** What the program says when it is started by the built entry, in a plain Node: the engine is the same. */
function said(text: string, kept: Buffer | null): string {
  writeFileSync(path.join(folder, 'program.cjs'), text);
  writeFileSync(
    path.join(folder, 'program-late.cjs'),
    'exports.say = (words) => console.log(words, __filename);',
  );
  rmSync(path.join(folder, 'program.cjs.compiled'), { force: true });
  if (kept) writeFileSync(path.join(folder, 'program.cjs.compiled'), kept);
  return execFileSync(process.execPath, [path.join(folder, 'main.cjs')], { encoding: 'utf8' });
}

it('the program runs from its files, each loaded when it is asked for', () => {
  expect(said(words('one'), null)).toBe(`one ${path.join(folder, 'program-late.cjs')}\n`);
});

it('compiled code is used for its own text, and for no other of the same length', () => {
  const [one, two] = [words('one'), words('two')];
  expect(said(one, Buffer.concat([digestOf(one), compiled(one)]))).toMatch(/^one /);
  expect(said(one, Buffer.concat([digestOf(two), compiled(two)]))).toMatch(/^one /);
});

it.each([
  ['cut off', (kept: Buffer) => kept.subarray(0, 20)],
  ['of another engine', (kept: Buffer) => Buffer.concat([kept.subarray(0, 32), Buffer.alloc(500, 7)])],
])('compiled code that is %s is passed over', (_what, damage) => {
  const text = words('one');
  expect(said(text, damage(Buffer.concat([digestOf(text), compiled(text)])))).toMatch(/^one /);
});
