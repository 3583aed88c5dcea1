import { shell } from 'electron/common';
import { app, session } from 'electron/main';
import { host, scheme } from './pages.ts';

/** Only our own pages load, nothing opens a window, and no page is granted anything. */
export function lockDown(log: (message: string) => void): void {
  // Where the command line gave the sandbox up (root, containers), asking for it would end every page.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => {
    const refuse = (event: { preventDefault(): void }, what: string): void => {
      event.preventDefault();
      log(`refused: ${what}`);
    };
    contents.on('will-navigate', (event) => {
      refuse(event, 'navigation');
    });
    contents.on('will-frame-navigate', (event) => {
      refuse(event, 'frame navigation');
    });
    contents.on('will-redirect', (event) => {
      refuse(event, 'redirect');
    });
    contents.on('will-attach-webview', (event) => {
      refuse(event, 'webview');
    });
    contents.setWindowOpenHandler(() => {
      log('refused: new window');
      return { action: 'deny' };
    });
  });
}

/**
 * Windows get no network and no permission; main alone speaks to the server. Must come before anything else
 * touches the session.
 */
export function denyPermissions(): void {
  const { defaultSession } = session;
  // Pages that check no spelling are not enough: Chromium would still fetch a dictionary.
  defaultSession.setSpellCheckerEnabled(false);
  defaultSession.setSpellCheckerLanguages([]);
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.webRequest.onBeforeRequest((details, answer) => {
    const own = details.url.startsWith(`${scheme}://${host}/`) || details.url.startsWith('devtools://');
    answer({ cancel: !own && !details.url.startsWith('data:image/') });
  });
}

/** Whether an address may be handed to the system: web pages, and plain http to this machine only. */
function mayOpen(url: URL): boolean {
  if (url.username !== '' || url.password !== '') return false;
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback);
}

/** Opens a page in the person's browser. Rejects when the address is not allowed or there is no browser. */
export async function openInBrowser(url: URL): Promise<void> {
  if (!mayOpen(url)) throw new Error('This address is not opened.');
  await shell.openExternal(url.href);
}
