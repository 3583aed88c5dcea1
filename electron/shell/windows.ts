import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen, type IpcMainInvokeEvent, type Rectangle } from 'electron/main';
import { patchChannel, type WindowRole } from '../../domain/ipc/channels.ts';
import type { Patch, Phase, Status } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';
import type { Place } from './preferences.ts';
import { pageUrl } from './scheme.ts';

/** CSS px. The height follows the content. */
const width = 320;
const firstHeight = 150;
const margin = 16;

interface WindowsParts {
  /** Folder of the built program (`out`). */
  readonly out: string;
  readonly icon: string;
  readonly place: { get(): Place | null; set(place: Place): void };
  /** Closing hides where the tray can bring it back, else it ends the program. */
  readonly canHide: () => boolean;
  readonly onClosed: () => void;
  readonly onHidden: () => void;
}

export interface Windows {
  open(options: { visible: boolean }): void;
  /** In front, with the keyboard: because the person asked. */
  focus(): void;
  /** In sight, without taking the keyboard: because something happened. */
  present(): void;
  hide(): void;
  isVisible(): boolean;
  isFocused(): boolean;
  fit(height: number): void;
  send(patch: Patch): void;
  follow(status: Status): void;
  roleOf(event: IpcMainInvokeEvent): WindowRole | null;
  /** Lets the next close be a real one. */
  release(): void;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, Math.max(low, high)));
}

/** A place inside a display that is there now; the far corner of the main one when there was none. */
export function placeInside(place: Place | null, size: { width: number; height: number }): Rectangle {
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

/** The widget: one small window, made once, hidden and shown after that. */
export function createWindows(parts: WindowsParts): Windows {
  let widget: BrowserWindow | null = null;
  let released = false;

  function remember(window: BrowserWindow): void {
    const bounds = window.getBounds();
    parts.place.set({ displayId: screen.getDisplayMatching(bounds).id, x: bounds.x, y: bounds.y });
  }

  function make(): BrowserWindow {
    const window = new BrowserWindow({
      ...placeInside(parts.place.get(), { width, height: firstHeight }),
      title: say('widget.title'),
      icon: parts.icon,
      show: false,
      frame: false,
      resizable: false,
      maximizable: false,
      fullscreenable: false,
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#171a21' : '#ffffff',
      webPreferences: {
        preload: join(parts.out, 'preload', 'widget.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        spellcheck: false,
      },
    });
    window.setMenuBarVisibility(false);
    window.on('page-title-updated', (event) => {
      event.preventDefault();
    });
    window.on('moved', () => {
      remember(window);
    });
    window.on('close', (event) => {
      if (released || !parts.canHide()) return;
      event.preventDefault();
      window.hide();
      parts.onHidden();
    });
    window.on('closed', () => {
      widget = null;
      parts.onClosed();
    });
    window.webContents.on('render-process-gone', () => {
      if (!window.isDestroyed()) window.webContents.reload();
    });
    void window.loadURL(pageUrl('widget'));
    return window;
  }

  return {
    open: ({ visible }) => {
      const window = make();
      widget = window;
      if (visible) {
        window.once('ready-to-show', () => {
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
    present: () => {
      if (!widget || (widget.isVisible() && !widget.isMinimized())) return;
      widget.setBounds(placeInside(parts.place.get(), widget.getBounds()));
      widget.showInactive();
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
      const { x, y, height: before } = widget.getBounds();
      if (before === height) return;
      const area = screen.getDisplayMatching(widget.getBounds()).workArea;
      // Near the lower edge it grows upwards, so that it never leaves the display.
      const lower = y + before >= area.y + area.height - margin - 1;
      const top = lower ? y + before - height : y;
      widget.setBounds({ x, y: clamp(top, area.y, area.y + area.height - height), width, height });
    },
    send: (patch) => {
      if (widget && !widget.webContents.isDestroyed()) widget.webContents.send(patchChannel, patch);
    },
    follow: (status) => {
      const top = onTop.has(status.phase);
      if (widget && widget.isAlwaysOnTop() !== top) widget.setAlwaysOnTop(top);
    },
    roleOf: (event) => {
      const { senderFrame, sender } = event;
      if (!widget || sender !== widget.webContents || senderFrame !== widget.webContents.mainFrame)
        return null;
      return senderFrame.url === pageUrl('widget') ? 'widget' : null;
    },
    release: () => {
      released = true;
    },
  };
}
