import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { nodeProgram } from '../../build/vite/node.ts';
import { sandboxFlags } from '../../build/runtime/sandbox.mjs';
import type { Runtime } from '../../build/runtime/official.mjs';
import type { Desktop } from '../desktop/desktop.mjs';
import type { Place } from './place.ts';

/** What is started: a built main, with flags, under an expression that resolves when its page has painted. */
export interface Program {
  /** The built main file. */
  readonly main: string;
  /** Its app folder. */
  readonly root: string;
  /** JavaScript for the page: a promise of the epoch ms at which it had painted what matters. */
  readonly watch: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The folder of the blank app and of the one that marks. */
export async function buildApps(place: Place): Promise<string> {
  const folder = path.join(place.scratch, 'apps');
  const sources = path.join(place.root, 'test/bench/apps');
  for (const name of ['marked', 'blank']) {
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

/** Starts programs one after the other on one desktop, all in the same way. */
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

  start({ main, root, watch, args, env }: Program): Running {
    const flags = [...this.#desktop.electronArgs, ...sandboxFlags(this.#runtime.dist).flags];
    const marks = { BENCH_PROGRAM: main, BENCH_ROOT: root, BENCH_WATCH: watch };
    const spawnedAt = Date.now();
    const child = spawn(this.#runtime.executable, [...flags, this.#apps, ...args], {
      env: { ...this.#desktop.env, ...marks, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Running(child, spawnedAt);
  }
}

export class Running {
  /** Epoch ms. */
  readonly spawnedAt: number;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #lines: string[] = [];
  #said = '';
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

  /** Ms from the spawn to the moment a person sees what was watched for: painted, in a window that is shown. */
  async seenAfter(): Promise<number> {
    const moments = await Promise.all([this.line(/^mark: shown (.+)$/), this.line(/^mark: painted (.+)$/)]);
    return Math.max(...moments.map(([, at]) => Number(at))) - this.spawnedAt;
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
