// @ts-check
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const runProgram = promisify(execFile);

/** What a person does with windows through the window manager, and what it then says of them. */
export class WindowManager {
  #env;

  /** @param {() => NodeJS.ProcessEnv} env */
  constructor(env) {
    this.#env = env;
  }

  /**
   * As its button or key would.
   * @param {string} title
   */
  async minimise(title) {
    await this.#xdotool('windowminimize', '--sync', await this.#find(title));
  }

  /**
   * Moves it, as a person would drag it.
   * @param {string} title
   * @param {{ x: number, y: number, width: number, height: number }} bounds
   */
  async place(title, { x, y, width, height }) {
    const id = await this.#find(title);
    await this.#xdotool('windowsize', '--sync', id, String(width), String(height));
    await this.#xdotool('windowmove', '--sync', id, String(x), String(y));
  }

  /**
   * @param {string} title
   * @returns {Promise<'up' | 'minimised' | 'hidden'>} as the window manager has it; hidden: it knows of none
   */
  async stateOf(title) {
    const state = await this.#property(title, 'WM_STATE');
    if (state.includes('Iconic')) return 'minimised';
    return state.includes('Normal') ? 'up' : 'hidden';
  }

  /**
   * @param {string} title
   * @returns {Promise<string>} the virtual desktop it is on: a number from '0', or 'all'; '' while it is on none
   */
  async desktopOf(title) {
    const value = /= (\d+)/.exec(await this.#property(title, '_NET_WM_DESKTOP'))?.[1] ?? '';
    return value === '4294967295' ? 'all' : value;
  }

  /** @returns {Promise<string>} the one in use */
  desktop() {
    return this.#xdotool('get_desktop');
  }

  /** @param {number} desktop from 0 */
  async goToDesktop(desktop) {
    await this.#xdotool('set_desktop', String(desktop));
  }

  /**
   * @param {string} title
   * @param {string} name
   */
  async #property(title, name) {
    const { stdout } = await runProgram('xprop', ['-id', await this.#find(title), name], {
      env: this.#env(),
    });
    return stdout;
  }

  /** @param {string} title */
  async #find(title) {
    const search = () => this.#xdotool('search', '--name', `^${title}$`);
    // The tool trips over a window that goes while it looks around.
    const found = await search().catch(search);
    const [id] = found.split('\n').slice(-1);
    if (id === undefined || id === '') throw new Error(`There is no window named "${title}".`);
    return id;
  }

  /** @param {...string} args */
  async #xdotool(...args) {
    const { stdout } = await runProgram('xdotool', args, { env: this.#env() });
    return stdout.trim();
  }
}
