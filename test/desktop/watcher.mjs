// @ts-check
import * as dbus from '@jellybrick/dbus-next';
import { call, connect } from './bus.mjs';

const NAME = 'org.kde.StatusNotifierWatcher';
const PATH = '/StatusNotifierWatcher';

/**
 * `hasHost`: something draws the icons. `accepts`: it takes them; else it refuses with an error, or keeps silent
 * about it and does not list them.
 * @typedef {{ hasHost: boolean, accepts: 'all' | 'none' | 'none, silently' }} Manner
 */

/**
 * @param {import('@jellybrick/dbus-next').MessageBus} bus
 * @param {(name: string) => void} onGone
 */
async function follow(bus, onGone) {
  bus.on('message', ({ member, body }) => {
    if (member === 'NameOwnerChanged' && body[2] === '') onGone(String(body[0]));
  });
  await call(bus, {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
    member: 'AddMatch',
    signature: 's',
    body: ["type='signal',member='NameOwnerChanged'"],
  });
}

/** A watcher of tray icons, played: with a host or without, friendly or not. */
export class Watcher {
  /** The bus names whose icons it has. @type {string[]} */
  items = [];
  /** How often an icon was offered. */
  offered = 0;

  #bus;
  /** @type {Manner} */
  #manner;

  /**
   * @param {import('@jellybrick/dbus-next').MessageBus} bus
   * @param {Manner} manner
   */
  constructor(bus, manner) {
    this.#bus = bus;
    this.#manner = manner;
    bus.addMethodHandler((/** @type {dbus.Message} */ message) => this.#answer(message));
  }

  /**
   * @param {string} address of the session bus
   * @param {Partial<Manner>} manner
   */
  static async start(address, manner) {
    const bus = await connect(address);
    const watcher = new Watcher(bus, { hasHost: true, accepts: 'all', ...manner });
    await follow(bus, (name) => {
      watcher.items = watcher.items.filter((item) => item !== name);
    });
    await bus.requestName(NAME, 0);
    return watcher;
  }

  /** @param {boolean} hasHost something that draws has come, or the last one has gone */
  setHost(hasHost) {
    this.#manner = { ...this.#manner, hasHost };
    this.#signal(hasHost ? 'StatusNotifierHostRegistered' : 'StatusNotifierHostUnregistered');
  }

  /** It goes, and takes its name along. */
  close() {
    this.#bus.disconnect();
  }

  /**
   * @param {string} member
   * @param {string} [item]
   */
  #signal(member, item) {
    const signal =
      item === undefined
        ? dbus.Message.newSignal(PATH, NAME, member)
        : dbus.Message.newSignal(PATH, NAME, member, 's', [item]);
    this.#bus.send(signal);
  }

  /** @param {dbus.Message} message */
  #answer(message) {
    if (message.path !== PATH) return false;
    const properties = {
      IsStatusNotifierHostRegistered: new dbus.Variant('b', this.#manner.hasHost),
      RegisteredStatusNotifierItems: new dbus.Variant(
        'as',
        this.items.map((name) => `${name}/StatusNotifierItem`),
      ),
      ProtocolVersion: new dbus.Variant('i', 0),
    };
    switch (message.member) {
      case 'GetAll':
        this.#bus.send(dbus.Message.newMethodReturn(message, 'a{sv}', [properties]));
        return true;
      case 'Get': {
        const name = /** @type {keyof typeof properties} */ (message.body[1]);
        this.#bus.send(dbus.Message.newMethodReturn(message, 'v', [properties[name]]));
        return true;
      }
      case 'RegisterStatusNotifierItem':
        this.#register(message);
        return true;
      default:
        return false;
    }
  }

  /** @param {dbus.Message} message */
  #register(message) {
    this.offered += 1;
    const { accepts } = this.#manner;
    if (accepts === 'none') {
      this.#bus.send(dbus.Message.newError(message, 'org.freedesktop.DBus.Error.LimitsExceeded', 'No room.'));
      return;
    }
    this.#bus.send(dbus.Message.newMethodReturn(message, '', []));
    if (accepts !== 'all') return;
    const name = message.sender ?? '';
    this.items.push(name);
    this.#signal('StatusNotifierItemRegistered', `${name}/StatusNotifierItem`);
  }
}
