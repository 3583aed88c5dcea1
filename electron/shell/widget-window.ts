import { screen, type BrowserWindow, type Rectangle } from 'electron/main';
import type { AppState, Phase, StateSource } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';
import { openPage, whenPresentable, type PageParts } from './pages.ts';
import type { Place } from './preferences.ts';

/** CSS px. The height follows the content. */
const width = 320;
const firstHeight = 150;
const margin = 16;
/** A drag without a step for this long, in ms, has ended. */
const settledMs = 300;

export interface WidgetParts extends PageParts {
  readonly place: { get(): Place | null; set(place: Place): void };
  /** Closing hides where the tray can bring it back, else it ends the program. */
  readonly canHide: () => boolean;
  readonly onClosed: () => void;
  readonly onHidden: () => void;
  /** It was shown or hidden, by anybody. */
  readonly onVisibility: () => void;
  /** It got the keyboard. */
  readonly onFocused: () => void;
}

export interface WidgetWindow {
  readonly window: () => BrowserWindow | null;
  readonly open: (options: { visible: boolean }) => void;
  /** In front, with the keyboard: because the person asked. */
  readonly focus: () => void;
  /** In sight, without taking the keyboard: because something happened. */
  readonly present: () => void;
  /** The same, and over whatever covers it: because it must be seen. */
  readonly raise: () => void;
  readonly hide: () => void;
  readonly isVisible: () => boolean;
  readonly isFocused: () => boolean;
  readonly fit: (height: number) => void;
  /** Comes into sight, and stays on top, as the state asks for it. Returns its stop. */
  readonly followState: (source: StateSource) => () => void;
  /** From now on closing it destroys it, tray or not. */
  readonly release: () => void;
}

/** The window at its new height inside `area`: near the lower edge it grows upwards; what does not fit scrolls. */
export function fitted(bounds: Rectangle, height: number, area: Rectangle): Rectangle {
  const fits = Math.min(height, area.height);
  const lower = bounds.y + bounds.height >= area.y + area.height - margin - 1;
  const top = lower ? bounds.y + bounds.height - fits : bounds.y;
  return { ...bounds, y: clamp(top, area.y, area.y + area.height - fits), height: fits };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, Math.max(low, high)));
}

/** The place, moved into a display that is there now; without one the lower right corner of the main display. */
function placeInside(place: Place | null, size: { width: number; height: number }): Rectangle {
  const displays = screen.getAllDisplays();
  const known = place ? displays.find((display) => display.id === place.displayId) : undefined;
  const area = (known ?? screen.getPrimaryDisplay()).workArea;
  const x = known && place ? place.x : area.x + area.width - size.width - margin;
  const y = known && place ? place.y : area.y + area.height - size.height - margin;
  return {
    ...size,
    x: clamp(x, area.x, area.x + area.width - size.width),
    y: clamp(y, area.y, area.y + area.height - size.height),
  };
}

/** On top only while it must not be missed; on top of everything all day is a nuisance. */
const onTop: ReadonlySet<Phase> = new Set<Phase>(['alerting', 'sharing']);

/** What shows the window by itself; the same thing does so once. */
function showsFor({ status, prompt, question }: AppState): string | null {
  if (question) return 'question';
  if (onTop.has(status.phase)) return `${status.phase}/${status.key ?? ''}`;
  if (prompt && !prompt.connected) return `prompt/${prompt.key}`;
  return null;
}

/** The widget: one small window, made once, hidden and shown after that. */
export function createWidgetWindow(parts: WidgetParts): WidgetWindow {
  let widget: BrowserWindow | null = null;
  let released = false;
  /** Where we put it ourselves: growing with its content does not count as a new place. */
  let put: { readonly x: number; readonly y: number } = { x: NaN, y: NaN };
  let settling: NodeJS.Timeout | undefined;

  function putAt(window: BrowserWindow, bounds: Rectangle): void {
    // A drag that has just ended is the person's choice of place.
    if (settling !== undefined) remember(window);
    put = bounds;
    window.setBounds(bounds);
  }

  function remember(window: BrowserWindow): void {
    clearTimeout(settling);
    settling = undefined;
    const bounds = window.getBounds();
    if (bounds.x === put.x && bounds.y === put.y) return;
    parts.place.set({ displayId: screen.getDisplayMatching(bounds).id, x: bounds.x, y: bounds.y });
  }

  function make(): BrowserWindow {
    const bounds = placeInside(parts.place.get(), { width, height: firstHeight });
    put = bounds;
    const window = openPage('widget', parts, {
      ...bounds,
      title: say('widget.title'),
      frame: false,
      resizable: false,
      maximizable: false,
      fullscreenable: false,
    });
    // This comes with every step of a drag; Linux has no event for its end.
    window.on('move', () => {
      clearTimeout(settling);
      settling = setTimeout(remember, settledMs, window);
    });
    window.on('focus', parts.onFocused);
    window.on('show', parts.onVisibility);
    window.on('hide', parts.onVisibility);
    window.on('minimize', parts.onVisibility);
    window.on('restore', parts.onVisibility);
    window.on('close', (event) => {
      remember(window);
      if (released || !parts.canHide()) return;
      event.preventDefault();
      window.hide();
      parts.onHidden();
    });
    window.on('closed', () => {
      clearTimeout(settling);
      widget = null;
      parts.onClosed();
    });
    return window;
  }

  function present(): void {
    if (!widget || (widget.isVisible() && !widget.isMinimized())) return;
    putAt(widget, placeInside(parts.place.get(), widget.getBounds()));
    widget.showInactive();
  }

  return {
    window: () => widget,
    open: ({ visible }) => {
      const window = make();
      widget = window;
      if (visible) {
        whenPresentable(window, () => {
          window.show();
        });
      }
    },
    focus: () => {
      if (!widget) return;
      if (widget.isMinimized()) widget.restore();
      widget.show();
      widget.focus();
    },
    present,
    raise: () => {
      present();
      widget?.moveTop();
    },
    hide: () => {
      if (!widget) return;
      if (parts.canHide()) {
        widget.hide();
        parts.onHidden();
      } else widget.minimize();
    },
    isVisible: () => widget?.isVisible() === true && !widget.isMinimized(),
    isFocused: () => widget?.isFocused() === true,
    fit: (height) => {
      if (!widget) return;
      const before = widget.getBounds();
      const { workArea } = screen.getDisplayMatching(before);
      const bounds = fitted({ ...before, width }, height, workArea);
      if (bounds.height !== before.height) putAt(widget, bounds);
    },
    followState: (source) => {
      const follow = (now: AppState, was: AppState | null): void => {
        const top = onTop.has(now.status.phase);
        if (widget && widget.isAlwaysOnTop() !== top) widget.setAlwaysOnTop(top);
        if (was && showsFor(now) !== null && showsFor(now) !== showsFor(was)) present();
      };
      follow(source.getState(), null);
      return source.subscribe(follow);
    },
    release: () => {
      released = true;
    },
  };
}
