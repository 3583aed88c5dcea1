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

/**
 * Has the login manager wait before the machine sleeps, for as long as it lets programs (five seconds, unless it was told
 * otherwise): the lock is held by a process of systemd's, as one is passed on as an open file. Where there is no such
 * program, nothing waits. Returns what lets it sleep.
 */
export function delaySleep(why: string, platform: NodeJS.Platform): () => void {
  if (platform !== 'linux') return () => undefined;
  const lock = ['systemd-inhibit', '--what=sleep', '--mode=delay', '--who=Sharelight', `--why=${why}`, 'cat'];
  const holder = spawn('setpriv', ['--pdeathsig', 'TERM', '--', ...lock], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ignore = (): void => undefined;
  holder.on('error', ignore);
  holder.stdin.on('error', ignore);
  return () => {
    // What it runs ends with its input.
    holder.stdin.end();
    holder.kill();
  };
}

/** How long a program of the desktop may take to answer, ms. */
const answerWithinMs = 1500;

type Question = [destination: string, path: string, method: string, ...args: readonly string[]];

/** Calls a method on the session bus; the reply as `gdbus` prints it, `null` when there is none. */
export function callBus(...question: Question): Promise<string | null> {
  return call('session', question);
}

/** The same on the system bus. */
export function callSystemBus(...question: Question): Promise<string | null> {
  return call('system', question);
}

function call(
  bus: 'session' | 'system',
  [destination, path, method, ...args]: Question,
): Promise<string | null> {
  const where = [`--${bus}`, '--dest', destination, '--object-path', path, '--method', method];
  return new Promise((resolve) => {
    execFile('gdbus', ['call', ...where, ...args], { timeout: answerWithinMs }, (error, stdout) => {
      resolve(error ? null : stdout);
    });
  });
}

/** The name of the notification service on the session bus, and its path. */
const notificationService = 'org.freedesktop.Notifications';
const notificationPath = '/org/freedesktop/Notifications';

/**
 * Whether the person has asked the desktop not to disturb, as its notification service says it; false where it does not
 * say. It is read and never changed.
 */
export async function readDoNotDisturb(platform: NodeJS.Platform): Promise<boolean> {
  if (platform !== 'linux') return false;
  const property = [notificationService, 'Inhibited'];
  const reply = await callBus(
    notificationService,
    notificationPath,
    'org.freedesktop.DBus.Properties.Get',
    ...property,
  );
  return reply !== null && reply.includes('<true>');
}

/** What a service that reads markup would take for some. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * How the body of a notification must be written: on Linux most services read it as markup, so `&` and `<` in a name
 * blank it. Asked at the start, and after each use for the next: another service may have come. Until it has answered,
 * or where nobody does, it is taken for one that does.
 */
export function createNotificationBody(platform: NodeJS.Platform): (body: string) => string {
  if (platform !== 'linux') return (body) => body;
  let readsMarkup = true;
  const learn = async (): Promise<void> => {
    const reply = await callBus(
      notificationService,
      notificationPath,
      `${notificationService}.GetCapabilities`,
    );
    readsMarkup = reply === null || reply.includes("'body-markup'");
  };
  setImmediate(() => void learn());
  return (body) => {
    void learn();
    return readsMarkup ? escapeMarkup(body) : body;
  };
}

/**
 * A lock screen answers `Lock` and `Unlock`, and sets `LockedHint` once it is up, or the person is back. `gdbus monitor`
 * prints a signal as `<path>: <interface>.<name> (<arguments>)`.
 */
const lockSignal =
  /^(\S+): org\.freedesktop\.(?:login1\.Session\.(Lock|Unlock) \(|DBus\.Properties\.PropertiesChanged \('org\.freedesktop\.login1\.Session', \{.*'LockedHint': <(true|false)>)/;

/** `2` → `/org/freedesktop/login1/session/_32`: the first digit is written as its code. */
function sessionPath(id: string): string {
  const escaped = id.replaceAll(/^\d|[^A-Za-z\d]/g, (letter) => `_${letter.charCodeAt(0).toString(16)}`);
  return `/org/freedesktop/login1/session/${escaped}`;
}

/**
 * On Linux Electron does not tell when a screen is locked and unlocked; the login manager does, over the system bus.
 * Where there is no bus or no `gdbus`, or once they are gone, nothing is told. Returns its stop.
 *
 * @param sessionId of our own login (`XDG_SESSION_ID`): others of this machine lock their screens too; without one,
 *   any counts
 */
export function followSessionLock(
  changed: (isLocked: boolean) => void,
  sessionId: string | undefined = process.env['XDG_SESSION_ID'],
): () => void {
  const own = sessionId === undefined || sessionId === '' ? null : sessionPath(sessionId);
  let end = (): void => undefined;
  // Starting a process takes milliseconds, which belong to the first window.
  const start = setImmediate(() => {
    end = monitorBus('system', 'org.freedesktop.login1', (line) => {
      const [, path, order, hint] = lockSignal.exec(line) ?? [];
      if (path === undefined || (own !== null && path !== own)) return;
      changed(order === 'Lock' || hint === 'true');
    });
  });
  return () => {
    clearImmediate(start);
    end();
  };
}
