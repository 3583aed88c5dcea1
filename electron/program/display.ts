import { app } from 'electron/main';

/** On Linux there may be no screen at all, and nobody said how to do without one. */
export function lacksDisplay(): boolean {
  const { DISPLAY: x11, WAYLAND_DISPLAY: wayland } = process.env;
  return process.platform === 'linux' && !x11 && !wayland && !app.commandLine.hasSwitch('ozone-platform');
}
