import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { BrowserWindow, nativeTheme, protocol, type BrowserWindowConstructorOptions } from 'electron/main';
import type { WindowRole } from '../../domain/ipc/channels.ts';
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

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
};

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
        // Our answers are streams; without this a sound expects a buffer and sometimes finds none.
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
  return inside && !path.includes('\0') && extname(file) in types ? file : null;
}

/** Serves the pages below `root` (`out/renderer`): GET only, known types only, never outside the folder. */
export function serveScheme(root: string): void {
  protocol.handle(scheme, async (request) => {
    const file = request.method === 'GET' ? resolvePage(root, request.url) : null;
    if (file === null) return new Response('Not found', { status: 404 });
    try {
      const body = await readFile(file);
      const headers = {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-cache',
      };
      return new Response(new Uint8Array(body), { headers });
    } catch {
      return new Response('Not found', { status: 404 });
    }
  });
}

export interface PageParts {
  /** Folder of the built program (`out`). */
  readonly out: string;
  readonly icon: string;
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

/** A window with the page of its role in it, loading and not yet shown; every window is locked down alike. */
export function openPage(
  role: WindowRole,
  { out, icon, log }: PageParts,
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
    },
  });
  window.setMenuBarVisibility(false);
  window.on('page-title-updated', (event) => {
    event.preventDefault();
  });
  const pageEnded = createReloads(systemClock, () => {
    if (!window.isDestroyed()) window.webContents.reload();
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log(`${role}: its page ended (${reason}); loading it again`);
    pageEnded();
  });
  window.webContents.on('did-navigate', (_event, url) => {
    if (url === pageUrl(role)) return;
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
