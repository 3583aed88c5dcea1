import * as dbus from '@jellybrick/dbus-next';
import { connect } from '../../desktop/bus.mjs';
import type { Desktop } from '../../desktop/desktop.mjs';

/** The system's login manager, played on the desktop's own system bus: it tells of sleep and of waking. */
export interface Logind {
  /** Resolves when the app listens: it asks to be waited for before a sleep. */
  readonly asked: Promise<void>;
  /** What was asked to be waited for, as `what mode why`, by whom it was. */
  readonly askedBy: (who: string) => string[];
  readonly sleep: () => void;
  readonly shutDown: () => void;
  readonly wake: () => void;
  /** As a lock screen says it once it is up. */
  readonly lock: () => void;
  /** As a lock screen says it once the person is back, or as one is told to open. */
  readonly unlock: (how: 'hint' | 'order') => void;
  readonly close: () => void;
}

const manager = {
  path: '/org/freedesktop/login1',
  interface: 'org.freedesktop.login1.Manager',
};

const session = { path: '/org/freedesktop/login1/session/_31', interface: 'org.freedesktop.login1.Session' };

function opened(): dbus.Message {
  return dbus.Message.newSignal(session.path, session.interface, 'Unlock');
}

function hinted(isLocked: boolean): dbus.Message {
  const changed = { IdleHint: new dbus.Variant('b', false), LockedHint: new dbus.Variant('b', isLocked) };
  const body = [session.interface, changed, []];
  return dbus.Message.newSignal(
    session.path,
    'org.freedesktop.DBus.Properties',
    'PropertiesChanged',
    'sa{sv}as',
    body,
  );
}

export async function playLogind(desktop: Desktop): Promise<Logind> {
  const bus = await connect(desktop.env['DBUS_SYSTEM_BUS_ADDRESS'] ?? '');
  let heard = (): void => undefined;
  const inhibits: string[][] = [];
  const asked = new Promise<void>((resolve) => (heard = resolve));
  bus.addMethodHandler((message: dbus.Message) => {
    if (message.interface !== manager.interface) return false;
    // Nobody is waited for here; the app has to do without, as it has on a system that refuses.
    bus.send(
      new dbus.Message({
        type: dbus.MessageType.ERROR,
        destination: message.sender,
        replySerial: message.serial ?? 0,
        errorName: 'org.freedesktop.DBus.Error.NotSupported',
        signature: 's',
        body: ['Not here.'],
      }),
    );
    if (message.member === 'Inhibit') {
      inhibits.push(message.body as string[]);
      heard();
    }
    return true;
  });
  await bus.requestName('org.freedesktop.login1', 0);
  const tell = (isSoon: boolean, member = 'PrepareForSleep'): void => {
    bus.send(dbus.Message.newSignal(manager.path, manager.interface, member, 'b', [isSoon]));
  };
  return {
    asked,
    askedBy: (who) =>
      inhibits.filter(([, by]) => by === who).map(([what, , why, mode]) => `${what} ${mode}: ${why}`),
    shutDown: () => {
      tell(true, 'PrepareForShutdown');
    },
    sleep: () => {
      tell(true);
    },
    wake: () => {
      tell(false);
    },
    lock: () => {
      bus.send(hinted(true));
    },
    unlock: (how) => {
      bus.send(how === 'order' ? opened() : hinted(false));
    },
    close: () => {
      bus.disconnect();
    },
  };
}
