import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openPreferences } from '../../../electron/shell/preferences.ts';
import { makePrivate } from '../../../electron/shell/private-files.ts';

// Outside Electron its package is only the path of a program.
vi.mock('electron', () => ({ default: {} }));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sharelight-private-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const at = (...names: string[]): string => path.join(folder, ...names);
const modeOf = (place: string): number => statSync(place).mode & 0o777;

it('what is there already is taken from others, and what comes is its owner’s', () => {
  mkdirSync(at('logs'), { mode: 0o755 });
  writeFileSync(at('logs', 'main.log'), 'old');
  chmodSync(at('logs', 'main.log'), 0o664);
  makePrivate(at('logs'), ['main.log', 'main.old.log']);
  expect([modeOf(at('logs')), modeOf(at('logs', 'main.log'))]).toEqual([0o700, 0o600]);
  makePrivate(at('other'), []);
  expect(modeOf(at('other'))).toBe(0o700);
});

it('links are not followed', () => {
  writeFileSync(at('elsewhere'), '');
  chmodSync(at('elsewhere'), 0o644);
  symlinkSync(at('elsewhere'), at('main.log'));
  makePrivate(folder, ['main.log']);
  expect([modeOf(at('elsewhere')), lstatSync(at('main.log')).isSymbolicLink()]).toEqual([0o644, true]);
});

it('preferences are their owner’s, as they are found and as they are written', async () => {
  writeFileSync(at('preferences.json'), '{}');
  chmodSync(at('preferences.json'), 0o644);
  const preferences = openPreferences(folder, new Date(0));
  expect(modeOf(at('preferences.json'))).toBe(0o600);
  preferences.set({ toldAboutTray: true });
  await preferences.settled();
  expect(modeOf(at('preferences.json'))).toBe(0o600);
});
