// @ts-check
import { once } from 'node:events';
import * as dbus from '@jellybrick/dbus-next';

/** @typedef {import('@jellybrick/dbus-next').MessageBus} MessageBus */

const DAEMON = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};

/**
 * @param {string} address for instance `unix:path=…`
 * @returns {Promise<MessageBus>} connected
 */
export async function connect(address) {
  const bus = dbus.sessionBus({ busAddress: address });
  await once(bus, 'connect');
  // The bus daemon goes before its last client does; that is no error of anybody's. The types forget that event.
  /** @type {import('node:events').EventEmitter} */ (bus).on('error', () => undefined);
  return bus;
}

/**
 * One method call without introspection, which Chromium's own objects do not offer.
 * @param {MessageBus} bus
 * @param {import('@jellybrick/dbus-next').MessageLike} message
 * @returns {Promise<any[]>} the reply's arguments; rejects with a `DBusError`
 */
export async function call(bus, message) {
  const reply = await bus.call(new dbus.Message(message));
  return reply?.body ?? [];
}

/**
 * @param {MessageBus} bus
 * @param {{ destination: string, path: string, interface: string, name: string }} property
 * @returns {Promise<any>} the plain value
 */
export async function property(bus, { destination, path, interface: owner, name }) {
  const [variant] = await call(bus, {
    destination,
    path,
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    signature: 'ss',
    body: [owner, name],
  });
  return variant.value;
}

/**
 * Resolves when somebody owns the name.
 * @param {MessageBus} bus
 * @param {string} name
 */
export async function untilOwned(bus, name) {
  await call(bus, {
    ...DAEMON,
    member: 'AddMatch',
    signature: 's',
    body: [`type='signal',sender='${DAEMON.destination}',member='NameOwnerChanged',arg0='${name}'`],
  });
  /** @type {Promise<void>} */
  const appears = new Promise((resolve) => {
    /** @param {import('@jellybrick/dbus-next').Message} message */
    function listen({ member, body }) {
      if (member !== 'NameOwnerChanged' || body[0] !== name || body[2] === '') return;
      bus.off('message', listen);
      resolve();
    }
    bus.on('message', listen);
  });
  // Asked after listening: an owner that appears in between is not missed.
  const [owned] = await call(bus, { ...DAEMON, member: 'NameHasOwner', signature: 's', body: [name] });
  if (!owned) await appears;
}

/**
 * @param {MessageBus} bus
 * @param {string} name a unique or well-known name
 * @returns {Promise<number>} the process id behind it
 */
export async function processOf(bus, name) {
  const [pid] = await call(bus, {
    ...DAEMON,
    member: 'GetConnectionUnixProcessID',
    signature: 's',
    body: [name],
  });
  return pid;
}

/**
 * Turns a connection into a silent listener to everybody's messages.
 * @param {MessageBus} bus
 * @param {readonly string[]} rules match rules
 */
export async function becomeMonitor(bus, rules) {
  // A monitor that answers is thrown off the bus, and the library would answer calls made to others.
  bus.addMethodHandler(() => true);
  await call(bus, {
    ...DAEMON,
    interface: 'org.freedesktop.DBus.Monitoring',
    member: 'BecomeMonitor',
    signature: 'asu',
    body: [rules, 0],
  });
}
