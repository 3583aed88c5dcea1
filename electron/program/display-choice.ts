import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { constants } from 'node:os';
import { answeringServers, isPlainX11, type AnsweringServers } from '../shell/display-probe.ts';
import { displayServer, type DisplayServer, type Surroundings } from '../shell/display-server.ts';
import type { Flags } from './command-line.ts';

/** What is to be done before the browser engine starts. */
export type DisplayChoice =
  /** Go on: the engine is right as it is. */
  | { readonly kind: 'goOn' }
  /** The engine would take another display server; by now only a new process can take this one. */
  | { readonly kind: 'startAgain'; readonly server: DisplayServer }
  | { readonly kind: 'noDisplay' };

/** How to find out which display servers would have a window of ours. */
export interface DisplayQuestions {
  readonly answering: (env: NodeJS.ProcessEnv) => AnsweringServers;
  readonly isPlainX11: (env: NodeJS.ProcessEnv) => boolean;
}

const questions: DisplayQuestions = { answering: answeringServers, isPlainX11 };

/** What the person said about the display server for this start. `auto` says nothing. */
function isChosen(args: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const named = args.some((arg) => /^--ozone-platform(?:=|$)/.test(arg));
  const hint = args
    .map((arg) => /^--ozone-platform-hint=(.*)$/.exec(arg)?.[1])
    .find((value) => value !== undefined);
  return named || !['', 'auto'].includes(hint ?? env['ELECTRON_OZONE_PLATFORM_HINT'] ?? '');
}

/**
 * Which display server to use. X11 first, also where XWayland offers it: only there a window can be placed, come to
 * the front and stay on top. A task needs no screen; the diagnostics describe one where there is one.
 *
 * @param args what the process was started with
 */
export function chooseDisplay(
  { task, verb }: Pick<Flags, 'task' | 'verb'>,
  args: readonly string[],
  around: Surroundings,
  { answering, isPlainX11 }: DisplayQuestions = questions,
): DisplayChoice {
  const { platform, env } = around;
  if (platform !== 'linux' || isChosen(args, env)) return { kind: 'goOn' };
  const engine = displayServer(around);
  const use = (server: DisplayServer): DisplayChoice =>
    server === engine ? { kind: 'goOn' } : { kind: 'startAgain', server };
  if (task !== null && task.kind !== 'diagnostics') return use('headless');
  if (isPlainX11(env)) return use('x11');
  if (verb !== null) return use('headless');
  const { x11, wayland } = answering(env);
  if (x11) return use('x11');
  if (wayland) return use('wayland');
  return task === null ? { kind: 'noDisplay' } : use('headless');
}

/**
 * What the kernel tells the second process when the first has ended: once for each of its threads, and the engine takes
 * its own signals twice for "now, without saving".
 */
export const parentGone = 'SIGUSR2';

/**
 * Runs the program again, with the display server it is to use, and waits for its end. Whatever ends this process ends
 * the other one, in its own time. A terminal tells both, and this one goes on waiting.
 *
 * @param args what the process was started with
 * @returns its exit code
 * @throws when it cannot be started
 */
export function runAgainOn(
  server: DisplayServer,
  executable: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): number {
  const own = [executable, `--ozone-platform=${server}`, ...args];
  const theirs = server === 'headless' ? withoutDisplay(env) : env;
  const run = ([command = '', ...rest]: readonly string[]): SpawnSyncReturns<Buffer> =>
    spawnSync(command, rest, { stdio: 'inherit', env: theirs });
  // Nobody hears it while this process waits, but it goes on waiting.
  process.on('SIGINT', () => undefined);
  let ended = run(['setpriv', '--pdeathsig', parentGone, '--', ...own]);
  // Not every Linux has that tool.
  if (ended.error && 'code' in ended.error && ended.error.code === 'ENOENT') ended = run(own);
  if (ended.error) throw ended.error;
  return ended.status ?? 128 + (ended.signal === null ? 0 : constants.signals[ended.signal]);
}

/** The engine's graphics would look for a server that may not answer. */
function withoutDisplay(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DISPLAY: _x11, WAYLAND_DISPLAY: _wayland, ...rest } = env;
  return rest;
}
