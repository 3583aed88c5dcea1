import { screen, type BrowserWindow, type Rectangle } from 'electron/main';
import type { OnTop } from '../../domain/settings.ts';
import type { AppState, Phase, StateSource } from '../../domain/state.ts';
import { narrowest } from '../../domain/widget-size.ts';
import { createDeferred } from '../../domain/toolbox/deferred.ts';
import { say } from '../../domain/words/say.ts';
import { bringUp, isInSight, toThisDesktop, watchAttention, watchFocus, type Attention } from './in-sight.ts';
import { openPage, unminimise, whenPresentable, type PageParts } from './pages.ts';
import { isTallyAlone, protectFromCapture } from './capture-protection.ts';
import { inside, insideAny, keepPlace, margin, placed, sameBounds, withPlace } from './placement.ts';
import type { PlaceKeeper } from './placement.ts';
import type { Place } from './preferences.ts';

/** Whatever waits for the first picture has waited long enough, ms. */
const paintedByMs = 2_000;

/** CSS px. It follows the content. */
const firstSize: Size = { width: narrowest, height: 150 };

/** CSS px. */
interface Size {
  readonly width: number;
  readonly height: number;
}

export interface WidgetParts extends PageParts {
  /** Where the person put it, the latest first. */
  readonly places: { get(): readonly Place[]; set(places: Place[]): void };
  /** When the person wants it above other windows. */
  readonly onTop: () => OnTop;
  /** Closing hides where the tray can bring it back, else it ends the program; null as long as that is not known. */
  readonly canHide: () => boolean | null;
  readonly onClosed: () => void;
  readonly onHidden: () => void;
  /** It was shown or hidden, by anybody. */
  readonly onVisibility: () => void;
  /** A person has come to it. */
  readonly onAttended: () => void;
}

export interface WidgetWindow {
  readonly window: () => BrowserWindow | null;
  readonly open: (options: { visible: boolean }) => void;
  /** Resolves when the page has shown the state for the first time; where that takes long, or cannot be, without it. */
  readonly painted: () => Promise<unknown>;
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
  /** A person works in it, or has just gone to it. */
  readonly isAttended: () => boolean;
  /** As large as its content, CSS px. */
  readonly fit: (content: Size) => void;
  /** The text size was changed. */
  readonly refit: () => void;
  /** Comes into sight, and stays on top, as the state asks for it. Returns its stop. */
  readonly followState: (source: StateSource) => () => void;
  /** From now on closing it destroys it, tray or not. */
  readonly release: () => void;
}

/**
 * The window at its new size inside `area`: near the lower edge it grows upwards, near the right one to the left; what
 * does not fit scrolls.
 */
export function fitted(bounds: Rectangle, size: Size, area: Rectangle): Rectangle {
  const width = Math.min(size.width, area.width);
  const height = Math.min(size.height, area.height);
  const isRight = bounds.x + bounds.width >= area.x + area.width - margin - 1;
  const isLow = bounds.y + bounds.height >= area.y + area.height - margin - 1;
  const x = isRight ? bounds.x + bounds.width - width : bounds.x;
  const y = isLow ? bounds.y + bounds.height - height : bounds.y;
  return inside({ x, y, width, height }, area);
}

/** On top where the person has it so, and on every desktop, only while it must not be missed; all day it would be a nuisance. */
const matters: ReadonlySet<Phase> = new Set<Phase>(['alerting', 'sharing']);

/** Whether it stays above other windows now. */
export function staysOnTop(wanted: OnTop, mustBeSeen: boolean): boolean {
  return wanted === 'always' || (wanted === 'whenItMatters' && mustBeSeen);
}

export function mustBeSeenNow({ status, settings }: AppState): boolean {
  const limits = [status, ...status.others].map(({ limit }) => limit);
  const isTimePressing =
    limits.includes('near') || (settings.values.limitOnTop && limits.includes('running'));
  return matters.has(status.phase) || isTimePressing;
}

/** What shows the window by itself; the same thing does so once, and one does not keep another from it. */
export function reasonsToShow({ status, prompt, question }: AppState): string[] {
  return [
    ...(question ? ['question'] : []),
    ...(matters.has(status.phase) ? [`${status.phase}/${status.key ?? ''}`] : []),
    ...(prompt && !prompt.connected ? [`prompt/${prompt.key}`] : []),
  ];
}

const mostCorrections = 5;

