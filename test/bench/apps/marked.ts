import { createRequire } from 'node:module';
import process from 'node:process';
import { app } from 'electron/main';

/**
 * Runs a built program exactly as it is, and prints `mark: <what> <epoch ms>` when its first window was shown
 * and when its page has painted what is watched for. The product needs no hook for being measured, and the
 * blank app it is compared with pays the same for it.
 */
const program = given('BENCH_PROGRAM');
const watch = given('BENCH_WATCH');

// As if the program had been started by its own folder. The types leave it out: only default apps may do this.
(app as typeof app & { setAppPath(path: string): void }).setAppPath(given('BENCH_ROOT'));

app.once('browser-window-created', (_event, window) => {
  if (window.isVisible()) mark('shown', Date.now());
  else window.once('show', () => mark('shown', Date.now()));
  window.webContents.once('dom-ready', () => {
    void window.webContents.executeJavaScript(watch).then((at: number) => mark('painted', at));
  });
});

createRequire(program)(program);

function mark(what: string, at: number): void {
  process.stdout.write(`mark: ${what} ${at}\n`);
}

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
}
