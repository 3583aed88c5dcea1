import type { BrowserWindow } from 'electron/main';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bringUp, isInSight, toThisDesktop, watchFocus } from '../../../electron/shell/in-sight.ts';

const x11 = vi.hoisted(() => ({ mapWithoutFocus: vi.fn(), isUncovered: vi.fn() }));
vi.mock('../../../electron/shell/x11.ts', () => x11);
vi.mock('electron/main', () => ({ app: { commandLine: { getSwitchValue: () => '' } } }));

/** A window as Electron has it: `showInactive` does not restore a minimised one, except on Windows. */
function windowThat({ minimised = false, visible = true, focused = false }) {
  const calls: string[] = [];
  let isMinimised = minimised;
  let onBlur = (): void => undefined;
  const window = {
    on: (_event: 'blur', listener: () => void) => {
      onBlur = listener;
    },
    isMinimized: () => isMinimised,
    isVisible: () => visible,
    isFocused: () => focused,
    isDestroyed: () => false,
    showInactive: () => calls.push('showInactive'),
    restore: () => {
      calls.push('restore');
      isMinimised = false;
    },
    setVisibleOnAllWorkspaces: (all: boolean) => calls.push(`all ${String(all)}`),
    getNativeWindowHandle: () => Buffer.from([4, 0, 32, 0, 0, 0, 0, 0]),
  } as unknown as BrowserWindow;
  return {
    window,
    calls,
    restored: () => (isMinimised = false),
    blur: () => {
      onBlur();
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv('WAYLAND_DISPLAY', '');
  vi.stubEnv('XDG_SESSION_TYPE', 'x11');
  x11.mapWithoutFocus.mockReset().mockResolvedValue(undefined);
  x11.isUncovered.mockReset().mockResolvedValue(true);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('bringing a window up without the keyboard', () => {
  it('leaves one alone that is up, and shows a hidden one', () => {
    const up = windowThat({});
    bringUp(up.window, 'linux');
    expect(up.calls).toEqual([]);
    const hidden = windowThat({ visible: false });
    bringUp(hidden.window, 'linux');
    expect(hidden.calls).toEqual(['showInactive']);
    expect(x11.mapWithoutFocus).not.toHaveBeenCalled();
  });

  it('asks the X server for a minimised one, by its X id', async () => {
    const { window, calls, restored } = windowThat({ minimised: true });
    bringUp(window, 'linux');
    expect(x11.mapWithoutFocus).toHaveBeenCalledWith(process.env, 0x200004);
    restored();
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls).toEqual(['showInactive']);
  });

  it.each([
    ['that is not there', () => x11.mapWithoutFocus.mockRejectedValue(new Error('There is no X display.'))],
    ['that does nothing', () => undefined],
  ])('rather takes the keyboard than stays down, with an X server %s', async (_what, be) => {
    be();
    const { window, calls } = windowThat({ minimised: true });
    bringUp(window, 'linux');
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls).toEqual(['showInactive', 'restore']);
  });

  it('restores it on macOS; on Windows showing it is enough', () => {
    const mac = windowThat({ minimised: true });
    bringUp(mac.window, 'darwin');
    expect(mac.calls).toEqual(['showInactive', 'restore']);
    const windows = windowThat({ minimised: true });
    bringUp(windows.window, 'win32');
    expect(windows.calls).toEqual(['showInactive']);
  });

  it('brings it to the desktop in use where Electron can', () => {
    const linux = windowThat({});
    toThisDesktop(linux.window, 'linux');
    expect(linux.calls).toEqual(['all false']);
    const mac = windowThat({});
    toThisDesktop(mac.window, 'darwin');
    expect(mac.calls).toEqual([]);
  });
});

describe('whether a window is in sight', () => {
  it('is so with the keyboard in it', async () => {
    expect(await isInSight(windowThat({ focused: true }).window, 'linux')).toBe(true);
    expect(await isInSight(windowThat({ focused: true }).window, 'win32')).toBe(true);
  });

  it('is what the X server says, and else not so', async () => {
    const { window } = windowThat({});
    expect(await isInSight(window, 'linux')).toBe(true);
    x11.isUncovered.mockResolvedValue(false);
    expect(await isInSight(window, 'linux')).toBe(false);
    x11.isUncovered.mockRejectedValue(new Error('gone'));
    expect(await isInSight(window, 'linux')).toBe(false);
    x11.isUncovered.mockResolvedValue(true);
    vi.stubEnv('WAYLAND_DISPLAY', 'wayland-0');
    expect(await isInSight(window, 'linux')).toBe(false);
  });

  it('is so elsewhere when the click on the tray itself took the keyboard', async () => {
    const { window, blur } = windowThat({});
    watchFocus(window);
    expect(await isInSight(window, 'win32')).toBe(false);
    blur();
    expect(await isInSight(window, 'win32')).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await isInSight(window, 'win32')).toBe(false);
  });
});
