import { screen, type BrowserWindow, type IpcMainInvokeEvent, type Rectangle } from 'electron/main';
import { patchChannel, windowRoles, type WindowRole } from '../../domain/ipc/channels.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Patch } from '../../domain/state.ts';
import { followLanguage, say } from '../../domain/words/say.ts';
import { protectFromCapture } from './capture-protection.ts';
import { toThisDesktop } from './in-sight.ts';
import { openPage, pageUrl, unminimise, whenPresentable } from './pages.ts';
import {
  insideAny,
  keepPlace,
  layoutOf,
  openingSize,
  placeWith,
  withPlace,
  type Design,
  type Screen,
} from './placement.ts';
import type { Place } from './preferences.ts';
import { createWidgetWindow, type WidgetParts, type WidgetWindow } from './widget-window.ts';

/** The widget, and the windows opened beside it. */
export interface Windows extends WidgetWindow {
  /** Opens the settings, or brings them to the front: there is one of each window. */
  readonly openSettings: () => void;
  readonly openReview: () => void;
  /** To every open window. */
  readonly send: (patch: Patch) => void;
  /** The window whose page this is, at its own address; `null` for any other frame. */
  readonly roleOf: (event: IpcMainInvokeEvent) => WindowRole | null;
  /** The window a call came from, to put a dialog over. */
  readonly windowOf: (role: WindowRole) => BrowserWindow | null;
  /** Closes all for good; resolves when the pages have sent what they had to. */
  readonly close: () => Promise<void>;
}

/** The window manager's frame, which is no part of a window's bounds on Linux: its title and its other edge, CSS px. */
const frame = process.platform === 'linux' ? { top: 32, bottom: 8 } : { top: 0, bottom: 0 };
/** So long after it was shown a window manager has placed a window, ms. */
const placedMs = 300;

/** With room for the frame inside. */
function screens(): Screen[] {
  return screen.getAllDisplays().map(({ id, bounds, workArea: { x, y, width, height } }) => ({
    id,
    bounds,
    workArea: { x, y: y + frame.top, width, height: height - frame.top - frame.bottom },
  }));
}

/** Where the person put a window, and how large they made it, for each layout of displays, the latest first. */
interface Places {
  readonly get: () => readonly Place[];
  readonly set: (places: Place[]) => void;
}

/**
 * Keeps a window inside a display that is there, where it was with the displays there are; one that went and came back
 * gets its window back.
 */
function keepInside(window: BrowserWindow, places: Places): { keep: () => void } {
  /** Where it was with each layout of displays, whoever put it there. */
  const seen = new Map<string, Rectangle>();
  const remember = (bounds: Rectangle): void => void seen.set(layoutOf(screens()), bounds);
  let shownAt = Infinity;
  window.once('show', () => {
    shownAt = performance.now();
    remember(window.getBounds());
  });
  const isFree = (): boolean => !window.isMaximized() && !window.isFullScreen();
  return keepPlace(window, {
    wanted: () => {
      const bounds = window.getBounds();
      // Those follow their display by themselves.
      if (!isFree()) return bounds;
      const { x, y, width, height } = { ...bounds, ...placeWith(places.get(), screens()) };
      const was = seen.get(layoutOf(screens())) ?? { x, y, width, height };
      return insideAny(was, screens());
    },
    onMoved: (bounds) => {
      remember(bounds);
      // Just after it was shown it was the window manager.
      if (!isFree() || performance.now() - shownAt < 4 * placedMs) return;
      const on = screen.getDisplayMatching(bounds);
      const [place, ...others] = withPlace(places.get(), bounds, screens(), on);
      const { width, height } = bounds;
      if (place) places.set([{ ...place, width, height }, ...others]);
    },
  });
}

function focus(window: BrowserWindow): void {
  toThisDesktop(window);
  unminimise(window);
  window.show();
  window.focus();
}

/** A page that hangs does not answer when it is to close, ms. */
const closedByMs = 3_000;

function closed(window: BrowserWindow): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      window.destroy();
    }, closedByMs);
    window.once('closed', () => {
      clearTimeout(late);
      resolve();
    });
    window.close();
  });
}

