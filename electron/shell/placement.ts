import { screen, type BrowserWindow, type Display, type Rectangle } from 'electron/main';
import { isWaylandSession } from './display-server.ts';
import type { Place } from './preferences.ts';

/** Where windows lie while displays come and go: always inside a display that is there. */

export type Screen = Pick<Display, 'id' | 'bounds' | 'workArea'>;

/** How many layouts of displays are remembered: at the desk, in the meeting room, at home … */
const layoutsKept = 12;
/** Distance to the edges, CSS px. */
export const margin = 16;
/** A drag without a step for this long, in ms, has ended. */
const settledMs = 300;
/** So many places that we put a window at may still be on their way to us. */
const ownPlacesKept = 8;
/** A compositor has placed a window that was shown so long ago, in ms. */
const placingMs = 1000;
/** Displays change in several steps; window managers move windows up to this long after one, in ms. */
const firstLookMs = 150;
const lastLookMs = 1200;

/** Names a set of displays by where they are: display ids change when one is plugged in again. */
export function layoutOf(screens: readonly Screen[]): string {
  return screens
    .map(({ bounds: { x, y, width, height } }) => `${width}x${height}+${x}+${y}`)
    .sort()
    .join(' ');
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, Math.max(low, high)));
}

/** Moved into the area by the shortest way, and shrunk where it is larger. */
export function inside(bounds: Rectangle, area: Rectangle): Rectangle {
  const width = Math.min(bounds.width, area.width);
  const height = Math.min(bounds.height, area.height);
  return {
    x: clamp(bounds.x, area.x, area.x + area.width - width),
    y: clamp(bounds.y, area.y, area.y + area.height - height),
    width,
    height,
  };
}

function common(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart);
}

/** How much two rectangles share, in square px; negative, and more so with their distance, when nothing. */
function closeness(one: Rectangle, other: Rectangle): number {
  const x = common(one.x, one.width, other.x, other.width);
  const y = common(one.y, one.height, other.y, other.height);
  return x > 0 && y > 0 ? x * y : Math.min(x, 0) + Math.min(y, 0);
}

/** Inside the work area of the display that shows most of it, or is nearest. */
export function insideAny(bounds: Rectangle, screens: readonly Screen[]): Rectangle {
  const [first, ...others] = screens;
  if (!first) return bounds;
  const nearest = others.reduce(
    (best, each) => (closeness(bounds, each.bounds) > closeness(bounds, best.bounds) ? each : best),
    first,
  );
  return inside(bounds, nearest.workArea);
}

/** A window that shows its content at the designed size, CSS px. */
export interface Design {
  readonly width: number;
  readonly height: number;
  readonly minWidth: number;
  readonly minHeight: number;
}

/**
 * How large a window opens, and how small it may be made: larger with larger text, never more than the work area.
 * @param zoom 1 is the designed size
 */
export function openingSize(design: Design, zoom: number, area: Rectangle): Design {
  const width = (wanted: number): number => Math.min(Math.round(wanted), area.width);
  const height = (wanted: number): number => Math.min(Math.round(wanted), area.height);
  return {
    width: width(design.width * zoom),
    height: height(design.height * zoom),
    // Larger text does not need more room at least: the pages put things below each other.
    minWidth: width(design.minWidth),
    minHeight: height(design.minHeight),
  };
}

export function sameBounds(one: Rectangle, other: Rectangle): boolean {
  return one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;
}

/** Where a place is now that displays have changed; `null` when its display is not there. */
function moved(place: Place, screens: readonly Screen[]): { area: Rectangle; x: number; y: number } | null {
  const { display: was } = place;
  const now =
    screens.find(({ id }) => id === place.displayId) ?? screens.find(({ bounds }) => sameBounds(bounds, was));
  if (!now) return null;
  const { x, y } = now.bounds;
  return { area: now.workArea, x: place.x + x - was.x, y: place.y + y - was.y };
}

/**
 * Where a window of this size belongs: where the person put it with these displays; else on the display they last
 * put it on that is there now; else in the lower right corner of the main one. Always inside a work area.
 * @param places the latest first
 */
