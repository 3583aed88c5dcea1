import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Verb } from '../../../domain/hand-over.ts';
import type { Task } from '../../../electron/program/command-line.ts';
import { chooseDisplay, runAgainOn } from '../../../electron/program/display-choice.ts';

vi.mock('electron/main', () => ({ app: {} }));

const verify: Task = { kind: 'verify' };
const diagnostics: Task = { kind: 'diagnostics', file: 'report.md' };
const xwayland = { DISPLAY: ':0', WAYLAND_DISPLAY: 'wayland-0', XDG_SESSION_TYPE: 'wayland' };
const waylandOnly = { WAYLAND_DISPLAY: 'wayland-0' };
const older = '33.2.1';
const current = '45.0.0';

/** Both servers answer where their variable names one, unless `dead` has it. */
function choice({
  task = null,
  verb = null,
  args = [],
  env = {},
  electron = older,
  ozonePlatform = '',
  dead = [],
  platform = 'linux',
}: {
  task?: Task | null;
  verb?: Verb | null;
  args?: string[];
  env?: NodeJS.ProcessEnv;
  electron?: string;
  ozonePlatform?: string;
  dead?: string[];
  platform?: NodeJS.Platform;
}): string {
  const has = (name: string): boolean => Boolean(env[name]) && !dead.includes(name);
  const chosen = chooseDisplay(
    { task, verb },
    args,
    { platform, env, electron, ozonePlatform },
    {
      answering: () => ({ x11: has('DISPLAY'), wayland: has('WAYLAND_DISPLAY') }),
      isPlainX11: () => env['XDG_SESSION_TYPE'] === 'x11' && has('DISPLAY'),
    },
  );
  return chosen.kind === 'startAgain' ? chosen.server : chosen.kind;
}

describe('the display server for a window', () => {
  it.each([
    ['an X11 desktop', { env: { DISPLAY: ':0', XDG_SESSION_TYPE: 'x11' } }, 'goOn', 'goOn'],
    ['X11 from elsewhere', { env: { DISPLAY: 'localhost:10.0' } }, 'goOn', 'goOn'],
    ['Wayland with XWayland: the current runtime would not take it', { env: xwayland }, 'goOn', 'x11'],
    ['Wayland alone: the older runtime would not take it', { env: waylandOnly }, 'wayland', 'goOn'],
    ['Wayland with XWayland that does not answer', { env: xwayland, dead: ['DISPLAY'] }, 'wayland', 'goOn'],
    ['nothing at all', {}, 'noDisplay', 'noDisplay'],
    ['a dead X server', { env: { DISPLAY: ':7' }, dead: ['DISPLAY'] }, 'noDisplay', 'noDisplay'],
    ['both dead', { env: xwayland, dead: ['DISPLAY', 'WAYLAND_DISPLAY'] }, 'noDisplay', 'noDisplay'],
    ['Windows', { platform: 'win32' as const }, 'goOn', 'goOn'],
  ])('%s', (_case, around, onOlder, onCurrent) => {
    expect(choice({ ...around, electron: older })).toBe(onOlder);
    expect(choice({ ...around, electron: current })).toBe(onCurrent);
  });

  it('is none where something is only handed over, unless the engine has one for nothing', () => {
    expect(choice({ verb: 'answer', env: {} })).toBe('headless');
    expect(choice({ verb: 'answer', env: xwayland, ozonePlatform: 'wayland', electron: current })).toBe(
      'headless',
    );
    expect(choice({ verb: 'show', env: { DISPLAY: ':0', XDG_SESSION_TYPE: 'x11' } })).toBe('goOn');
  });

  it('leaves the choice of the person alone', () => {
    const native = { env: xwayland, ozonePlatform: 'wayland' };
    expect(choice({ ...native, args: ['--ozone-platform=wayland'] })).toBe('goOn');
    expect(choice({ ...native, args: ['--ozone-platform-hint=wayland'] })).toBe('goOn');
    expect(choice({ ...native, env: { ...xwayland, ELECTRON_OZONE_PLATFORM_HINT: 'wayland' } })).toBe('goOn');
    expect(choice({ task: verify, args: ['--ozone-platform=x11'], env: xwayland })).toBe('goOn');
  });

  it('takes “auto” for no choice: many set it for all programs', () => {
    const native = { env: xwayland, ozonePlatform: 'wayland' };
    expect(choice({ ...native, args: ['--ozone-platform-hint=auto'] })).toBe('x11');
    expect(choice({ ...native, env: { ...xwayland, ELECTRON_OZONE_PLATFORM_HINT: 'auto' } })).toBe('x11');
  });
});

describe('the display server for a task', () => {
  it('is none, whether there is one or not', () => {
    for (const env of [{}, { DISPLAY: ':0', XDG_SESSION_TYPE: 'x11' }, xwayland, waylandOnly]) {
      for (const electron of [older, current])
        expect(choice({ task: verify, env, electron })).toBe('headless');
    }
    expect(choice({ task: verify, platform: 'darwin' })).toBe('goOn');
  });

  it('is the one that diagnostics describe, where it answers', () => {
    expect(choice({ task: diagnostics, env: { DISPLAY: ':0' } })).toBe('goOn');
    expect(choice({ task: diagnostics, env: { DISPLAY: ':0' }, dead: ['DISPLAY'] })).toBe('headless');
    expect(choice({ task: diagnostics })).toBe('headless');
  });
});

describe('running the program again', () => {
  /** Stands in for the runtime: writes down what it was given. */
  const runtime = (folder: string, ending: string): string => {
    const file = join(folder, 'runtime');
    writeFileSync(file, `#!/bin/sh\necho "$DISPLAY|$*" > '${folder}/given'\n${ending}\n`, { mode: 0o700 });
    return file;
  };
  const env = { PATH: process.env['PATH'], DISPLAY: ':7' };

  it('hands over the switch, the arguments and the exit code', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sharelight-again-'));
    const given = (): string => readFileSync(join(folder, 'given'), 'utf8');
    expect(runAgainOn('x11', runtime(folder, 'exit 3'), ['.', '--hidden'], env)).toBe(3);
    expect(given()).toBe(':7|--ozone-platform=x11 . --hidden\n');
    expect(runAgainOn('headless', runtime(folder, 'kill -TERM $$'), ['.'], env)).toBe(143);
    expect(given()).toBe('|--ozone-platform=headless .\n');
    rmSync(folder, { recursive: true });
  });

  it('does without the tool that ties it to us, and fails where there is nothing to run', () => {
    expect(runAgainOn('x11', '/bin/true', [], { PATH: '/nowhere' })).toBe(0);
    expect(() => runAgainOn('x11', '/nowhere/electron', [], { PATH: '/nowhere' })).toThrow('ENOENT');
  });
});
