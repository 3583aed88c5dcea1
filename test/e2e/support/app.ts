import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { _electron, expect, type ElectronApplication, type Page } from '@playwright/test';
import { ROOT } from '../../../build/paths.mjs';
import { resolveRuntime } from '../../../build/runtime/resolve.mjs';
import { sandboxFlags } from '../../../build/runtime/sandbox.mjs';
import type { Desktop } from '../../desktop/desktop.mjs';

/** How the app is started: on which desktop, with which flags of its own and which additions to its world. */
export interface Start {
  readonly desktop: Desktop;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Gives the program that starts the runtime some other way. */
  readonly starter?: (executable: string) => string;
}

/** How a run without a window ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The app's own windows, named as their folders in `renderer/`. */
export type WindowName = 'widget' | 'review' | 'settings' | 'alert';

/** The app as Playwright drives it. */
export class RunningApp {
  readonly electron: ElectronApplication;
  readonly desktop: Desktop;
  /** Everything written so far. */
  stdout = '';
  stderr = '';
  // Kept, because Playwright forgets the process once the app has quit.
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;

  constructor(electron: ElectronApplication, desktop: Desktop) {
    this.electron = electron;
    this.desktop = desktop;
    const child = electron.process();
    this.#process = child;
    // Its helper processes hold its output open: when that ends, nothing of it writes any more.
    this.#exited = hasEnded(child) ? Promise.resolve() : once(child, 'close');
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  /** Of the main process; the tray and the bus know the app by it. */
  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error('The app has not started.');
    return pid;
  }

  widget(): Promise<Page> {
    return this.window('widget');
  }

  /** The page of that window, once it is there; whether it is shown is another question. */
  async window(name: WindowName): Promise<Page> {
    const find = () => this.electron.windows().find((page) => page.url().includes(`/${name}/`));
    await expect.poll(() => find() !== undefined, { message: `the ${name} window opens` }).toBe(true);
    const page = find();
    if (page === undefined) throw new Error(`The ${name} window went away again.`);
    return page;
  }

  /** Quits as the system would ask it to; resolves with its exit code, or the signal that ended it. */
  async quit(): Promise<number | string | null> {
    await this.electron.close();
    return (await this.exitCode()) ?? this.#process.signalCode;
  }

  /** Ends it as a power cut would: nothing of the app gets to run. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  /** Resolves when the app is gone; `null` when a signal ended it. */
  async exitCode(): Promise<number | null> {
    await this.#exited;
    return this.#process.exitCode;
  }

  /**
   * Does what ends the app, a click for example, and resolves as `exitCode` does. The answer to `act` may be
   * lost with the app; whatever else goes wrong with it rejects.
   */
  async exitCodeAfter(act: () => Promise<unknown>): Promise<number | null> {
    await act().catch((error: unknown) => {
      if (!/has been closed/.test(String(error))) throw error;
    });
    return this.exitCode();
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Starts the built app under Playwright. Rejects with the app's own words when it ends before it is driven. */
export async function launchApp(start: Start): Promise<RunningApp> {
  const { executable, args, env, cwd } = await commandOf(start);
  const electron = await _electron.launch({ executablePath: executable, args, env, cwd });
  return new RunningApp(electron, start.desktop);
}

/** Runs the app to its end without Playwright: for the command line, and for starts that are to fail. */
export async function runApp(start: Start): Promise<Ended> {
  const child = await spawnApp(start);
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr: stderr.replace(ENGINE_LINES, '') };
}

/** Starts the app as a person or a script does, with nothing in between. */
export async function spawnApp(start: Start): Promise<ChildProcessWithoutNullStreams> {
  const { executable, args, env, cwd } = await commandOf(start);
  return spawn(executable, args, { env, cwd });
}

/** What the browser engine says of its own while it is sent home early; it signs its lines. */
const ENGINE_LINES = /^\[\d+:\d{4}\/.*\n?/gm;

async function commandOf({ desktop, args, env, starter }: Start) {
  const runtime = await resolveRuntime({ quiet: true });
  const flags = [...desktop.electronArgs, ...sandboxFlags(runtime.dist).flags];
  return {
    executable: starter?.(runtime.executable) ?? runtime.executable,
    // The runtime's flags come before the app's folder, the app's own after it.
    args: [...flags, '.', ...args],
    env: { ...onlyText(desktop.env), ...LANGUAGE, ...env },
    cwd: ROOT,
  };
}

/** The names tests look for are English, whatever the machine speaks. */
const LANGUAGE = { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', LANGUAGE: 'en' };

function onlyText(env: NodeJS.ProcessEnv): Record<string, string> {
  const known = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  // What the person who runs the tests has set for their own Sharelight is none of the tests' business.
  return Object.fromEntries(known.filter(([name]) => !name.startsWith('SHARELIGHT_')));
}
