// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as dbus from '@jellybrick/dbus-next';
import { call, processOf, property } from './bus.mjs';

const WATCHER = {
  destination: 'org.kde.StatusNotifierWatcher',
  path: '/StatusNotifierWatcher',
  interface: 'org.kde.StatusNotifierWatcher',
};
const ITEM = 'org.kde.StatusNotifierItem';
const MENU = 'com.canonical.dbusmenu';

/**
 * @typedef {object} MenuItem
 * @property {number} id
 * @property {string} label with the underscore that marks its key removed; '' for a separator
 * @property {boolean} enabled
 * @property {boolean} visible
 * @property {boolean | undefined} checked nothing when it is no check or radio item
 * @property {MenuItem[]} children
 *
 * @typedef {object} TrayItem
 * @property {string} title
 * @property {string} toolTip
 * @property {string} icon differs when the picture differs
 * @property {MenuItem[]} menu
 */

/** The tray as the panel sees it: the StatusNotifierItem protocol on the session bus. */
export class Tray {
  #bus;

  /** @param {import('@jellybrick/dbus-next').MessageBus} bus */
  constructor(bus) {
    this.#bus = bus;
  }

  /**
   * @param {number} pid of the program
   * @returns {Promise<TrayItem | undefined>} nothing while the program has no item
   */
  async read(pid) {
    const item = await this.#find(pid);
    if (item === undefined) return undefined;
    const [properties] = await call(this.#bus, {
      ...item,
      interface: 'org.freedesktop.DBus.Properties',
      member: 'GetAll',
      signature: 's',
      body: [ITEM],
    });
    const [, , title, text] = properties.ToolTip.value;
    const picture = pictureOf(properties);
    // Another one has taken its place while this one was looked up.
    if (picture === undefined) return this.read(pid);
    return {
      title: properties.Title.value,
      toolTip: [title, text].filter(Boolean).join('\n'),
      icon: hashOf(picture),
      menu: (await this.#menu(item)).items,
    };
  }

  /**
   * Takes the menu item with this label, at any depth. A menu that is replaced while it is open is looked at again,
   * as a panel does.
   * @param {number} pid
   * @param {string} label
   */
  async choose(pid, label) {
    const item = await this.#require(pid);
    const menu = await this.#menu(item);
    const found = flatten(menu.items).find((each) => each.label === label);
    if (found === undefined) throw new Error(`The tray menu has no "${label}".`);
    if (!found.enabled) throw new Error(`"${label}" is greyed out in the tray menu.`);
    try {
      await call(this.#bus, {
        destination: item.destination,
        path: menu.path,
        interface: MENU,
        member: 'Event',
        signature: 'isvu',
        body: [found.id, 'clicked', new dbus.Variant('s', ''), 0],
      });
    } catch (error) {
      const now = await this.#menu(await this.#require(pid));
      if (now.path === menu.path && now.revision === menu.revision) throw error;
      await this.choose(pid, label);
    }
  }

  /**
   * A plain click on the icon.
   * @param {number} pid
   */
  async click(pid) {
    const item = await this.#require(pid);
    await call(this.#bus, { ...item, member: 'Activate', signature: 'ii', body: [0, 0] });
  }

  /** @param {number} pid */
  async #require(pid) {
    const item = await this.#find(pid);
    if (item === undefined) throw new Error(`Process ${pid} has no tray item.`);
    return item;
  }

  /** @param {number} pid */
  async #find(pid) {
    /** @type {string[]} */
    const registered = await property(this.#bus, { ...WATCHER, name: 'RegisteredStatusNotifierItems' });
    for (const entry of registered) {
      // A bus name followed by an object path.
      const slash = entry.indexOf('/');
      const destination = slash < 0 ? entry : entry.slice(0, slash);
      const path = slash < 0 ? '/StatusNotifierItem' : entry.slice(slash);
      if ((await processOf(this.#bus, destination)) === pid) return { destination, path, interface: ITEM };
    }
    return undefined;
  }

  /**
   * @param {{ destination: string, path: string, interface: string }} item
   * @returns {Promise<{ path: string, revision: number, items: MenuItem[] }>} `revision` grows with each change
   */
  async #menu(item) {
    const path = await property(this.#bus, { ...item, name: 'Menu' });
    const [revision, root] = await call(this.#bus, {
      destination: item.destination,
      path,
      interface: MENU,
      member: 'GetLayout',
      signature: 'iias',
      body: [0, -1, []],
    });
    return { path, revision, items: menuItem(root).children };
  }
}

/**
 * @param {any} layout `(ia{sv}av)`, where an absent property has the protocol's default
 * @returns {MenuItem}
 */
function menuItem([id, properties, children]) {
  const value = (/** @type {string} */ name) => properties[name]?.value;
  return {
    id,
    label: value('type') === 'separator' ? '' : String(value('label') ?? '').replace(/_(.)/g, '$1'),
    enabled: value('enabled') ?? true,
    visible: value('visible') ?? true,
    checked: value('toggle-type') ? value('toggle-state') === 1 : undefined,
    children: children.map((/** @type {any} */ child) => menuItem(child.value)),
  };
}

/**
 * @param {MenuItem[]} items
 * @returns {MenuItem[]}
 */
function flatten(items) {
  return items.flatMap((item) => [item, ...flatten(item.children)]);
}

/**
 * Chromium hands the picture over as pixels or, depending on the desktop, as a file with a fresh name each
 * time. The bytes decide, not the name.
 * @param {any} properties
 * @returns {Uint8Array[] | undefined} nothing when the file has gone by now
 */
function pictureOf(properties) {
  const pixels = properties.IconPixmap?.value ?? [];
  if (pixels.length > 0) return pixels.map((/** @type {any} */ pixmap) => pixmap[2]);
  const folder = properties.IconThemePath?.value ?? '';
  const name = properties.IconName?.value ?? '';
  if (name === '') return [];
  const file = path.join(folder, `${name}.png`);
  return existsSync(file) ? [readFileSync(file)] : undefined;
}

/** @param {readonly Uint8Array[]} parts */
function hashOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}
