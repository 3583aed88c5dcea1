// @ts-check
import { EventEmitter, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import * as dbus from '@jellybrick/dbus-next';
import { becomeMonitor, call, connect } from './bus.mjs';

const SERVICE = 'org.freedesktop.Notifications';

/**
 * What a program asked the desktop to show.
 * @typedef {object} Shown
 * @property {number} id given by the desktop; 0 until it has answered
 * @property {string} app
 * @property {string} summary
 * @property {string} body
 * @property {string[]} actions key, label, key, label …
 * @property {boolean} closed
 * @property {string[]} taken the actions the program was told of
 */

/** Reads along on the bus; the desktop's real notification service does the showing. */
export class Notifications {
  /** Everything shown since the desktop was started or cleared, oldest first. @type {Shown[]} */
  shown = [];

  #changes = new EventEmitter();
  /** Calls whose answer is still to come, by caller and serial. @type {Map<string, Shown>} */
  #asked = new Map();
  /** @type {string} */
  #address;
  /** @type {string} */
  #choiceFile;
  /** @type {import('@jellybrick/dbus-next').MessageBus | undefined} */
  #bus;

  /**
   * @param {string} address of the session bus
   * @param {string} choiceFile where the service's menu program looks for the action to take
   */
  constructor(address, choiceFile) {
    this.#address = address;
    this.#choiceFile = choiceFile;
  }

  async open() {
    this.#bus = await connect(this.#address);
    this.#bus.on('message', (message) => this.#read(message));
    await becomeMonitor(this.#bus, [`interface='${SERVICE}'`, "type='method_return'", "type='error'"]);
  }

  close() {
    this.#bus?.disconnect();
  }

  /**
   * @param {(shown: Shown) => boolean} wanted
   * @returns {Promise<Shown>} the first that fits, already shown or still to come; never rejects, so the
   *   test's own limit decides
   */
  async waitFor(wanted) {
    for (;;) {
      const found = this.shown.find((each) => each.id !== 0 && wanted(each));
      if (found !== undefined) return found;
      await once(this.#changes, 'change');
    }
  }

  /**
   * Takes an action of a notification, as a person would by clicking. Resolves when the desktop has told the program;
   * rejects when the notification was gone before: then nobody has heard of the click.
   * @param {Shown} shown still on screen, and not about to be replaced
   * @param {string} [action] its key; a click on the notification itself is `default`
   */
  async click(shown, action = 'default') {
    if (shown.id === 0) throw new Error(`"${shown.summary}" is not on screen yet.`);
    if (shown.closed) throw new Error(`"${shown.summary}" is not on screen any more.`);
    if (!shown.actions.includes(action)) throw new Error(`"${shown.summary}" has no action "${action}".`);
    // The service opens a menu of every action of every notification on screen; our menu program is a
    // search for this line.
    writeFileSync(this.#choiceFile, `\\[${shown.id},${action}\\]$\n`);
    await this.#tell('ContextMenuCall');
    while (!shown.taken.includes(action)) {
      if (shown.closed) throw new Error(`"${shown.summary}" was gone before the click.`);
      await once(this.#changes, 'change');
    }
  }

  /** Takes everything off the screen and forgets it, so that a test finds nothing of the one before it. */
  async clear() {
    await this.#tell('NotificationCloseAll');
    this.shown = [];
    this.#asked.clear();
  }

  /** @param {'ContextMenuCall' | 'NotificationCloseAll'} member of what dunst offers beside the standard */
  async #tell(member) {
    const bus = await connect(this.#address);
    try {
      await call(bus, {
        destination: SERVICE,
        path: '/org/freedesktop/Notifications',
        interface: 'org.dunstproject.cmd0',
        member,
      });
    } finally {
      bus.disconnect();
    }
  }

  /** @param {import('@jellybrick/dbus-next').Message} message */
  #read(message) {
    const { type, member, sender, serial, destination, replySerial } = message;
    const body = /** @type {any[]} */ (message.body);
    if (type === dbus.MessageType.METHOD_CALL && member === 'Notify') {
      const [app, replaced, , summary, text, actions] = body;
      const before = this.shown.find((each) => each.id !== 0 && each.id === replaced);
      if (before !== undefined) before.closed = true;
      /** @type {Shown} */
      const shown = { id: 0, app, summary, body: text, actions, closed: false, taken: [] };
      this.shown.push(shown);
      this.#asked.set(`${sender} ${serial}`, shown);
    } else if (type === dbus.MessageType.METHOD_RETURN) {
      const shown = this.#asked.get(`${destination} ${replySerial}`);
      if (shown === undefined) return;
      this.#asked.delete(`${destination} ${replySerial}`);
      shown.id = body[0];
    } else if (member === 'ActionInvoked') {
      for (const each of this.shown) if (each.id === body[0]) each.taken.push(body[1]);
    } else if (member === 'NotificationClosed') {
      for (const each of this.shown) if (each.id === body[0]) each.closed = true;
    }
    this.#changes.emit('change');
  }
}
