import process from 'node:process';
import type { BrowserWindow } from 'electron/main';
import { isWaylandSession } from './display-server.ts';
import { displayServer } from './display-server.ts';
import { unminimise } from './pages.ts';
import { isUncovered, mapWithoutFocus } from './x11.ts';

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

/** A window manager needs a moment to bring a window up, ms. */
const upByMs = 500;

/**
 * Shows the window, also a minimised or hidden one, and leaves the keyboard where it is. On Linux Electron cannot
 * bring a minimised one up that way: the X server can. Where that fails, rather the keyboard than nothing in sight.
 */
export function bringUp(window: BrowserWindow, platform = process.platform): void {
  // Its own way, and no X server that could help.
  if (displayServer() === 'wayland') unminimise(window, 'wayland');
  const wasMinimised = window.isMinimized();
  if (!window.isVisible() || wasMinimised) window.showInactive();
  if (!wasMinimised || platform === 'win32') return;
  const restore = (): void => {
    if (!window.isDestroyed() && window.isMinimized()) window.restore();
  };
  if (platform === 'linux') {
    mapWithoutFocus(process.env, xId(window)).then(() => setTimeout(restore, upByMs), restore);
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
  return isUncovered(process.env, xId(window)).catch(() => false);
}
