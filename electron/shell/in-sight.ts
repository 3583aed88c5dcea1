import process from 'node:process';
import type { BrowserWindow } from 'electron/main';
import { displayServer, isWaylandSession } from './display-server.ts';
import { unminimise } from './pages.ts';

/** Whether a window can be seen, and bringing it up without taking the keyboard, on each system. */

/** Its X id; Wayland and other systems have something else in there, which no X server knows. */
function xId(window: BrowserWindow): number {
  return window.getNativeWindowHandle().readUInt32LE(0);
}

/** A click on the tray takes the keyboard from the window a moment before it arrives, ms. */
const clickTakesFocusMs = 400;
const lostFocusAt = new WeakMap<BrowserWindow, number>();

/** Remembers when the window loses the keyboard. */
export function watchFocus(window: BrowserWindow): void {
  window.on('blur', () => lostFocusAt.set(window, performance.now()));
}

/** So long after a window came up by itself the window manager may have handed it the keyboard, ms. */
const handedFocusMs = 1_000;

/** Whether a person is at a window; a window manager that hands it the keyboard as it comes up is nobody. */
export interface Attention {
  /** A person works in it, or has just gone to it. */
  readonly isThere: () => boolean;
  /** It is about to come up because something happened. */
  readonly comesUp: () => void;
  /** A person asked for it. */
  readonly asked: () => void;
}

/** @param onThere a person has come to it, or begins to use the keyboard it was handed */
export function watchAttention(window: BrowserWindow, onThere: () => void): Attention {
  const { webContents } = window;
  let isThere = false;
  let cameUpAt = -Infinity;
  const come = (): void => {
    if (isThere || window.isDestroyed() || !window.isFocused()) return;
    isThere = true;
    onThere();
  };
  const leave = (): void => {
    isThere = false;
    webContents.off('input-event', come);
  };
  window.on('focus', () => {
    if (performance.now() - cameUpAt > handedFocusMs) come();
    else webContents.on('input-event', come);
  });
  window.on('blur', leave);
  window.on('hide', leave);
  return {
    isThere: () => isThere,
    comesUp: () => {
      if (!isThere) cameUpAt = performance.now();
    },
    asked: () => (cameUpAt = -Infinity),
  };
}

/** A window manager needs a moment to bring a window up, ms. */
const upByMs = 500;

/** How long a window that came up may take to be drawn, ms. */
const drawnByMs = 1000;
const drawn = 'new Promise((drawn) => requestAnimationFrame(() => drawn(true)))';

/**
 * A window on Wayland forgets that it was minimised with the next word from the compositor, and one that came back may
 * be left without frames. Whatever it says of itself, one that is not drawn is not in sight: it is shown once more.
 */
async function seeThatItIsDrawn(window: BrowserWindow, shows = 2): Promise<void> {
  const late = new Promise<false>((resolve) => setTimeout(resolve, drawnByMs, false));
  const page = window.webContents.executeJavaScript(drawn).catch(() => true);
  if (shows === 0 || (await Promise.race([page, late])) || window.isDestroyed()) return;
  if (!window.isVisible() || window.isMinimized()) return;
  window.hide();
  window.showInactive();
  await seeThatItIsDrawn(window, shows - 1);
}

/**
 * Shows the window, also a minimised or hidden one, and leaves the keyboard where it is. On Linux Electron cannot
 * bring a minimised one up that way: the X server can. Where that fails, rather the keyboard than nothing in sight.
 */
export function bringUp(window: BrowserWindow, platform = process.platform, server = displayServer()): void {
  if (server === 'wayland') {
    // Its own way, and no X server that could help.
    unminimise(window, 'wayland');
    if (!window.isVisible()) window.showInactive();
    void seeThatItIsDrawn(window);
    return;
  }
  const wasMinimised = window.isMinimized();
  if (!window.isVisible() || wasMinimised) window.showInactive();
  if (!wasMinimised || platform === 'win32') return;
  // Whoever minimises it once it is up means that.
  let isUp = false;
  window.once('restore', () => (isUp = true));
  const restore = (): void => {
    if (!isUp && !window.isDestroyed() && window.isMinimized()) window.restore();
  };
  if (platform === 'linux') {
    import('./x11.ts')
      .then(({ mapWithoutFocus }) => mapWithoutFocus(process.env, xId(window)))
      .then(() => setTimeout(restore, upByMs), restore);
  } else restore();
}

/** From another virtual desktop to the person's. */
export function toThisDesktop(window: BrowserWindow, platform = process.platform): void {
  // To be on all desktops no more is to be on the one in use; it changes nothing for a window that is there.
  if (platform === 'linux') window.setVisibleOnAllWorkspaces(false);
}

/** Whether a person sees all of a window that is shown, as far as the system can tell: else no. */
export async function isInSight(window: BrowserWindow, platform = process.platform): Promise<boolean> {
  if (window.isFocused()) return true;
  if (platform !== 'linux') {
    return performance.now() - (lostFocusAt.get(window) ?? -Infinity) < clickTakesFocusMs;
  }
  // The X server of a Wayland session knows only half of the windows.
  if (isWaylandSession({ platform, env: process.env })) return false;
  const { isUncovered } = await import('./x11.ts');
  return isUncovered(process.env, xId(window)).catch(() => false);
}
