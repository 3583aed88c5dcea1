import { screen, type BrowserWindow, type IpcMainInvokeEvent, type Rectangle } from 'electron/main';
import { patchChannel, windowRoles, type WindowRole } from '../../domain/ipc/channels.ts';
import type { Patch } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';
import { toThisDesktop } from './in-sight.ts';
import { openPage, pageUrl, unminimise, whenPresentable } from './pages.ts';
import { insideAny, keepPlace, layoutOf, type Screen } from './placement.ts';
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

/** The window manager's frame, which is no part of a window's bounds on Linux, CSS px. */
const frame = process.platform === 'linux' ? 40 : 0;

/** With room for the frame inside. */
function screens(): Screen[] {
  return screen.getAllDisplays().map(({ id, bounds, workArea }) => ({
    id,
    bounds,
    workArea: { ...workArea, height: workArea.height - frame },
  }));
}

/** Keeps a window inside a display that is there; one that went and came back gets its window back. */
function keepInside(window: BrowserWindow): { keep: () => void } {
  /** Where it was with each layout of displays. */
  const places = new Map<string, Rectangle>();
  const remember = (bounds: Rectangle): void => void places.set(layoutOf(screens()), bounds);
  window.once('show', () => {
    remember(window.getBounds());
  });
  return keepPlace(window, {
    wanted: () => {
      const bounds = window.getBounds();
      // Those follow their display by themselves.
      if (window.isMaximized() || window.isFullScreen()) return bounds;
      return insideAny(places.get(layoutOf(screens())) ?? bounds, screens());
    },
    onMoved: remember,
  });
}

function focus(window: BrowserWindow): void {
  toThisDesktop(window);
  unminimise(window);
  window.show();
  window.focus();
}

function closed(window: BrowserWindow): Promise<void> {
  return new Promise((resolve) => {
    window.once('closed', () => {
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

function createSecondWindow(make: () => BrowserWindow, onClosed: () => void = () => undefined): SecondWindow {
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
      keep = keepInside(opened).keep;
      keep();
      whenPresentable(opened, () => {
        opened.show();
      });
      opened.once('closed', () => {
        window = null;
        onClosed();
      });
      window = opened;
    },
  };
}

interface WindowsParts extends WidgetParts {
  /** The review was closed. */
  readonly onReviewClosed: () => void;
}

export function createWindows(parts: WindowsParts): Windows {
  const widget = createWidgetWindow(parts);
  const settings = createSecondWindow(() =>
    openPage('settings', parts, {
      title: say('settings.title'),
      width: 760,
      height: 580,
      minWidth: 560,
      minHeight: 420,
      fullscreenable: false,
    }),
  );
  const review = createSecondWindow(
    () =>
      openPage('review', parts, {
        title: say('review.title'),
        width: 1180,
        height: 760,
        minWidth: 720,
        minHeight: 480,
      }),
    parts.onReviewClosed,
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
