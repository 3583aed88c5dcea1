import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { nodeProgram } from '../../build/vite/node.ts';
import { sandboxFlags } from '../../build/runtime/sandbox.mjs';
import type { Runtime } from '../../build/runtime/official.mjs';
import type { RunningSimulator } from '../../electron/feed/simulator/server.ts';
import type { Desktop } from '../desktop/desktop.mjs';
import type { Place } from './place.ts';

/** What is started: a built main, with flags, under an expression that resolves when its page has painted. */
export interface Program {
  /** The built main file. */
  readonly main: string;
  /** Its app folder. */
  readonly root: string;
  /**
   * JavaScript that runs before the page's own: a promise of the epoch ms at which the page had painted what matters.
   * The page says so itself, because the main process may be busy at that moment.
   */
  readonly watch: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The server is not there: what is shown can only come from the database. */
export const nobody = { apiUrl: 'http://127.0.0.1:9', accessToken: 'bench' };

/** Resolves after the first frame of a page that shows at once what it has. */
const firstFrame = `new Promise((resolve) => {
  addEventListener('DOMContentLoaded', () => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
      port2.postMessage(null);
    });
  });
})`;

/** The product over a data folder, listening to a server. It prints each state as a line. */
export function productOn(
  { product }: Place,
  data: string,
  { apiUrl, accessToken }: Pick<RunningSimulator, 'apiUrl' | 'accessToken'>,
  flags: readonly string[] = [],
): Program {
  return {
    main: path.join(product, 'out/main/main.cjs'),
    root: product,
    watch: 'Promise.resolve(0)',
    args: ['--user-data-dir', data, '--feed', 'genesys', '--api', apiUrl, ...flags],
    env: { SHARELIGHT_ACCESS_TOKEN: accessToken, SHARELIGHT_NARRATE: '1' },
  };
}

/** The folder of the apps that are compared with, and of the one that marks. */
export async function buildApps(place: Place): Promise<string> {
  const folder = path.join(place.scratch, 'apps');
  const sources = path.join(place.root, 'test/bench/apps');
  for (const name of ['marked', 'blank', 'new-window']) {
    const program = nodeProgram(place.root, {
      entry: path.join(sources, `${name}.ts`),
      room: 'bench',
      name,
      target: 'node20.18',
      external: ['electron', 'electron/main'],
    });
    await build({ ...program, build: { ...program.build, outDir: folder }, logLevel: 'error' });
  }
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(sources, 'blank.html'), path.join(folder, 'blank.html'));
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'sharelight', main: 'marked.cjs' }),
  );
  return folder;
}

/** Starts programs on one desktop, all in the same way. */
export class Starter {
  readonly #runtime: Runtime;
  readonly #desktop: Desktop;
  readonly #apps: string;

  constructor(runtime: Runtime, desktop: Desktop, apps: string) {
    this.#runtime = runtime;
    this.#desktop = desktop;
    this.#apps = apps;
  }

  /** The runtime's, as the system knows it. */
  get executable(): string {
    return realpathSync(this.#runtime.executable);
  }

  /** The least an Electron program with a window can be, with a data folder of its own. */
  blank(data: string): Program {
    return this.#app('blank', data, {});
  }

  /** A program that opens a window for each alert of that server. */
  newWindow(data: string, { apiUrl, accessToken, userId }: RunningSimulator): Program {
    return this.#app('new-window', data, { BENCH_API: apiUrl, BENCH_TOKEN: accessToken, BENCH_USER: userId });
  }

  start({ main, root, watch, args, env }: Program): Running {
    const flags = [...this.#desktop.electronArgs, ...sandboxFlags(this.#runtime.dist).flags];
    const watcher = path.join(this.#apps, 'watch.cjs');
    writeFileSync(
      watcher,
      `void (${watch}).then((at) => require('electron').ipcRenderer.send('bench:painted', at));`,
    );
    const marks = { BENCH_PROGRAM: main, BENCH_ROOT: root, BENCH_WATCH: watcher };
    const spawnedAt = Date.now();
    const child = spawn(this.#runtime.executable, [...flags, this.#apps, ...args], {
      env: { ...this.#desktop.env, ...marks, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return new Running(child, spawnedAt);
  }

  #app(name: string, data: string, env: Readonly<Record<string, string>>): Program {
    return {
      main: path.join(this.#apps, `${name}.cjs`),
      root: this.#apps,
      watch: firstFrame,
      args: ['--user-data-dir', data],
      env,
    };
  }
}

/** What a running program is asked; `page` runs its code in the page of the first window. */
export type Question =
  | { readonly ask: 'page'; readonly code: string }
  | { readonly ask: 'close' | 'minimise' | 'visible' | 'lock' | 'listeners' };

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly problem?: string;
}

export class Running {
  /** Epoch ms. */
  readonly spawnedAt: number;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #lines: string[] = [];
  #said = '';
  #questions = 0;
  /** Those who wait for the next line, or the end. */
  #waiting: (() => void)[] = [];

  constructor(child: ChildProcess, spawnedAt: number) {
    this.spawnedAt = spawnedAt;
    this.#child = child;
    this.#exited = once(child, 'close').then(() => this.#wake());
    if (!child.stdout || !child.stderr) throw new Error('The program has no output.');
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#lines.push(line);
      this.#wake();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
    // One that has ended meanwhile hears nothing any more.
    child.stdin?.on('error', () => undefined);
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('The program has not started.');
    return pid;
  }

  /** Resolves with the first line that fits; rejects when the program ends without it. */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      for (const line of this.#lines) {
        const found = pattern.exec(line);
        if (found) return found;
      }
      const { exitCode, signalCode } = this.#child;
      if (exitCode !== null || signalCode !== null) {
        throw new Error(`The program ended without ${String(pattern)}: ${this.#said}`);
      }
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    }
  }

  /** What was printed so far is not looked at any more. */
  forgetLines(): void {
    this.#lines = [];
  }

  async ask(question: Question): Promise<unknown> {
    const id = (this.#questions += 1);
    this.#child.stdin?.write(`${JSON.stringify({ id, ...question })}\n`);
    const [, text = ''] = await this.line(new RegExp(`^answer: (\\{"id":${id}\\b.*)$`));
    const { value, problem } = JSON.parse(text) as Answer;
    if (problem !== undefined) throw new Error(`The program was asked for ${question.ask}: ${problem}`);
    return value;
  }

  /** Epoch ms at which a person saw what was watched for: painted, in a window that is shown. */
  async seenAt(): Promise<number> {
    const moments = await Promise.all([this.line(/^mark: shown (.+)$/), this.line(/^mark: painted (.+)$/)]);
    return Math.max(...moments.map(([, at]) => Number(at)));
  }

  /** Ms from the spawn to that moment. */
  async seenAfter(): Promise<number> {
    return (await this.seenAt()) - this.spawnedAt;
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Asks it to end, as the system would. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#exited;
  }
}
