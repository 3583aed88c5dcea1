import { createRequire } from 'node:module';
import process from 'node:process';
import { createInterface } from 'node:readline';
import {
  app,
  BrowserWindow,
  ipcMain,
  nativeTheme,
  powerMonitor,
  screen,
  session,
  type Session,
  type WebContents,
} from 'electron/main';

/**
 * Runs a built program exactly as it is, and prints `mark: <what> <epoch ms>` when a window was shown and when its
 * page has painted what is watched for. The product needs no hook for being measured, and whatever it is compared
 * with pays the same for it. One JSON question a line on the standard input, see `Question` in `../programs.ts`, is
 * answered with one line `answer: <JSON>`.
 */
const program = given('BENCH_PROGRAM');
const watcher = given('BENCH_WATCH');

// As if the program had been started by its own folder. The types leave it out: only default apps may do this.
(app as typeof app & { setAppPath(path: string): void }).setAppPath(given('BENCH_ROOT'));

app.on('browser-window-created', (_event, window) => {
  if (window.isVisible()) mark('shown', Date.now());
  window.on('show', () => mark('shown', Date.now()));
  window.on('restore', () => mark('shown', Date.now()));
});

ipcMain.on('bench:painted', (_event, at: number) => mark('painted', at));
void app.whenReady().then(() => {
  // Since Electron 35 it has another name.
  const own = session.defaultSession as Partial<Session>;
  if (own.registerPreloadScript)
    session.defaultSession.registerPreloadScript({ type: 'frame', filePath: watcher });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
  else own.setPreloads?.([watcher]);
});

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, ...question } = JSON.parse(line) as { id: number; ask: string; code?: string };
  void answer(question.ask, question.code ?? '').then(
    (value) => say({ id, value }),
    (error: unknown) => say({ id, problem: String(error) }),
  );
});

createRequire(program)(program);

async function answer(ask: string, code: string): Promise<unknown> {
  const window = BrowserWindow.getAllWindows()[0];
  switch (ask) {
    case 'page':
      return window?.webContents.executeJavaScript(code);
    case 'close':
      for (const each of BrowserWindow.getAllWindows()) each.close();
      return null;
    case 'minimise':
      window?.minimize();
      return null;
    case 'visible':
      return window?.isVisible() === true && !window.isMinimized();
    case 'lock':
      // As Windows and macOS tell of it; on Linux Electron does not.
      powerMonitor.emit('lock-screen');
      return null;
    case 'listeners':
      return { ...mainListeners(), page: window ? await pageListeners(window.webContents) : 0 };
    default:
      throw new Error(`${ask}?`);
  }
}

/** Of everything in the main process that outlives a share, by whom and what is listened to. */
function mainListeners(): Record<string, number> {
  const [window] = BrowserWindow.getAllWindows();
  const emitters: Record<string, NodeJS.EventEmitter> = {
    ...{ process, app, ipcMain, nativeTheme, powerMonitor, screen },
    ...(window ? { window, webContents: window.webContents } : {}),
  };
  const counts: Record<string, number> = {};
  for (const [name, emitter] of Object.entries(emitters)) {
    for (const event of emitter.eventNames())
      counts[`${name} ${String(event)}`] = emitter.listenerCount(event);
  }
  return counts;
}

/** As the browser engine counts them, after it collected what nobody holds any more. */
async function pageListeners(page: WebContents): Promise<number> {
  page.debugger.attach();
  try {
    await page.debugger.sendCommand('HeapProfiler.collectGarbage');
    await page.debugger.sendCommand('Performance.enable');
    const { metrics } = (await page.debugger.sendCommand('Performance.getMetrics')) as {
      metrics: { name: string; value: number }[];
    };
    return metrics.find(({ name }) => name === 'JSEventListeners')?.value ?? Number.NaN;
  } finally {
    page.debugger.detach();
  }
}

function mark(what: string, at: number): void {
  process.stdout.write(`mark: ${what} ${at}\n`);
}

function say(line: unknown): void {
  process.stdout.write(`answer: ${JSON.stringify(line)}\n`);
}

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
}
