import type { Clock } from '../../domain/toolbox/clock.ts';
import { createSerialQueue } from '../../domain/toolbox/serial-queue.ts';
import { callBus, monitorBus } from './dbus.ts';

/**
 * Whether the tray shows our icon, and goes on showing it. Electron cannot tell on Linux, and a window hidden into
 * a tray that is not there is lost. Three things must be so: a watcher is on the bus, it has a host that draws, and
 * it has accepted our icon.
 */

const watcher = 'org.kde.StatusNotifierWatcher';
const bus = 'org.freedesktop.DBus';

/** Signals come in bursts, ms. */
const quietMs = 150;
/** A panel that starts again takes about so long, and so does an icon to be accepted, ms. */
const graceMs = 1200;
/** Before a bus that could not be listened to is tried again, ms. */
const againMs = 10_000;

interface Watcher {
  readonly hasHost: boolean;
  /** Bus names behind the accepted icons. */
  readonly owners: readonly string[];
}

/** Reads the watcher's properties as `gdbus` prints them. */
export function parseWatcher(reply: string): Watcher {
  const list = /'RegisteredStatusNotifierItems': <(?:@as )?\[([^\]]*)\]>/.exec(reply)?.[1] ?? '';
  return {
    hasHost: reply.includes("'IsStatusNotifierHostRegistered': <true>"),
    // A bus name, with the path of the icon behind it for some watchers.
    owners: [...list.matchAll(/'([^'/]+)[^']*'/g)].map(([, name = '']) => name),
  };
}

async function readWatcher(): Promise<Watcher | null> {
  const reply = await callBus(watcher, '/StatusNotifierWatcher', `${bus}.Properties.GetAll`, watcher);
  return reply === null ? null : parseWatcher(reply);
}

/** Whether this desktop draws tray icons at all. */
export async function hasTrayHost(platform: NodeJS.Platform): Promise<boolean> {
  return platform !== 'linux' || (await readWatcher())?.hasHost === true;
}

async function isOurs(name: string): Promise<boolean> {
  const reply = await callBus(bus, '/', `${bus}.GetConnectionUnixProcessID`, name);
  return Number(/uint32 (\d+)/.exec(reply ?? '')?.[1]) === process.pid;
}

interface TrayHostParts {
  readonly platform: NodeJS.Platform;
  readonly clock: Pick<Clock, 'after'>;
  /** The icon is there, or is no more; first said as soon as it is known. */
  readonly onChange: (isShown: boolean) => void;
  /** The icon must be made again: one made before its host is accepted by nobody. */
  readonly renew: () => void;
}

interface TrayHost {
  /** Looks now, for whoever cannot wait for a signal to be heard. */
  readonly check: () => Promise<void>;
  readonly stop: () => void;
}

/** Follows the watcher, its hosts and our icon in it; a short absence does not count. */
export function followTrayHost({ platform, clock, onChange, renew }: TrayHostParts): TrayHost {
  if (platform !== 'linux') {
    onChange(true);
    return { check: () => Promise.resolve(), stop: () => undefined };
  }
  let stopped = false;
  let said: boolean | null = null;
  /** A bus name that was ours once; they are not given twice. */
  let ourName = '';
  /** Once for each host: an icon it refuses, it refuses again. */
  let mayRenew = true;
  const looks = createSerialQueue();
  let cancelLook = (): void => undefined;
  let cancelGrace: (() => void) | null = null;
  let endMonitor = (): void => undefined;
  let cancelStart = (): void => undefined;

  function say(isShown: boolean): void {
    cancelGrace?.();
    cancelGrace = null;
    if (said === isShown) return;
    said = isShown;
    onChange(isShown);
  }

  async function hasOurs(owners: readonly string[]): Promise<boolean> {
    if (owners.includes(ourName)) return true;
    // Ours is among the latest.
    for (const name of [...owners].reverse()) {
      if (!(await isOurs(name))) continue;
      ourName = name;
      return true;
    }
    return false;
  }

  function expectIcon(hasHost: boolean): void {
    if (!hasHost) mayRenew = true;
    cancelGrace ??= clock.after(graceMs, () => void look(true));
  }

  /** The grace is over and the icon is still not there. */
  function giveUp(hasHost: boolean): void {
    cancelGrace = null;
    if (!hasHost || !mayRenew) {
      say(false);
      return;
    }
    mayRenew = false;
    ourName = '';
    renew();
    expectIcon(hasHost);
  }

  /** One at a time: an old answer never follows a new one. */
  function look(isGraceOver = false): Promise<void> {
    return looks.run(async () => {
      const found = await readWatcher();
      const hasHost = found?.hasHost === true;
      const isShown = hasHost && (await hasOurs(found.owners));
      if (stopped) return;
      if (isShown) say(true);
      else if (isGraceOver) giveUp(hasHost);
      else expectIcon(hasHost);
    });
  }

  function lookSoon(): void {
    cancelLook();
    cancelLook = clock.after(quietMs, () => void look());
  }

  function start(): void {
    endMonitor = monitorBus(
      'session',
      watcher,
      (line) => {
        // Another host may take what the last one refused.
        if (/is owned by|HostRegistered|HostUnregistered/.test(line)) mayRenew = true;
        lookSoon();
      },
      () => {
        lookSoon();
        cancelStart = clock.after(againMs, start);
      },
    );
  }

  start();
  lookSoon();
  return {
    check: () => look(),
    stop: () => {
      stopped = true;
      endMonitor();
      cancelStart();
      cancelLook();
      cancelGrace?.();
    },
  };
}
