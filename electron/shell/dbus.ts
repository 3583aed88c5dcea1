import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * What a Linux desktop says over D-Bus, asked through GLib's `gdbus`, which comes with GTK's base system. A D-Bus
 * package would be loaded at every start for a few questions.
 */

/**
 * Prints what a name on a bus says, through `line`, until it is stopped; `ended` when there is nobody to listen to
 * any more, or no `gdbus`. The kernel ends the listener with us, however we end. Returns its stop.
 */
export function monitorBus(
  bus: 'session' | 'system',
  name: string,
  line: (line: string) => void,
  ended: () => void = () => undefined,
): () => void {
  const args = ['--pdeathsig', 'TERM', '--', 'gdbus', 'monitor', `--${bus}`, '--dest', name];
  const listener = spawn('setpriv', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const lines = createInterface({ input: listener.stdout }).on('line', line);
  let stopped = false;
  const end = (): void => {
    if (stopped) return;
    stopped = true;
    ended();
  };
  listener.on('error', end);
  listener.on('close', end);
  return () => {
    stopped = true;
    lines.close();
    listener.kill();
  };
}

/** How long a program of the desktop may take to answer, ms. */
const answerWithinMs = 1500;

/** Calls a method on the session bus; the reply as `gdbus` prints it, `null` when there is none. */
export function callBus(
  destination: string,
  path: string,
  method: string,
  ...args: readonly string[]
): Promise<string | null> {
  const where = ['--session', '--dest', destination, '--object-path', path, '--method', method];
  return new Promise((resolve) => {
    execFile('gdbus', ['call', ...where, ...args], { timeout: answerWithinMs }, (error, stdout) => {
      resolve(error ? null : stdout);
    });
  });
}

/** What a service that reads markup would take for some. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * How the body of a notification must be written: on Linux most services read it as markup, so `&` and `<` in a name
 * blank it. Asked at the start, and after each use for the next: another service may have come. Until it has answered,
 * or where nobody does, it is taken for one that does.
 */
export function createNotificationBody(platform: NodeJS.Platform): (body: string) => string {
  if (platform !== 'linux') return (body) => body;
  const service = 'org.freedesktop.Notifications';
  const place = ['--object-path', '/org/freedesktop/Notifications', '--method', `${service}.GetCapabilities`];
  let readsMarkup = true;
  const learn = (): void => {
    execFile(
      'gdbus',
      ['call', '--session', '--dest', service, ...place],
      { timeout: 1500 },
      (error, stdout) => {
        readsMarkup = error !== null || stdout.includes("'body-markup'");
      },
    );
  };
  setImmediate(learn);
  return (body) => {
    learn();
    return readsMarkup ? escapeMarkup(body) : body;
  };
}

/**
 * A lock screen answers `Unlock`, and sets `LockedHint` once the person is back. `gdbus monitor` prints a signal as
 * `<path>: <interface>.<name> (<arguments>)`.
 */
const unlocking =
  /^\S+ org\.freedesktop\.(login1\.Session\.Unlock \(|DBus\.Properties\.PropertiesChanged \('org\.freedesktop\.login1\.Session', \{.*'LockedHint': <false>)/;

/**
 * On Linux Electron does not tell when a screen was unlocked; the login manager does, over the system bus. Where
 * there is no bus or no `gdbus`, or once they are gone, nothing is told. Returns its stop.
 */
export function followSessionLock(unlocked: () => void): () => void {
  let end = (): void => undefined;
  // Starting a process takes milliseconds, which belong to the first window.
  const start = setImmediate(() => {
    end = monitorBus('system', 'org.freedesktop.login1', (line) => {
      if (unlocking.test(line)) unlocked();
    });
  });
  return () => {
    clearImmediate(start);
    end();
  };
}
