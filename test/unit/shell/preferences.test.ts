import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openPreferences, readPreferences } from '../../../electron/shell/preferences.ts';

// Outside Electron its package is only the path of a program.
vi.mock('electron', () => ({ default: {} }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sharelight-preferences-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const file = (): string => path.join(folder, 'preferences.json');

it('are read as they were written, and only looking makes nothing', async () => {
  expect(readPreferences(folder)).toMatchObject({ kind: 'read', preferences: { account: null } });
  expect(readdirSync(folder)).toEqual([]);
  const account = { id: 'ana', name: 'Ana' };
  const preferences = openPreferences(folder, new Date(0));
  preferences.set({ account, theme: 'dark' });
  expect(preferences.get()).toMatchObject({ account, theme: 'dark' });
  // A start has no time for it.
  expect(readdirSync(folder)).toEqual([]);
  await preferences.settled();
  expect(readPreferences(folder)).toMatchObject({ kind: 'read', preferences: { account, theme: 'dark' } });
});

it.each([
  ['cut off', '{ "account": '],
  ['empty', ''],
  ['nothing', 'null'],
  ['of another kind', '{ "theme": "pink" }'],
])('that are %s are unreadable, and stay for the next start to set aside', (_what, text) => {
  writeFileSync(file(), text);
  expect(readPreferences(folder)).toEqual({ kind: 'unreadable', file: file() });
  expect(readFileSync(file(), 'utf8')).toBe(text);
  const { setAside } = openPreferences(folder, new Date(0));
  expect(readFileSync(setAside ?? '', 'utf8')).toBe(text);
});
