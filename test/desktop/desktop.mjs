// @ts-check
import { execFile } from 'node:child_process';
import {
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { call, connect, untilOwned } from './bus.mjs';
import { Children } from './children.mjs';
import { layOutCompositor } from './compositor.mjs';
import { Displays } from './displays.mjs';
import { Notifications } from './notifications.mjs';
import { Tray } from './tray.mjs';
import { Watcher } from './watcher.mjs';
import { WindowManager } from './window-manager.mjs';

const CONFIG = fileURLToPath(new URL('config/', import.meta.url));
/** Says where the settings service of the panel and the window manager is installed. */
const SETTINGS_SERVICE = '/usr/share/dbus-1/services/org.xfce.Xfconf.service';
const SCREEN = '1280x800';
/** With room for the decoration the window manager gives it. */
const COMPOSITOR = '1200x700';
/** No saver after ten minutes without a person: a screen that is saved counts as locked, and names nobody. */
const SERVER = ['-displayfd', '3', '-nolisten', 'tcp', '-noreset', '-s', '0'];
/** What would lead a program to the desktop somebody is using. */
const ANOTHER_DESKTOP = ['WAYLAND_DISPLAY', 'XDG_CURRENT_DESKTOP', 'DESKTOP_SESSION', 'SESSION_MANAGER'];

const runProgram = promisify(execFile);

/**
 * Which parts the desktop has; all by default, except displays that come and go. `keyringFolder`: where the key
 * store lives, when it must outlive the desktop. `user`: whose desktop it is; default: whoever starts it. `wayland`:
 * its programs run on a Wayland compositor in a window of it, with or without XWayland. `screen`: its size, `1280x800`.
 * @typedef {{ tray?: boolean, notifications?: boolean, keyring?: boolean, keyringFolder?: string,
 *   displays?: boolean, user?: import('./children.mjs').User, wayland?: 'none' | 'alone' | 'xwayland', screen?: string }} Parts
 */

/**
 * A whole Linux desktop of its own, without a screen: X server, window manager, session bus, and as asked a
 * panel with a tray, a notification service and an unlocked key store. It shares nothing with a desktop
 * somebody is using, and ends with this process.
 * @param {Parts} [parts]
 * @returns {Promise<Desktop>} when every part is ready; rejects with the words of the part that is not
 */
export async function startDesktop(parts = {}) {
  const desktop = new Desktop(parts.user);
  try {
    await desktop.open(parts);
    return desktop;
  } catch (error) {
    await desktop.close();
    throw error;
  }
}

export class Desktop {
  /** For every program that is to run here. @type {NodeJS.ProcessEnv} */
  env = {};
  /** For tools that look at the screen and type: on Wayland they do so from outside. @type {NodeJS.ProcessEnv} */
  screenEnv = this.env;
  /** For Electron on this desktop, before the app's folder. @type {string[]} */
  electronArgs = [];

  #children;
  #user;
  #runtime = '';
  /** @type {import('@jellybrick/dbus-next').MessageBus | undefined} */
  #bus;
  /** @type {Notifications | undefined} */
  #notifications;
  /** @type {Tray | undefined} */
  #tray;
  /** @type {(() => Promise<void>) | undefined} */
  #endPanel;
  /** @type {Watcher | undefined} */
  #watcher;
  /** @type {Displays | undefined} */
  #displays;
  /** For the desktop's own parts. @type {NodeJS.ProcessEnv} */
  #partEnv = {};

  /** Minimising, desktops, stacking. @type {WindowManager} */
  windows = new WindowManager(() => this.env);

  /** @param {import('./children.mjs').User} [user] */
  constructor(user) {
    this.#user = user;
    this.#children = new Children(user);
  }

  /** Only where the desktop has them. */
  get notifications() {
    return this.#notifications ?? lacking('notifications');
  }

  /** Only where the desktop has one. */
  get tray() {
    return this.#tray ?? lacking('a tray');
  }

  /** Only on a desktop whose displays come and go. */
  get displays() {
    return this.#displays ?? lacking('displays that come and go');
  }

  /** @param {Parts} parts */
  async open({
    tray = true,
    notifications = true,
    keyring = true,
    keyringFolder,
    displays = false,
    wayland = 'none',
    screen,
  }) {
    this.#runtime = mkdtempSync(path.join(os.tmpdir(), 'sharelight-desktop-'));

    const ours = Object.entries(process.env).filter(([name]) => !ANOTHER_DESKTOP.includes(name));
    this.env = Object.fromEntries(ours);
    this.screenEnv = this.env;
    this.env['XDG_RUNTIME_DIR'] = this.#runtime;
    if (this.#user) this.env['HOME'] = this.#runtime;
    this.#hand(this.#runtime);
    this.env['XDG_SESSION_TYPE'] = 'x11';
    this.env['NO_AT_BRIDGE'] = '1';
    this.env['ALSA_CONFIG_PATH'] = path.join(CONFIG, 'asound.conf');
    const vnc = path.join(this.#runtime, 'displays');
    const display = await (displays
      ? this.#reported('Xtigervnc', [...SERVER, ...Displays.serverArgs(vnc)], this.env)
      : this.#reported('Xvfb', [...SERVER, '-screen', '0', `${screen ?? SCREEN}x24`], this.env));
    this.env['DISPLAY'] = `:${display}`;
    if (displays) this.#displays = await Displays.connect(vnc);
    const address = `unix:path=${this.#runtime}/bus`;
    this.env['DBUS_SESSION_BUS_ADDRESS'] = address;
    // The machine's own services (suspend, network) are not this desktop's; a test can play them here.
    this.env['DBUS_SYSTEM_BUS_ADDRESS'] = address;
    await this.#reported(
      'dbus-daemon',
      ['--nofork', '--print-address=3', `--config-file=${this.#fillIn('session.conf')}`],
      this.env,
    );
    this.#bus = await connect(address);

    // The settings of this desktop's own parts; programs that run here keep the person's.
    const partEnv = { ...this.env, XDG_CONFIG_HOME: this.#layOutSettings() };
    this.#partEnv = partEnv;
    await this.#startSettingsService(partEnv);
    this.electronArgs = ['--disable-gpu'];
    await Promise.all([
      this.#startWindowManager(partEnv),
      tray && this.startPanel(),
      notifications && this.#startNotifications(partEnv, address),
      keyring && this.#startKeyring(partEnv, keyringFolder ?? path.join(this.#runtime, 'data')),
    ]);
    if (wayland !== 'none') await this.#startCompositor(wayland === 'xwayland', screen);
  }

  /**
   * A picture of the whole screen.
   * @param {string} file `.png`
   */
  async screenshot(file) {
    mkdirSync(path.dirname(file), { recursive: true });
    await runProgram('import', ['-window', 'root', file], { env: this.screenEnv });
  }

  /** @returns {Promise<string>} the title of the window that has the keyboard; '' when none has */
  async activeWindow() {
    const query = runProgram('xdotool', ['getactivewindow', 'getwindowname'], { env: this.env });
    // The tool fails where no window is active.
    const { stdout } = await query.catch(() => ({ stdout: '' }));
    return stdout.trim();
  }

  /** Starts the panel, and with it the tray; resolves when it takes icons. */
  async startPanel() {
    const { failed, end } = this.#children.start('xfce4-panel', ['--disable-wm-check'], {
      env: this.#partEnv,
    });
    this.#endPanel = end;
    const bus = this.#session();
    await Promise.race([untilOwned(bus, 'org.kde.StatusNotifierWatcher'), failed]);
    this.#tray = new Tray(bus);
  }

  /** As a crash of it would: nothing is said before. */
  async endPanel() {
    await (this.#endPanel ?? lacking('a tray'))();
  }

  /**
   * A watcher of tray icons that this test plays, instead of a panel.
   * @param {Partial<import('./watcher.mjs').Manner>} manner
   */
  async startWatcher(manner) {
    this.#watcher = await Watcher.start(this.env['DBUS_SESSION_BUS_ADDRESS'] ?? '', manner);
    return this.#watcher;
  }

  /** Nothing on the screen and in the lists of what programs before have shown. */
  async clear() {
    await this.#notifications?.clear();
  }

  async close() {
    this.#displays?.close();
    this.#watcher?.close();
    this.#notifications?.close();
    this.#bus?.disconnect();
    await this.#children.close();
    if (this.#runtime !== '') rmSync(this.#runtime, { recursive: true, force: true });
  }

  /** @returns {string} the settings folder of the desktop's parts */
  #layOutSettings() {
    const settings = path.join(this.#runtime, 'config');
    const channels = path.join(settings, 'xfce4/xfconf/xfce-perchannel-xml');
    mkdirSync(channels, { recursive: true });
    copyFileSync(path.join(CONFIG, 'xfce4-panel.xml'), path.join(channels, 'xfce4-panel.xml'));
    this.#hand(settings);
    return settings;
  }

  /**
   * Makes a folder, with all that is in it, the user's.
   * @param {string} folder
   */
  #hand(folder) {
    if (!this.#user) return;
    const { uid, gid } = this.#user;
    for (const name of ['.', ...readdirSync(folder, { encoding: 'utf8', recursive: true })])
      chownSync(path.join(folder, name), uid, gid);
  }

  /**
   * @param {string} name of a file in `config/`
   * @returns {string} its copy for this desktop
   */
  #fillIn(name) {
    const copy = path.join(this.#runtime, name);
    const text = readFileSync(path.join(CONFIG, name), 'utf8');
    writeFileSync(copy, text.replaceAll('@RUNTIME@', this.#runtime));
    return copy;
  }

  /**
   * @param {string} command
   * @param {readonly string[]} args
   * @param {NodeJS.ProcessEnv} env
   */
  #reported(command, args, env) {
    const { report, failed } = this.#children.start(command, args, { env });
    return Promise.race([report, failed]);
  }

  /**
   * Left to the bus to start on demand, it would not be ours to end.
   * @param {NodeJS.ProcessEnv} env
   */
  async #startSettingsService(env) {
    const program = /^Exec=(.+)$/m.exec(readFileSync(SETTINGS_SERVICE, 'utf8'))?.[1];
    if (program === undefined) throw new Error(`${SETTINGS_SERVICE} names no program.`);
    const { failed } = this.#children.start(program, [], { env });
    await Promise.race([untilOwned(this.#session(), 'org.xfce.Xfconf'), failed]);
  }

  /** @param {NodeJS.ProcessEnv} env */
  async #startWindowManager(env) {
    const { failed } = this.#children.start('xfwm4', ['--compositor=on', '--vblank=off'], { env });
    await Promise.race([this.#untilRootHas('_NET_SUPPORTING_WM_CHECK'), failed]);
  }

  /**
   * @param {NodeJS.ProcessEnv} env
   * @param {string} address
   */
  async #startNotifications(env, address) {
    const config = this.#fillIn('dunstrc');
    const { failed } = this.#children.start('dunst', ['-config', config], { env });
    await Promise.race([untilOwned(this.#session(), 'org.freedesktop.Notifications'), failed]);
    this.#notifications = new Notifications(address, path.join(this.#runtime, 'chosen-action'));
    await this.#notifications.open();
  }

  /**
   * @param {NodeJS.ProcessEnv} env
   * @param {string} folder
   */
  async #startKeyring(env, folder) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#hand(folder);
    const { failed } = this.#children.start(
      'gnome-keyring-daemon',
      ['--foreground', '--unlock', '--components=secrets'],
      // Any word will do: whoever can read this folder can read the word as well.
      { env: { ...env, XDG_DATA_HOME: folder }, input: 'sharelight' },
    );
    const bus = this.#session();
    await Promise.race([untilOwned(bus, 'org.freedesktop.secrets'), failed]);
    const [collection] = await call(bus, {
      destination: 'org.freedesktop.secrets',
      path: '/org/freedesktop/secrets',
      interface: 'org.freedesktop.Secret.Service',
      member: 'ReadAlias',
      signature: 's',
      body: ['default'],
    });
    if (collection === '/') throw new Error('The key store came up without a default collection.');
    // How Chromium is told which key store to use, and Electron which desktop it is on.
    this.env['XDG_CURRENT_DESKTOP'] = 'GNOME';
    this.electronArgs.push('--password-store=gnome-libsecret');
  }

  /**
   * From here on programs find the compositor, and X only through it.
   * @param {boolean} xwayland
   * @param {string} [size] of its window
   */
  async #startCompositor(xwayland, size = COMPOSITOR) {
    const { args, socket } = layOutCompositor(this.#runtime, xwayland, size);
    const display = await this.#reported('weston', args, this.screenEnv);
    const { DISPLAY: _screen, ...env } = this.screenEnv;
    this.env = { ...env, WAYLAND_DISPLAY: socket, XDG_SESSION_TYPE: 'wayland' };
    if (display !== '') this.env['DISPLAY'] = display;
  }

  /**
   * Resolves when the root window carries the property. All properties are watched: asked for one that
   * nobody has ever set, the tool gives up at once.
   * @param {string} name
   */
  async #untilRootHas(name) {
    const spy = execFile('stdbuf', ['-oL', 'xprop', '-root', '-spy'], { env: this.env });
    try {
      for await (const text of spy.stdout ?? []) if (String(text).includes(name)) return;
      throw new Error('The X server ended before a window manager was there.');
    } finally {
      spy.kill();
    }
  }

  #session() {
    return this.#bus ?? lacking('a session bus');
  }
}

/**
 * @param {string} part
 * @returns {never}
 */
function lacking(part) {
  throw new Error(`This desktop was started without ${part}.`);
}
