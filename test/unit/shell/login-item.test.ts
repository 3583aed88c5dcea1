import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { autostartEntry, autostartFolder, setStartAtLogin } from '../../../electron/shell/login-item.ts';

const system = vi.hoisted(() => ({ asked: [] as unknown[] }));
vi.mock('electron/main', () => ({
  app: { setLoginItemSettings: (wanted: unknown) => system.asked.push(wanted) },
}));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'login-item-'));
  vi.stubEnv('XDG_CONFIG_HOME', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const program = { executable: '/opt/Share light/sharelight', args: ['--user-data-dir', '/home/a b'] };

it('a Linux desktop gets a file that starts it in the tray, and loses it again', () => {
  const file = path.join(folder, 'autostart', 'sharelight.desktop');
  expect(setStartAtLogin(true, program, 'linux')).toMatchObject({ ok: true });
  expect(readFileSync(file, 'utf8')).toContain(
    'Exec="/opt/Share light/sharelight" "--user-data-dir" "/home/a b" "--hidden"\n',
  );
  expect(setStartAtLogin(false, program, 'linux')).toMatchObject({ ok: true });
  expect(existsSync(file)).toBe(false);
  expect(setStartAtLogin(false, program, 'linux')).toMatchObject({ ok: true });
});

it('no sign in a path means anything there', () => {
  expect(autostartEntry({ executable: '/a"b$c%d\\e', args: [] })).toContain(
    'Exec="/a\\\\"b\\\\$c%%d\\\\\\\\e" "--hidden"\n',
  );
});

it('the folder is the configured one, or the usual', () => {
  expect(autostartFolder({}, '/people/a')).toBe('/people/a/.config/autostart');
  expect(autostartFolder({ XDG_CONFIG_HOME: 'relative' }, '/people/a')).toBe('/people/a/.config/autostart');
});

it.each(['win32', 'darwin'] as const)('%s is asked', (platform) => {
  system.asked = [];
  expect(setStartAtLogin(true, program, platform)).toMatchObject({ ok: true });
  expect(system.asked).toEqual([
    { openAtLogin: true, path: program.executable, args: [...program.args, '--hidden'] },
  ]);
});
