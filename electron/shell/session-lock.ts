import { createConnection } from 'node:net';
import process from 'node:process';
import { busCall, firstMessage, type Signal } from './bus-wire.ts';

export interface SessionLockOptions {
  readonly unlocked: () => void;
  /** As in `DBUS_SYSTEM_BUS_ADDRESS`. */
  readonly address?: string;
}

const standardAddress = 'unix:path=/run/dbus/system_bus_socket';
const session = 'org.freedesktop.login1.Session';
const changed = 'org.freedesktop.DBus.Properties.PropertiesChanged';

/** A lock screen answers the one, and sets the other when the person has unlocked it. */
const rules = [
  `type='signal',sender='org.freedesktop.login1',interface='${session}',member='Unlock'`,
  `type='signal',sender='org.freedesktop.login1',interface='org.freedesktop.DBus.Properties',` +
    `member='PropertiesChanged',arg0='${session}'`,
];

/** Where the socket is; null for a way of connecting that no system bus is offered by. */
function socketPath(address: string): string | null {
  const [, kind, place] = /^unix:(?:.*,)?(path|abstract)=([^,;]+)/.exec(address) ?? [];
  if (kind === undefined || place === undefined) return null;
  const path = decodeURIComponent(place);
  return kind === 'abstract' ? `\0${path}` : path;
}

function tellsOfUnlocking({ name, body }: Signal): boolean {
  if (name === `${session}.Unlock`) return true;
  if (name !== changed || body.text() !== session) return false;
  const end = body.u32() + body.offset;
  body.align(8);
  while (body.offset < end) {
    body.align(8);
    const property = body.text();
    const value = body.variant();
    if (property === 'LockedHint') return value === false;
  }
  return false;
}

function isUnlocking(signal: Signal): boolean {
  try {
    return tellsOfUnlocking(signal);
  } catch {
    // A property of a kind that is not known here; the next word may be plainer.
    return false;
  }
}

/**
 * On Linux Electron does not tell of a screen that was unlocked; the login manager does, over the system bus.
 * Where there is no such bus nothing is told. Returns its stop.
 */
export function followSessionLock({
  unlocked,
  address = process.env['DBUS_SYSTEM_BUS_ADDRESS'] ?? standardAddress,
}: SessionLockOptions): () => void {
  const path = socketPath(address);
  if (path === null) return () => undefined;
  const socket = createConnection({ path });
  let received = Buffer.alloc(0);
  let isGreeted = false;

  function greet(): void {
    const end = received.indexOf('\r\n');
    if (end < 0) return;
    const answer = received.toString('latin1', 0, end);
    received = received.subarray(end + 2);
    if (!answer.startsWith('OK ')) {
      socket.destroy();
      return;
    }
    isGreeted = true;
    socket.write('BEGIN\r\n');
    socket.write(busCall(1, 'Hello'));
    rules.forEach((rule, index) => socket.write(busCall(index + 2, 'AddMatch', rule)));
  }

  function listen(): void {
    for (let first = firstMessage(received); first; first = firstMessage(received)) {
      received = received.subarray(first.length);
      if (first.signal && isUnlocking(first.signal)) unlocked();
    }
  }

  socket.on('connect', () => {
    const who = Buffer.from(String(process.getuid?.() ?? '')).toString('hex');
    socket.write(`\0AUTH EXTERNAL ${who}\r\n`);
  });
  socket.on('data', (data: Buffer) => {
    received = Buffer.concat([received, data]);
    try {
      if (!isGreeted) greet();
      if (isGreeted) listen();
    } catch {
      // Not the protocol: from here on nothing it says can be told from noise.
      socket.destroy();
    }
  });
  // No bus, or no way to it: the program does without.
  socket.on('error', () => undefined);
  return () => {
    socket.destroy();
  };
}
