import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../../../build/paths.mjs';

/** Small, or needed for the first window; Node's own are loaded by the runtime itself, or cost next to nothing. */
const AT_START = new Set([
  ...['electron/main', 'electron/common', 'zod', 'zustand/vanilla'],
  ...['child_process', 'crypto', 'fs', 'module', 'os', 'path', 'perf_hooks', 'process', 'util', 'vm'].map(
    (name) => `node:${name}`,
  ),
  'node:worker_threads',
]);
/** Words are part of every window; what they come with is up to `domain/words`. */
const OF_THE_WORDS = /^domain\/words\//;

/** An import of types alone leaves nothing behind. */
function isOfTypes(clause: string): boolean {
  const names = /^\{([^}]*)\}$/.exec(clause.trim())?.[1]?.split(',') ?? null;
  return names !== null && names.every((name) => name.trim() === '' || name.trim().startsWith('type '));
}

function importedBy(file: string): string[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const found = text.matchAll(/^(?:import|export)\s+(?!type\s)([^;'"]*?)\s*from\s+'([^']+)'/gm);
  return [...found].flatMap(([, clause = '', from = '']) => (isOfTypes(clause) ? [] : [from]));
}

/** Everything that is evaluated with a file: its imports, and theirs. */
function evaluatedWith(file: string, known = new Map<string, string>()): Map<string, string> {
  for (const from of importedBy(file)) {
    const isOurs = from.startsWith('.');
    const name = isOurs ? path.posix.join(path.posix.dirname(file), from) : from;
    if (known.has(name) || name.endsWith('.json')) continue;
    known.set(name, file);
    if (isOurs) evaluatedWith(name, known);
  }
  return known;
}

it('the first window waits for no package it does not need: each of them costs every start', () => {
  const evaluated = evaluatedWith('electron/main.ts');
  expect(evaluated.has('electron/shell/widget-window.ts')).toBe(true);
  const tooMuch = [...evaluated].filter(
    ([name, by]) => !/\.ts$/.test(name) && !AT_START.has(name) && !OF_THE_WORDS.test(by),
  );
  expect(Object.fromEntries(tooMuch)).toEqual({});
});

it('nor for a room that can come after it', () => {
  const evaluated = evaluatedWith('electron/main.ts');
  const rooms = [
    'feed',
    'outbox',
    'handlers/widget',
    'database',
    'program/services',
    'shell/tray',
    'shell/notifications',
  ];
  const tooEarly = [...evaluated.keys()].filter((name) =>
    rooms.some((room) => name.startsWith(`electron/${room}`)),
  );
  expect(tooEarly).toEqual([]);
});
