import { describe, expect, it, vi } from 'vitest';
import {
  displayServer,
  isWaylandSession,
  type Surroundings,
} from '../../../electron/shell/display-server.ts';

vi.mock('electron/main', () => ({ app: {} }));

const around = (changed: Partial<Surroundings>): Surroundings => ({
  platform: 'linux',
  env: { DISPLAY: ':0' },
  ozonePlatform: '',
  electron: '33.2.1',
  ...changed,
});
const wayland = { DISPLAY: ':0', WAYLAND_DISPLAY: 'wayland-0' };

describe('which display server shows the windows', () => {
  it.each([
    ['the older runtime takes X11, also on Wayland', { env: wayland }, 'x11'],
    ['the current one takes Wayland where it is', { env: wayland, electron: '45.0.0' }, 'wayland'],
    ['and X11 where it is not', { electron: '45.0.0' }, 'x11'],
    ['a switch decides', { env: wayland, electron: '45.0.0', ozonePlatform: 'x11' }, 'x11'],
    ['a switch decides', { ozonePlatform: 'headless' }, 'headless'],
    ['elsewhere there is no choice', { platform: 'win32', ozonePlatform: 'x11' }, 'system'],
  ] as const)('%s', (_case, changed, server) => {
    expect(displayServer(around(changed))).toBe(server);
  });
});

describe('whether a Wayland compositor is in charge', () => {
  it.each([
    [wayland, true],
    [{ XDG_SESSION_TYPE: 'wayland' }, true],
    [{ DISPLAY: ':0', XDG_SESSION_TYPE: 'x11', WAYLAND_DISPLAY: '' }, false],
  ])('%j: %s', (env, is) => {
    expect(isWaylandSession({ platform: 'linux', env })).toBe(is);
    expect(isWaylandSession({ platform: 'darwin', env })).toBe(false);
  });
});
