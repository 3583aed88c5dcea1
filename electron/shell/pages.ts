import { extname, join, normalize, sep } from 'node:path';
import { BrowserWindow, nativeTheme, protocol, type BrowserWindowConstructorOptions } from 'electron/main';
import { shownChannel, snapshotChannel, type WindowRole } from '../../domain/ipc/channels.ts';
import type { Snapshot } from '../../domain/state.ts';
import type { TextSizeStep } from '../../domain/text-size.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { systemClock } from '../system-clock.ts';
import { displayServer } from './display-server.ts';

/** Our pages have their own scheme, because a `file://` page has privileges. */
export const scheme = 'app';
export const host = 'sharelight';

export function pageUrl(window: string): string {
  return `${scheme}://${host}/${window}/index.html`;
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "media-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What the pages are made of; the engine says of what type each is. */
const endings: ReadonlySet<string> = new Set(['.html', '.js', '.css', '.svg', '.png', '.woff2', '.wav']);

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        codeCache: true,
        // Files come as streams; without this a sound expects a buffer and sometimes finds none.
        stream: true,
      },
    },
  ]);
}

/** The file below `root` for an address, or `null` when it is not one of ours. */
function resolvePage(root: string, address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== `${scheme}:` || url.host !== host) return null;
  let path: string;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  const file = normalize(join(root, path));
  const inside = file.startsWith(root.endsWith(sep) ? root : root + sep);
  return inside && !path.includes('\0') && endings.has(extname(file)) ? file : null;
}

/** Chromium's name for it, `ERR_FILE_NOT_FOUND`. */
const notFound = -6;

/** Serves the pages below `root` (`out/renderer`): GET only, known types only, never outside the folder. */
export function serveScheme(root: string): void {
  const headers = {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  };
  // The engine reads the files itself. `handle` would have this thread read them, after loading all of Node's fetch,
  // before the first window has its page.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above; the current runtime still has it
  protocol.registerFileProtocol(scheme, (request, answer) => {
    const file = request.method === 'GET' ? resolvePage(root, request.url) : null;
    answer(file === null ? { error: notFound } : { path: file, headers });
  });
}

export interface PageParts {
  /** Folder of the built program (`out`). */
  readonly out: string;
  readonly icon: string;
  /** How large the page is drawn; 1 is the designed size. */
  readonly zoom: () => number;
  /** The person turned the wheel for it, with the command key down. */
  readonly onZoom: (step: TextSizeStep) => void;
  /** The state, for a page that begins to load. */
  readonly snapshot: () => Snapshot;
  readonly log: (message: string) => void;
}

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
/** A page that lived for so long ended for a reason of its own, ms. */
const longLifeMs = 60_000;

/**
 * Loads a page again that ended: at once, and after longer and longer pauses where it ends again and again, so that a
 * machine without memory is not worked to death. Resolves nothing; call the result for each end.
 */
export function createReloads(clock: Clock, reload: () => void): () => void {
  let endedAt = Number.NEGATIVE_INFINITY;
  let pauseMs = 0;
  return () => {
    const now = clock.now();
    pauseMs =
      now - endedAt > longLifeMs + pauseMs
        ? 0
        : Math.min(longestPauseMs, Math.max(firstPauseMs, pauseMs * 2));
    endedAt = now;
    if (pauseMs === 0) reload();
    else clock.after(pauseMs, reload);
  };
}

/** In doubt yes: a page that is not shown lets its clock rest. A Wayland compositor does not tell. */
function isShown(window: BrowserWindow, server = displayServer()): boolean {
  return server === 'wayland' || (window.isVisible() && !window.isMinimized());
}

/** A window with the page of its role in it, loading and not yet shown; every window is locked down alike. */
export function openPage(
  role: WindowRole,
  { out, icon, zoom, onZoom, snapshot, log }: PageParts,
  options: BrowserWindowConstructorOptions,
): BrowserWindow {
  const window = new BrowserWindow({
    ...options,
    icon,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#171a21' : '#ffffff',
    webPreferences: {
      preload: join(out, 'preload', `${role}.cjs`),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
      // What happens while it is hidden is drawn then, and on the screen as soon as its window is. Its page rests by
      // itself; on Wayland, where nobody tells it when, the engine has to see to that.
      backgroundThrottling: role !== 'widget' || displayServer() === 'wayland',
    },
  });
  window.setMenuBarVisibility(false);
  window.on('page-title-updated', (event) => {
    event.preventDefault();
  });
  window.webContents.on('zoom-changed', (_event, direction) => {
    onZoom(direction === 'in' ? 'larger' : 'smaller');
  });
  const pageEnded = createReloads(systemClock, () => {
    if (!window.isDestroyed()) window.webContents.reload();
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log(`${role}: its page ended (${reason}); loading it again`);
    pageEnded();
  });
  const tellShown = (shown: boolean): void => {
    if (!window.webContents.isDestroyed()) window.webContents.send(shownChannel, shown);
  };
  for (const event of ['show', 'restore'] as const)
    window.on(event as 'show', () => {
      tellShown(true);
    });
  for (const event of ['hide', 'minimize'] as const)
    window.on(event as 'hide', () => {
      tellShown(isShown(window));
    });
  window.webContents.on('did-navigate', (_event, url) => {
    if (url === pageUrl(role)) {
      // Also after its process ended. The engine keeps one of its own for our address.
      window.webContents.setZoomFactor(zoom());
      // The preload has it by the time the page's script asks.
      window.webContents.send(snapshotChannel, snapshot());
      tellShown(isShown(window));
      return;
    }
    // Chromium goes to an empty page without asking.
    log(`${role}: left its page; loading it again`);
    void window.loadURL(pageUrl(role));
  });
  void window.loadURL(pageUrl(role));
  return window;
}

/**
 * A minimised window is a shown one again, before it is brought up. A Wayland client cannot ask for that: there it
 * becomes a new window, and one hidden while minimised would end the program when it is shown.
 */
export function unminimise(window: BrowserWindow, server = displayServer()): void {
  if (!window.isMinimized()) return;
  if (server === 'wayland') window.hide();
  window.restore();
  // Restoring shows it there, and tells nobody so.
  if (server === 'wayland') window.showInactive();
}

/** How long a loaded page may take to be painted before its window is shown as it is, ms. */
const paintMs = 1500;

/**
 * Calls back once, when a window that is not shown yet can be: with its page painted. On Wayland nothing is painted
 * before it is shown, and elsewhere graphics may fail: there a loaded page has to do.
 */
export function whenPresentable(window: BrowserWindow, present: () => void, server = displayServer()): void {
  let isDone = false;
  let late: NodeJS.Timeout | undefined;
  const done = (): void => {
    clearTimeout(late);
    if (isDone || window.isDestroyed()) return;
    isDone = true;
    present();
  };
  window.once('ready-to-show', done);
  window.webContents.once('did-finish-load', () => {
    if (server === 'wayland') done();
    else if (!isDone) late = setTimeout(done, paintMs);
  });
}