export function placed(
  places: readonly Place[],
  size: { readonly width: number; readonly height: number },
  screens: readonly Screen[],
  main: Screen,
): Rectangle {
  const own = placeWith(places, screens);
  if (own) return insideAny({ ...size, x: own.x, y: own.y }, screens);
  for (const place of places) {
    const found = moved(place, screens);
    if (found) return inside({ ...size, x: found.x, y: found.y }, found.area);
  }
  const { workArea: area } = main;
  const x = area.x + area.width - size.width - margin;
  const y = area.y + area.height - size.height - margin;
  return inside({ ...size, x, y }, area);
}

/** The places with this one first, one for each layout. */
export function withPlace(
  places: readonly Place[],
  bounds: Rectangle,
  screens: readonly Screen[],
  on: Screen,
): Place[] {
  const layout = layoutOf(screens);
  const place = { layout, displayId: on.id, display: on.bounds, x: bounds.x, y: bounds.y };
  return [place, ...places.filter((each) => each.layout !== layout)].slice(0, layoutsKept);
}

/** Where the person put it with these displays. */
export function placeWith(places: readonly Place[], screens: readonly Screen[]): Place | undefined {
  const layout = layoutOf(screens);
  return places.find((place) => place.layout === layout);
}

export interface PlaceKeeper {
  /** Moves it without counting that as the person's choice. */
  put(bounds: Rectangle): void;
  /** Moves it to where it belongs, when it is not there. */
  keep(): void;
  /** A drag that has just ended is the person's choice: now, not a moment later. */
  settle(): void;
}

/**
 * Keeps one window where it belongs while displays come and go, and tells a person's move from one of ours or of the
 * window manager. Ends with the window.
 */
export function keepPlace(
  window: BrowserWindow,
  parts: {
    /** Where it belongs now. */
    readonly wanted: () => Rectangle;
    /** The person moved it. */
    readonly onMoved: (bounds: Rectangle) => void;
  },
): PlaceKeeper {
  /** The latest first: a window system answers late, and one after the other. */
  let ours: readonly Rectangle[] = [window.getBounds()];
  let moving: NodeJS.Timeout | undefined;
  let looks: NodeJS.Timeout[] = [];
  let isShown = window.isVisible();
  let shownAt = -Infinity;

  function put(bounds: Rectangle): void {
    settle();
    ours = [bounds, ...ours].slice(0, ownPlacesKept);
    window.setBounds(bounds);
  }

  function keep(): void {
    if (window.isDestroyed()) return;
    settle();
    const wanted = parts.wanted();
    if (!sameBounds(window.getBounds(), wanted)) put(wanted);
  }

  function settle(): void {
    if (moving === undefined) return;
    clearTimeout(moving);
    moving = undefined;
    const bounds = window.getBounds();
    const isResizable = window.isResizable();
    const isOurs = ours.some((own) =>
      isResizable ? sameBounds(own, bounds) : own.x === bounds.x && own.y === bounds.y,
    );
    if (isOurs) return;
    parts.onMoved(bounds);
    ours = [bounds];
  }

  function forgetLooks(): void {
    for (const look of looks) clearTimeout(look);
    looks = [];
  }

  /** A move that was under way is the window manager's doing: it rescues windows before we hear of the change. */
  function displaysChanged(): void {
    clearTimeout(moving);
    moving = undefined;
    forgetLooks();
    looks = [setTimeout(keep, firstLookMs), setTimeout(lastLook, lastLookMs)];
  }

  function lastLook(): void {
    keep();
    forgetLooks();
  }

  // This comes with every step of a drag; Linux has no event for its end.
  const onMove = (): void => {
    clearTimeout(moving);
    moving = undefined;
    // Nobody has moved what was not there yet; and a Wayland compositor, also through XWayland, answers with a place of
    // its own.
    const isPlaced = isShown && !(isWaylandSession(process) && performance.now() - shownAt < placingMs);
    if (!isPlaced) ours = [window.getBounds()];
    else if (looks.length === 0) moving = setTimeout(settle, settledMs);
  };
  window.on('show', () => {
    isShown = true;
    shownAt = performance.now();
  });
  window.on('move', onMove);
  window.on('resize', onMove);
  const changes = ['display-added', 'display-removed', 'display-metrics-changed'] as const;
  for (const change of changes) screen.on(change as 'display-added', displaysChanged);
  window.once('closed', () => {
    clearTimeout(moving);
    forgetLooks();
    for (const change of changes) screen.off(change as 'display-added', displaysChanged);
  });
  return { put, keep, settle };
}
