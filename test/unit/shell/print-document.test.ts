import { createHash } from 'node:crypto';
import type { BrowserWindow } from 'electron/main';
import { beforeEach, expect, it, vi } from 'vitest';
import {
  documentPolicy,
  hasPrinter,
  printOnPaper,
  printToPdf,
  type PrintedDocument,
} from '../../../electron/shell/print-document.ts';

type Answer = (what: { readonly cancel: boolean }) => void;

const engine = vi.hoisted(() => ({
  windows: new Set<object>(),
  preferences: {},
  serve: null as (() => Response) | null,
  request: null as ((details: { url: string }, answer: Answer) => void) | null,
  loaded: [] as string[],
  print: () => Promise.resolve(Buffer.from('%PDF-')),
  /** How the system's dialog ends. */
  dialog: { isPrinted: true, reason: '' },
  options: {},
  gone: (): void => undefined,
}));
vi.mock('electron/main', () => ({
  session: {
    fromPartition: (name: string) => {
      if (name.startsWith('persist:')) throw new Error('Nothing of it may be on the disk.');
      return {
        setPermissionRequestHandler: () => undefined,
        setPermissionCheckHandler: () => undefined,
        webRequest: { onBeforeRequest: (handle: typeof engine.request) => (engine.request = handle) },
        protocol: {
          handle: (_scheme: string, serve: () => Response) => (engine.serve = serve),
          unhandle: () => (engine.serve = null),
        },
      };
    },
  },
  BrowserWindow: class {
    readonly webContents = {
      once: (_event: string, call: (event: object, details: { reason: string }) => void) => {
        engine.gone = () => {
          call({}, { reason: 'crashed' });
        };
      },
      printToPDF: () => engine.print(),
      getTitle: () => '2 records',
      print: (options: object, done: (isPrinted: boolean, reason: string) => void) => {
        engine.options = options;
        done(engine.dialog.isPrinted, engine.dialog.reason);
      },
    };
    constructor({ show, webPreferences }: { show: boolean; webPreferences: Record<string, unknown> }) {
      if (show) throw new Error('Nobody sees it.');
      engine.preferences = webPreferences;
      engine.windows.add(this);
    }
    loadURL(address: string): Promise<void> {
      engine.loaded.push(address);
      return Promise.resolve();
    }
    isDestroyed(): boolean {
      return !engine.windows.has(this);
    }
    destroy(): void {
      engine.windows.delete(this);
    }
  },
}));

const style = 'p { color: #000 }';
const document: PrintedDocument = { html: `<style>${style}</style><p>Ana`, style, pageSize: 'A4' };

beforeEach(() => {
  engine.windows.clear();
  engine.loaded = [];
  engine.print = () => Promise.resolve(Buffer.from('%PDF-'));
});

it('is drawn where nothing runs, nothing is fetched and nobody looks, and is gone afterwards', async () => {
  let answered: { html: string; policy: string | null } | null = null;
  const cancelled: string[] = [];
  engine.print = async () => {
    const response = engine.serve?.();
    if (response)
      answered = { html: await response.text(), policy: response.headers.get('content-security-policy') };
    for (const url of [...engine.loaded, 'https://example.com/', 'file:///etc/passwd', 'data:image/png,'])
      engine.request?.({ url }, ({ cancel }) => {
        if (cancel) cancelled.push(url);
      });
    return Buffer.from('%PDF-');
  };
  expect(String(await printToPdf(document, new AbortController().signal))).toBe('%PDF-');
  expect(answered).toEqual({ html: document.html, policy: documentPolicy(style) });
  expect(cancelled).toEqual(['https://example.com/', 'file:///etc/passwd', 'data:image/png,']);
  expect(engine.preferences).toMatchObject({
    javascript: false,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
  });
  expect(engine.preferences).not.toHaveProperty('preload');
  expect([engine.windows.size, engine.serve]).toEqual([0, null]);
});

it('has a policy that knows its own style by its hash, and nothing else', () => {
  const hash = createHash('sha256').update(style).digest('base64');
  expect(documentPolicy(style)).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
});

it('ends when it is stopped, and when its page breaks: nothing of it stays', async () => {
  const stop = new AbortController();
  engine.print = () => new Promise(() => undefined);
  const stopped = printToPdf(document, stop.signal);
  stop.abort(new Error('not wanted any more'));
  await expect(stopped).rejects.toThrow('not wanted any more');
  expect([engine.windows.size, engine.serve]).toEqual([0, null]);

  const broken = printToPdf(document, new AbortController().signal);
  engine.gone();
  await expect(broken).rejects.toThrow('crashed');
  expect([engine.windows.size, engine.serve]).toEqual([0, null]);
  await expect(printToPdf(document, stop.signal)).rejects.toThrow('not wanted any more');
  expect(engine.windows.size).toBe(0);
});

it('is printed through the dialog of the system, which a person may also close', async () => {
  const print = (isPrinted: boolean, reason: string): Promise<boolean> => {
    engine.dialog = { isPrinted, reason };
    return printOnPaper(document, new AbortController().signal);
  };
  expect(await print(true, '')).toBe(true);
  // Its own dialog, and numbered pages.
  expect(engine.options).toEqual({ pageSize: 'A4', header: '2 records', footer: 'Sharelight' });
  expect(await print(false, 'Print job canceled')).toBe(false);
  await expect(print(false, 'Print job failed')).rejects.toThrow('Print job failed');
  expect([engine.windows.size, engine.serve]).toEqual([0, null]);
});

it('needs a printer', async () => {
  const windowOf = (printers: readonly object[]) =>
    ({ webContents: { getPrintersAsync: () => Promise.resolve(printers) } }) as unknown as BrowserWindow;
  expect(await hasPrinter(windowOf([{ name: 'Office' }]))).toBe(true);
  expect(await hasPrinter(windowOf([]))).toBe(false);
  expect(await hasPrinter(null)).toBe(false);
});