/** The widget: one small window, made once, hidden and shown after that. */
export function createWidgetWindow(parts: WidgetParts): WidgetWindow {
  let widget: BrowserWindow | null = null;
  let keeper: PlaceKeeper | null = null;
  let attention: Attention | null = null;
  let released = false;
  let hidden = true;
  let mustBeSeen = false;
  let hideFromCapture: (isHidden: boolean) => void = () => undefined;
  let isOnTop = false;
  let content = firstSize;
  /** How often a size that came out otherwise may still be asked for again. */
  let corrections = 0;
  /** Where it lay before it was fitted to its content: what was too large for a moment must not move it for good. */
  let placedAt: Rectangle | null = null;
  const painted = createDeferred<null>();
  const havePainted = (): void => {
    painted.resolve(null);
  };

  function scaled({ width, height }: Size): Size {
    return { width: Math.round(width * parts.zoom()), height: Math.ceil(height * parts.zoom()) };
  }

  function refit(): void {
    if (!widget) return;
    const before = widget.getBounds();
    placedAt ??= before;
    const bounds = fitted(placedAt, scaled(content), screen.getDisplayMatching(placedAt).workArea);
    if (bounds.width !== before.width || bounds.height !== before.height) keeper?.put(bounds);
  }

  /**
   * X11 says the sizes it was asked for one after the other: one that was asked for before may come back as the last. A
   * window manager with a size of its own is not argued with for ever.
   */
  function correctSize(): void {
    if (corrections === 0) return;
    corrections -= 1;
    refit();
  }

  /** Where it belongs with what it shows: fitted from where it would be with little in it. */
  function whereItBelongs(): Rectangle {
    const [displays, main] = [screen.getAllDisplays(), screen.getPrimaryDisplay()];
    const little = {
      width: Math.min(firstSize.width, content.width),
      height: Math.min(firstSize.height, content.height),
    };
    placedAt = placed(parts.places.get(), scaled(little), displays, main);
    return fitted(placedAt, scaled(content), screen.getDisplayMatching(placedAt).workArea);
  }

  function make(): BrowserWindow {
    const window = openPage('widget', parts, {
      ...whereItBelongs(),
      title: say('widget.title'),
      frame: false,
      // As the system does it where it does. On Linux the runtime would draw them itself since 43, on some desktops
      // only, and cut off the page's own edge: there it is the same everywhere.
      roundedCorners: process.platform !== 'linux',
      resizable: false,
      maximizable: false,
      fullscreenable: false,
    });
    hideFromCapture = protectFromCapture(window);
    const keeping = keepPlace(window, {
      wanted: whereItBelongs,
      onMoved: (bounds) => {
        placedAt = null;
        const on = screen.getDisplayMatching(bounds);
        parts.places.set(withPlace(parts.places.get(), bounds, screen.getAllDisplays(), on));
      },
    });
    keeper = keeping;
    window.on('resize', correctSize);
    watchFocus(window);
    attention = watchAttention(window, parts.onAttended);
    window.on('show', () => {
      hidden = false;
      // A window that was hidden comes back without what it had been told meanwhile.
      if (mustBeSeen || isOnTop) putOverAll(window);
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
      if (released || parts.canHide() === false) return;
      event.preventDefault();
      putAway(window);
    });
    window.on('closed', () => {
      widget = null;
      keeper = null;
      parts.onClosed();
    });
    return window;
  }

  function putAway(window: BrowserWindow): void {
    if (parts.canHide() === true) {
      window.hide();
      parts.onHidden();
    } else window.minimize();
  }

  function isShown(): boolean {
    return widget?.isVisible() === true && !widget.isMinimized();
  }

  /** One in sight stays where it is, unless part of it is not. */
  function bringInside(window: BrowserWindow): void {
    keeper?.settle();
    const bounds = window.getBounds();
    const wanted = isShown() ? insideAny(bounds, screen.getAllDisplays()) : whereItBelongs();
    if (sameBounds(bounds, wanted)) return;
    if (isShown()) placedAt = null;
    keeper?.put(wanted);
  }

  function putOverAll(window: BrowserWindow): void {
    window.setAlwaysOnTop(isOnTop);
    window.setVisibleOnAllWorkspaces(mustBeSeen, {
      visibleOnFullScreen: mustBeSeen,
      skipTransformProcessType: true,
    });
  }

  function present(): void {
    if (!widget) return;
    attention?.comesUp();
    bringInside(widget);
    bringUp(widget);
    if (!mustBeSeen) toThisDesktop(widget);
  }

  return {
    window: () => widget,
    open: ({ visible }) => {
      const window = make();
      widget = window;
      window.once('closed', havePainted);
      setTimeout(havePainted, paintedByMs);
      if (visible) {
        whenPresentable(window, () => {
          window.show();
        });
      }
    },
    painted: () => painted.promise,
    focus: () => {
      if (!widget) return;
      bringInside(widget);
      if (!mustBeSeen) toThisDesktop(widget);
      unminimise(widget);
      attention?.asked();
      widget.show();
      widget.focus();
    },
    present,
    raise: () => {
      present();
      widget?.moveTop();
    },
    hide: () => {
      if (widget) putAway(widget);
    },
    isVisible: isShown,
    isHidden: () => widget !== null && hidden,
    isInSight: () => (widget && isShown() ? isInSight(widget) : Promise.resolve(false)),
    isAttended: () => attention?.isThere() === true,
    fit: (wanted) => {
      // It says how large its card is when it has drawn it.
      havePainted();
      content = wanted;
      corrections = mostCorrections;
      refit();
    },
    refit,
    followState: (source) => {
      const follow = (now: AppState, was: AppState | null): void => {
        const before = [mustBeSeen, isOnTop];
        mustBeSeen = mustBeSeenNow(now);
        isOnTop = staysOnTop(parts.onTop(), mustBeSeen);
        hideFromCapture(!isTallyAlone(now));
        const reasons = was ? reasonsToShow(was) : null;
        if (reasons && reasonsToShow(now).some((reason) => !reasons.includes(reason))) present();
        if (widget && (mustBeSeen !== before[0] || isOnTop !== before[1])) putOverAll(widget);
      };
      follow(source.getState(), null);
      return source.subscribe(follow);
    },
    release: () => {
      released = true;
    },
  };
}
