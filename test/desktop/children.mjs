// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a part said last is what explains why it did not start. */
const KEPT_OUTPUT = 2000;

/** @typedef {{ readonly uid: number, readonly gid: number }} User */

/** The parts of one desktop: started together, gone together, also when their parent is killed. */
export class Children {
  /** @type {{ name: string, process: import('node:child_process').ChildProcess }[]} */
  #running = [];
  /** @type {readonly string[]} */
  #user;

  /** @param {User} [user] whom the parts belong to; default: whoever starts them */
  constructor(user) {
    this.#user = user ? ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'] : [];
  }

  /**
   * @param {string} command
   * @param {readonly string[]} args
   * @param {{ env: NodeJS.ProcessEnv, input?: string }} options `input` is given on stdin, which then ends
   * @returns {{ report: Promise<string>, failed: Promise<never>, end: () => Promise<void> }} `report`: the first
   *   line the program writes to descriptor 3; `failed` rejects when it ends, for whatever reason; `end` ends it as
   *   a crash would
   */
  start(command, args, { env, input }) {
    // The kernel ends the part with us, however we end: no handler of ours would see a SIGKILL.
    const child = spawn('setpriv', [...this.#user, '--pdeathsig', 'KILL', '--', command, ...args], {
      env,
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
      // Not in the terminal's group: Ctrl+C is for the app, which needs its desktop while it quits.
      detached: true,
    });
    this.#running.push({ name: command, process: child });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);

    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-KEPT_OUTPUT)));
    /** @type {Promise<never>} */
    const failed = new Promise((_resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        reject(new Error(`${command} ended (${String(code ?? signal)}).\n${said}`));
      });
    });
    // Whoever waits for readiness hears of it; nobody has to.
    failed.catch(() => undefined);
    return {
      report: firstLine(/** @type {import('node:stream').Readable} */ (child.stdio[3])),
      failed,
      end: () => end(child),
    };
  }

  /** Ends every part, the last started first. */
  async close() {
    for (const { process: child } of this.#running.reverse()) await end(child);
    this.#running = [];
  }
}

/** @param {import('node:child_process').ChildProcess} child */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** @param {import('node:stream').Readable} stream */
async function firstLine(stream) {
  let text = '';
  for await (const part of stream.setEncoding('utf8')) {
    text += part;
    const end = text.indexOf('\n');
    if (end >= 0) return text.slice(0, end).trim();
  }
  return text.trim();
}
