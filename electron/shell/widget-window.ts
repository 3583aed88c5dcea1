import { screen, type BrowserWindow, type Rectangle } from 'electron/main';
import type { AppState, Phase, StateSource } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';
import { bringUp, isInSight, toThisDesktop, watchFocus } from './in-sight.ts';
import { openPage, unminimise, whenPresentable, type PageParts } from './pages.ts';
import { inside, insideAny, keepPlace, margin, placed, sameBounds, withPlace } from './placement.ts';
import type { PlaceKeeper } from './placement.ts';
import type { Place } from './preferences.ts';

/** CSS px. The height follows the content. */
const width = 320;
const firstHeight = 150;

export interface WidgetParts extends PageParts {
  /** Where the person put it, the latest first. */
  readonly places: { get(): readonly Place[]; set(places: Place[]): void };
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
  /** Neither on a desktop nor in a task bar: only the tray, or a second start, brings it back. */
  readonly isHidden: () => boolean;
  /** A person at this desktop sees all of it, as far as the system can tell. */
  readonly isInSight: () => Promise<boolean>;
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
  return inside({ ...bounds, y: top, height: fits }, area);
}

/** On top, and on every desktop, only while it must not be missed; all day it would be a nuisance. */
const onTop: ReadonlySet<Phase> = new Set<Phase>(['alerting', 'sharing']);

/** What shows the window by itself; the same thing does so once, and one does not keep another from it. */
export function reasonsToShow({ status, prompt, question }: AppState): string[] {
  return [
    ...(question ? ['question'] : []),
    ...(onTop.has(status.phase) ? [`${status.phase}/${status.key ?? ''}`] : []),
    ...(prompt && !prompt.connected ? [`prompt/${prompt.key}`] : []),
  ];
}

/** The widget: one small window, made once, hidden and shown after that. */
export function createWidgetWindow(parts: WidgetParts): WidgetWindow {
  let widget: BrowserWindow | null = null;
  let keeper: PlaceKeeper | null = null;
  let released = false;
  let hidden = true;
  let mustBeSeen = false;

  function whereItBelongs(size: { width: number; height: number }): Rectangle {
    return placed(parts.places.get(), size, screen.getAllDisplays(), screen.getPrimaryDisplay());
  }

  function make(): BrowserWindow {
    const window = openPage('widget', parts, {
      ...whereItBelongs({ width, height: firstHeight }),
      title: say('widget.title'),
      frame: false,
      resizable: false,
      maximizable: false,
      fullscreenable: false,
    });
    const keeping = keepPlace(window, {
      wanted: () => whereItBelongs(window.getBounds()),
      onMoved: (bounds) => {
        const on = screen.getDisplayMatching(bounds);
        parts.places.set(withPlace(parts.places.get(), bounds, screen.getAllDisplays(), on));
      },
    });
    keeper = keeping;
    watchFocus(window);
    window.on('focus', parts.onFocused);
    window.on('show', () => {
      hidden = false;
      // A window that was hidden comes back without what it had been told meanwhile.
      if (mustBeSeen) putOverAll(window);
      parts.onVisibility();
    });
    window.on('hide', () => {
      hidden = true;
      parts.onVisibility();
    });
    window.on('minimize', parts.onVisibility);
    window.on('restore', parts.onVisibility);
    window.on('close', (event) => {
      keeping.settle();
      if (released || !parts.canHide()) return;
      event.preventDefault();
      window.hide();
      parts.onHidden();
    });
    window.on('closed', () => {
      widget = null;
      keeper = null;
      parts.onClosed();
    });
    return window;
  }

  function isShown(): boolean {
    return widget?.isVisible() === true && !widget.isMinimized();
  }

  /** One in sight stays where it is, unless part of it is not. */
  function bringInside(window: BrowserWindow): void {
    keeper?.settle();
    const bounds = window.getBounds();
    const wanted = isShown() ? insideAny(bounds, screen.getAllDisplays()) : whereItBelongs(bounds);
    if (!sameBounds(bounds, wanted)) keeper?.put(wanted);
  }

  function putOverAll(window: BrowserWindow): void {
    window.setAlwaysOnTop(mustBeSeen);
    window.setVisibleOnAllWorkspaces(mustBeSeen, {
      visibleOnFullScreen: mustBeSeen,
      skipTransformProcessType: true,
    });
  }

  function present(): void {
    if (!widget) return;
    bringInside(widget);
    bringUp(widget);
    if (!mustBeSeen) toThisDesktop(widget);
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
      bringInside(widget);
      if (!mustBeSeen) toThisDesktop(widget);
      unminimise(widget);
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
    isVisible: isShown,
    isHidden: () => widget !== null && hidden,
    isInSight: () => (widget && isShown() ? isInSight(widget) : Promise.resolve(false)),
    isFocused: () => widget?.isFocused() === true,
    fit: (height) => {
      if (!widget) return;
      const before = widget.getBounds();
      const { workArea } = screen.getDisplayMatching(before);
      const bounds = fitted({ ...before, width }, height, workArea);
      if (bounds.height !== before.height) keeper?.put(bounds);
    },
    followState: (source) => {
      const follow = (now: AppState, was: AppState | null): void => {
        const hadToBeSeen = mustBeSeen;
        mustBeSeen = onTop.has(now.status.phase);
        const before = was ? reasonsToShow(was) : null;
        if (before && reasonsToShow(now).some((reason) => !before.includes(reason))) present();
        if (widget && mustBeSeen !== hadToBeSeen) putOverAll(widget);
      };
      follow(source.getState(), null);
      return source.subscribe(follow);
    },
    release: () => {
      released = true;
    },
  };
}