/** A window that is made when it is opened and destroyed when it is closed. */
interface SecondWindow {
  readonly window: () => BrowserWindow | null;
  readonly open: () => void;
}

function createSecondWindow(make: () => BrowserWindow, places: Places, onClosed: () => void): SecondWindow {
  let window: BrowserWindow | null = null;
  let keep = (): void => undefined;
  return {
    window: () => window,
    open: () => {
      if (window) {
        keep();
        focus(window);
        return;
      }
      const opened = make();
      protectFromCapture(opened);
      keep = keepInside(opened, places).keep;
      keep();
      whenPresentable(opened, () => {
        opened.show();
      });
      // The window manager has a say in it, with a frame around it.
      opened.once('show', () => setTimeout(keep, placedMs));
      opened.once('closed', () => {
        window = null;
        onClosed();
      });
      window = opened;
    },
  };
}

type SecondRole = keyof typeof designs;

interface WindowsParts extends Omit<WidgetParts, 'zoom' | 'onTop'> {
  /** In force at the start; after that the state says it. */
  readonly settings: Pick<Settings, 'textSize' | 'onTop'>;
  readonly placesOf: (role: SecondRole) => Places;
  /** One of the windows beside the widget was closed. */
  readonly onOtherClosed: (role: SecondRole) => void;
}

const designs = {
  settings: { width: 760, height: 580, minWidth: 560, minHeight: 420 },
  review: { width: 1180, height: 760, minWidth: 720, minHeight: 480 },
} as const;

export function createWindows(given: WindowsParts): Windows {
  let chosen = given.settings;
  const zoom = (): number => chosen.textSize / 100;
  const parts: WidgetParts = { ...given, zoom, onTop: () => chosen.onTop };
  const widget = createWidgetWindow(parts);

  /** Where the widget is, because the person looks there. */
  function sizeOf(role: SecondRole): Design {
    const beside = widget.window()?.getBounds() ?? screen.getPrimaryDisplay().bounds;
    const { id } = screen.getDisplayMatching(beside);
    const on = screens().find((each) => each.id === id);
    return on ? openingSize(designs[role], zoom(), on.workArea) : designs[role];
  }
  const settings = createSecondWindow(
    () =>
      openPage('settings', parts, {
        ...sizeOf('settings'),
        title: say('settings.title'),
        fullscreenable: false,
      }),
    given.placesOf('settings'),
    () => {
      given.onOtherClosed('settings');
    },
  );
  const review = createSecondWindow(
    () => openPage('review', parts, { ...sizeOf('review'), title: say('review.title') }),
    given.placesOf('review'),
    () => {
      given.onOtherClosed('review');
    },
  );

  function windowOf(role: WindowRole): BrowserWindow | null {
    switch (role) {
      case 'widget':
        return widget.window();
      case 'settings':
        return settings.window();
      case 'review':
        return review.window();
    }
  }
  function all(): BrowserWindow[] {
    return windowRoles.map(windowOf).filter((window) => window !== null);
  }

  return {
    ...widget,
    followState: (source) => {
      // First, because the widget goes by it.
      const stop = source.subscribe(({ settings: { values } }) => {
        const isAnotherSize = values.textSize !== chosen.textSize;
        chosen = values;
        if (!isAnotherSize) return;
        for (const { webContents } of all()) webContents.setZoomFactor(zoom());
        widget.refit();
      });
      const stopTitles = followLanguage(() => {
        settings.window()?.setTitle(say('settings.title'));
        review.window()?.setTitle(say('review.title'));
      });
      const stopWidget = widget.followState(source);
      return () => {
        stop();
        stopTitles();
        stopWidget();
      };
    },
    openSettings: settings.open,
    openReview: review.open,
    send: (patch) => {
      for (const { webContents } of all()) {
        if (!webContents.isDestroyed()) webContents.send(patchChannel, patch);
      }
    },
    roleOf: ({ sender, senderFrame }) => {
      const role = windowRoles.find((each) => windowOf(each)?.webContents === sender);
      if (role === undefined || senderFrame !== sender.mainFrame) return null;
      return senderFrame.url === pageUrl(role) ? role : null;
    },
    windowOf,
    close: async () => {
      widget.release();
      await Promise.all(all().map(closed));
    },
  };
}
