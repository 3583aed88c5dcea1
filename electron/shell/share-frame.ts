import { BaseWindow, screen, type Rectangle } from 'electron/main';
import type { AppState, StateSource } from '../../domain/state.ts';
import { displayServer } from './display-server.ts';

interface FrameParts {
  readonly source: StateSource;
  /** The colour of being on air in the theme in use, `#rrggbb`. */
  readonly colour?: string;
}

/** CSS px. */
const thickness = 5;
const onAirColour = '#e0262b';

/** The four edges of a display, inside its bounds: they meet and do not overlap. */
export function edgesOf({ x, y, width, height }: Rectangle): readonly Rectangle[] {
  const between = { y: y + thickness, height: Math.max(0, height - 2 * thickness), width: thickness };
  return [
    { x, y, width, height: thickness },
    { x, y: y + height - thickness, width, height: thickness },
    { x, ...between },
    { x: x + width - thickness, ...between },
  ];
}

/** Nobody can click on it, and it takes no keyboard. It has no page. */
function edge(bounds: Rectangle, backgroundColor: string): BaseWindow {
  const window = new BaseWindow({
    ...bounds,
    show: false,
    frame: false,
    roundedCorners: false,
    hasShadow: false,
    resizable: false,
    movable: false,
    minimizable: false,
    maximizable: false,
    focusable: false,
    skipTaskbar: true,
    type: process.platform === 'linux' ? 'notification' : 'panel',
    backgroundColor,
  });
  window.setIgnoreMouseEvents(true);
  // Where the system can: on Linux it does nothing.
  window.setContentProtection(true);
  window.setAlwaysOnTop(true, 'screen-saver');
  window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true, skipTransformProcessType: true });
  window.showInactive();
  // As on some systems it is lost with being hidden.
  window.setContentProtection(true);
  return window;
}

/** Whether there is to be one now. */
function wantsFrame({ status, settings }: Pick<AppState, 'status' | 'settings'>): boolean {
  return settings.values.shareFrame && status.phase === 'sharing';
}

/**
 * While the screen is shared, a frame around every display: which of them is shared only the browser knows. A Wayland
 * compositor lets no program put one there. Returns its stop.
 */
export function startShareFrame({ source, colour = onAirColour }: FrameParts): () => void {
  let edges: readonly BaseWindow[] = [];

  function remove(): void {
    for (const window of edges) if (!window.isDestroyed()) window.destroy();
    edges = [];
  }
  function draw(): void {
    remove();
    edges = screen
      .getAllDisplays()
      .flatMap(({ bounds }) => edgesOf(bounds).map((each) => edge(each, colour)));
  }
  function follow(): void {
    const wanted = wantsFrame(source.getState()) && displayServer() !== 'wayland';
    if (wanted === edges.length > 0) return;
    if (wanted) draw();
    else remove();
  }
  function redraw(): void {
    if (edges.length > 0) draw();
  }

  const events = ['display-added', 'display-removed', 'display-metrics-changed'] as const;
  for (const event of events) screen.on(event as 'display-added', redraw);
  const unsubscribe = source.subscribe(follow);
  follow();
  return () => {
    unsubscribe();
    for (const event of events) screen.off(event as 'display-added', redraw);
    remove();
  };
}
