import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron/main';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  bringUp,
  isInSight,
  toThisDesktop,
  watchAttention,
  watchFocus,
} from '../../../electron/shell/in-sight.ts';

const x11 = vi.hoisted(() => ({ mapWithoutFocus: vi.fn(), isUncovered: vi.fn() }));
vi.mock('../../../electron/shell/x11.ts', () => x11);
vi.mock('electron/main', () => ({ app: { commandLine: { getSwitchValue: () => '' } } }));

/** A window as Electron has it: `showInactive` does not restore a minimised one, except on Windows. */
function windowThat({ minimised = false, visible = true, focused = false, draws = [true] }) {
  const calls: string[] = [];
  let isMinimised = minimised;
  let isVisible = visible;
  let onBlur = (): void => undefined;
  let onRestore = (): void => undefined;
  const window = {
    on: (_event: 'blur', listener: () => void) => {
      onBlur = listener;
    },
    once: (_event: 'restore', listener: () => void) => {
      onRestore = listener;
    },
    isMinimized: () => isMinimised,
    isVisible: () => isVisible,
    isFocused: () => focused,
    isDestroyed: () => false,
    showInactive: () => {
      isVisible = true;
      calls.push('showInactive');
    },
    hide: () => {
      isVisible = false;
      calls.push('hide');
    },
    webContents: {
      executeJavaScript: () =>
        draws.shift() === false ? new Promise(() => undefined) : Promise.resolve(true),
    },
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
    restored: () => {
      isMinimised = false;
      onRestore();
    },
    minimise: () => (isMinimised = true),
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
    await vi.waitFor(() => expect(x11.mapWithoutFocus).toHaveBeenCalled());
    expect(x11.mapWithoutFocus).toHaveBeenCalledWith(process.env, 0x200004);
    restored();
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls).toEqual(['showInactive']);
  });

  it('leaves it down when it is minimised again before we look', async () => {
    const { window, calls, restored, minimise } = windowThat({ minimised: true });
    bringUp(window, 'linux');
    await vi.waitFor(() => expect(x11.mapWithoutFocus).toHaveBeenCalled());
    restored();
    minimise();
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

  it('shows one again on Wayland that comes back and is not drawn', async () => {
    const drawn = windowThat({ minimised: true });
    bringUp(drawn.window, 'linux', 'wayland');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(drawn.calls).toEqual(['hide', 'restore', 'showInactive']);
    const once = windowThat({ visible: false, draws: [false, true] });
    bringUp(once.window, 'linux', 'wayland');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(once.calls).toEqual(['showInactive', 'hide', 'showInactive']);
    const never = windowThat({ visible: false, draws: [false, false, false] });
    bringUp(never.window, 'linux', 'wayland');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(never.calls.filter((call) => call === 'hide')).toHaveLength(2);
    const forgetful = windowThat({ draws: [false, true] });
    bringUp(forgetful.window, 'linux', 'wayland');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(forgetful.calls).toEqual(['hide', 'showInactive']);
    const up = windowThat({});
    bringUp(up.window, 'linux', 'wayland');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(up.calls).toEqual([]);
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

describe('whether a person is at the window', () => {
  function watched() {
    const webContents = new EventEmitter();
    const window = Object.assign(new EventEmitter(), {
      webContents,
      isFocused: () => isFocused,
      isDestroyed: () => false,
    });
    let isFocused = false;
    const onThere = vi.fn();
    const attention = watchAttention(window as unknown as BrowserWindow, onThere);
    return {
      attention,
      onThere,
      focus: () => {
        isFocused = true;
        window.emit('focus');
      },
      leave: (how: 'blur' | 'hide') => {
        isFocused = false;
        window.emit(how);
      },
      input: () => webContents.emit('input-event'),
    };
  }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(['blur', 'hide'] as const)('from the focus to the %s', (how) => {
    const { attention, onThere, focus, leave } = watched();
    expect(attention.isThere()).toBe(false);
    focus();
    expect(attention.isThere()).toBe(true);
    expect(onThere).toHaveBeenCalledTimes(1);
    leave(how);
    expect(attention.isThere()).toBe(false);
  });

  it('not when the window manager hands it the keyboard as it comes up, until it is used', () => {
    const { attention, onThere, focus, input, leave } = watched();
    attention.comesUp();
    vi.advanceTimersByTime(900);
    focus();
    expect(attention.isThere()).toBe(false);
    input();
    input();
    expect(attention.isThere()).toBe(true);
    expect(onThere).toHaveBeenCalledTimes(1);
    leave('blur');
    input();
    expect(attention.isThere()).toBe(false);
  });

  it('when the focus comes later, when a person asked for it, and all along where one was there', () => {
    const late = watched();
    late.attention.comesUp();
    vi.advanceTimersByTime(1_001);
    late.focus();
    expect(late.attention.isThere()).toBe(true);

    const asked = watched();
    asked.attention.comesUp();
    asked.attention.asked();
    asked.focus();
    expect(asked.attention.isThere()).toBe(true);

    asked.attention.comesUp();
    expect(asked.attention.isThere()).toBe(true);
  });
});
