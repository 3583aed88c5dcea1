import { join } from 'node:path';
import { BrowserWindow, nativeTheme, type BrowserWindowConstructorOptions } from 'electron/main';
import type { WindowRole } from '../../domain/ipc/channels.ts';
import { pageUrl } from './scheme.ts';

export interface PageParts {
  /** Folder of the built program (`out`). */
  readonly out: string;
  readonly icon: string;
  readonly log: (message: string) => void;
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
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log(`${role}: its page ended (${reason}); loading it again`);
    if (!window.isDestroyed()) window.webContents.reload();
  });
  window.webContents.on('did-navigate', (_event, url) => {
    if (url === pageUrl(role)) return;
    // An empty page is the one place Chromium goes to without asking.
    log(`${role}: led away from its page; loading it again`);
    void window.loadURL(pageUrl(role));
  });
  void window.loadURL(pageUrl(role));
  return window;
}
