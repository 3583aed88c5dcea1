import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * What a Linux desktop says over D-Bus, asked through GLib's `gdbus`, which comes with GTK's base system. A D-Bus
 * package would be loaded at every start for two questions.
 */

const bus = 'org.freedesktop.DBus';
const tray = 'org.kde.StatusNotifierWatcher';

function ask(command: string, args: readonly string[]): Promise<boolean | null> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 1500 }, (error, stdout) => {
      resolve(error ? null : stdout.includes('true'));
    });
  });
}

/**
 * Whether this desktop shows tray icons. Electron cannot tell on Linux, and a window hidden into a tray
 * that is not there is lost; so when nobody answers, the answer is no.
 */
export async function hasTrayHost(platform: NodeJS.Platform): Promise<boolean> {
  if (platform !== 'linux') return true;
  const method = `${bus}.NameHasOwner`;
  const question = ['call', '--session', '--dest', bus, '--object-path', '/', '--method', method, tray];
  const elsewhere = ['--session', '--print-reply', `--dest=${bus}`, '/', method, `string:${tray}`];
  return (await ask('gdbus', question)) ?? (await ask('dbus-send', elsewhere)) ?? false;
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
    // The kernel ends the listener with us, however we end.
    const args = ['--pdeathsig', 'TERM', '--', 'gdbus', 'monitor', '--system'];
    const listener = spawn('setpriv', [...args, '--dest', 'org.freedesktop.login1'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    listener.on('error', () => undefined);
    const lines = createInterface({ input: listener.stdout }).on('line', (line) => {
      if (unlocking.test(line)) unlocked();
    });
    end = () => {
      lines.close();
      listener.kill();
    };
  });
  return () => {
    clearImmediate(start);
    end();
  };
}
