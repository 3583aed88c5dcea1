import { createHash } from 'node:crypto';
import { BrowserWindow, session, type Session } from 'electron/main';
import { asError } from '../../domain/toolbox/result.ts';
import { scheme } from './pages.ts';

/** A document of ours: a whole page of HTML, and the text of its one style element. */
export interface PrintedDocument {
  readonly html: string;
  readonly style: string;
  readonly pageSize: 'A4' | 'Letter';
}

/** In memory alone, and apart from the windows: what is printed leaves nothing on the disk. */
const partition = 'document';
const address = `${scheme}://document/`;

/** Nothing runs in it and nothing is fetched for it; it may be styled as we wrote, and not otherwise. */
export function documentPolicy(style: string): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function openSession({ html, style }: PrintedDocument): Session {
  const own = session.fromPartition(partition, { cache: false });
  own.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  own.setPermissionCheckHandler(() => false);
  own.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: url !== address });
  });
  own.protocol.handle(
    scheme,
    () =>
      new Response(html, {
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': documentPolicy(style),
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-store',
        },
      }),
  );
  return own;
}

/** The engine fills in all three. */
const footer =
  '<div style="width:100%;font-size:7pt;text-align:center"><span class="title"></span> · <span class="pageNumber"></span> / <span class="totalPages"></span></div>';
const inches = { top: 0.6, bottom: 0.7, left: 0.7, right: 0.7 };

/**
 * A document as PDF. One at a time, as with `printOnPaper`.
 * @throws the signal's reason, or why it could not be drawn
 */
export function printToPdf(document: PrintedDocument, signal: AbortSignal): Promise<Uint8Array> {
  return drawn(document, signal, ({ webContents }) =>
    webContents.printToPDF({
      pageSize: document.pageSize,
      margins: inches,
      displayHeaderFooter: true,
      // Without one it would be the date and the title.
      headerTemplate: '<span></span>',
      footerTemplate: footer,
      generateTaggedPDF: true,
      generateDocumentOutline: true,
    }),
  );
}

/** Whether the system knows a printer; a window of any kind has to ask. */
export async function hasPrinter(window: BrowserWindow | null): Promise<boolean> {
  return window !== null && (await window.webContents.getPrintersAsync()).length > 0;
}

/** What the engine calls it when the person closes the system's dialog; it has no other sign of it. */
const changedMind = /cancel/i;

/**
 * The same pages through the system's own dialog. False: the person changed their mind.
 * @throws the signal's reason, or why it was not printed
 */
export function printOnPaper(document: PrintedDocument, signal: AbortSignal): Promise<boolean> {
  return drawn(
    document,
    signal,
    ({ webContents }) =>
      new Promise((resolve, reject) => {
        // Given one, the engine also numbers the pages.
        const options = { pageSize: document.pageSize, header: webContents.getTitle(), footer: 'Sharelight' };
        webContents.print(options, (isPrinted, reason) => {
          if (isPrinted || changedMind.test(reason)) resolve(isPrinted);
          else reject(new Error(reason));
        });
      }),
  );
}

/** Draws a document in a window nobody sees, for something to be done with it. */
async function drawn<Value>(
  document: PrintedDocument,
  signal: AbortSignal,
  use: (window: BrowserWindow) => Promise<Value>,
): Promise<Value> {
  signal.throwIfAborted();
  const own = openSession(document);
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      session: own,
      javascript: false,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  });
  const broken = new Promise<never>((_resolve, reject) => {
    const stop = (): void => {
      reject(asError(signal.reason));
    };
    signal.addEventListener('abort', stop, { once: true });
    window.webContents.once('render-process-gone', (_event, { reason }) => {
      reject(new Error(reason));
    });
  });
  const draw = async (): Promise<Value> => {
    await window.loadURL(address);
    return use(window);
  };
  try {
    return await Promise.race([draw(), broken]);
  } finally {
    if (!window.isDestroyed()) window.destroy();
    own.protocol.unhandle(scheme);
  }
}
