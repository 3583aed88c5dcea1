import { app } from 'electron/main';

/** What shows our windows; `system` on Windows and macOS, where there is no choice. */
export type DisplayServer = 'x11' | 'wayland' | 'headless' | 'system';

/** What of the surroundings says which display servers there are. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** The runtime's `--ozone-platform`, given or chosen by itself; '' without one. */
  readonly ozonePlatform: string;
  /** The runtime's version: `33.2.1`. */
  readonly electron: string;
}

export function surroundings(): Surroundings {
  return {
    platform: process.platform,
    env: process.env,
    ozonePlatform: app.commandLine.getSwitchValue('ozone-platform'),
    electron: process.versions.electron,
  };
}

/**
 * Whether a Wayland compositor is in charge of this session: also of windows that reach it through XWayland. There
 * no program gets a key pressed in another, whatever its registration says.
 */
export function isWaylandSession({ platform, env }: Pick<Surroundings, 'platform' | 'env'>): boolean {
  if (platform !== 'linux') return false;
  return Boolean(env['WAYLAND_DISPLAY']) || env['XDG_SESSION_TYPE'] === 'wayland';
}

/** The display server the browser engine works with in this process. */
export function displayServer(around: Surroundings = surroundings()): DisplayServer {
  if (around.platform !== 'linux') return 'system';
  switch (around.ozonePlatform) {
    case 'x11':
    case 'wayland':
    case 'headless':
      return around.ozonePlatform;
    default:
      // Electron 38 turned the default around.
      return Number.parseInt(around.electron, 10) >= 38 && isWaylandSession(around) ? 'wayland' : 'x11';
  }
}
