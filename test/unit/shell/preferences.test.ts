import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultStopKey } from '../../../domain/settings.ts';
import { openPreferences, ownSettings, readPreferences } from '../../../electron/shell/preferences.ts';

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

it('are read as they were written, and only looking makes nothing', () => {
  expect(readPreferences(folder)).toMatchObject({ kind: 'read', preferences: { account: null } });
  expect(readdirSync(folder)).toEqual([]);
  const account = { id: 'ana', name: 'Ana' };
  openPreferences(folder, new Date(0)).set({ account, theme: 'dark' });
  expect(readPreferences(folder)).toMatchObject({ kind: 'read', preferences: { account, theme: 'dark' } });
});

it.each([
  ['cut off', '{ "account": '],
  ['empty', ''],
  ['of another kind', '{ "theme": "pink" }'],
])('that are %s are unreadable, and stay for the next start to set aside', (_what, text) => {
  writeFileSync(file(), text);
  expect(readPreferences(folder)).toEqual({ kind: 'unreadable', file: file() });
  expect(readFileSync(file(), 'utf8')).toBe(text);
  const { setAside } = openPreferences(folder, new Date(0));
  expect(readFileSync(setAside ?? '', 'utf8')).toBe(text);
});

describe('a stored stop key', () => {
  const former = 'CommandOrControl+Shift+S';

  it('that was the default is today’s, which is said once', () => {
    writeFileSync(file(), JSON.stringify({ stopKey: former, theme: 'dark' }));
    const first = openPreferences(folder, new Date(0));
    expect(first.stopKeyMoved).toBe(true);
    expect(ownSettings(first.get())).toMatchObject({ stopKey: defaultStopKey, theme: 'dark' });
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({ theme: 'dark' });
    expect(openPreferences(folder, new Date(0)).stopKeyMoved).toBe(false);
  });

  it('that somebody chose since is kept', () => {
    openPreferences(folder, new Date(0)).set({ stopKey: former });
    const later = openPreferences(folder, new Date(0));
    expect(later.stopKeyMoved).toBe(false);
    expect(ownSettings(later.get()).stopKey).toBe(former);
  });

  it.each(['F9', null])('of another kind (%s) stays', (stopKey) => {
    writeFileSync(file(), JSON.stringify({ stopKey }));
    const preferences = openPreferences(folder, new Date(0));
    expect(preferences.stopKeyMoved).toBe(false);
    expect(ownSettings(preferences.get()).stopKey).toBe(stopKey);
  });
});
