// Before anything else is loaded: it takes variables out of the environment that would unprotect connections.
import { ignoredVariables, namingIgnored } from './program/environment.ts';
import { app } from 'electron/main';
import type { Verb } from '../domain/hand-over.ts';
import { say } from '../domain/words/say.ts';
import { ok, reasonOf, refused, unreachable } from '../domain/toolbox/result.ts';
import { buildInfo } from './build-info.ts';
import { readAccessToken } from './program/access-token.ts';
import { ownFlags, readFlags, withoutAdded, type Flags, type Task } from './program/command-line.ts';
import { chooseDisplay, parentGone, runAgainOn } from './program/display-choice.ts';
import { dropEngineVariables, engineSwitchProblem } from './program/engine-switches.ts';
import { surroundings, type DisplayServer } from './shell/display-server.ts';
import { registerScheme } from './shell/pages.ts';
import { openLog } from './shell/log.ts';
import { lockDown } from './shell/web-security.ts';
import { settleDataFolder, type DataFolder } from './program/data-folder.ts';
import { runProgram } from './program/program.ts';

/**
 * The table of contents. What happens, in this order:
 *
 *    environment    what would unprotect connections is taken out of it     program/environment.ts
 * 1. command line   a wrong flag ends here, and in what ships a switch of   program/command-line.ts,
 *                   the engine that is not on the list                      program/engine-switches.ts
 * 2. display        X11, Wayland or none: maybe in a process of its own     program/display-choice.ts
 *    hand-over      what another start is to do is handed to it: the end   program/hand-over.ts
 * 3. data folder    settle where all state lives                            program/data-folder.ts
 * 4. task           export, verify or diagnose without a window, and end    program/task.ts
 * 5. program        open the window and what is behind it, close it all     program/program.ts
 *      tracker/     the one state
 *      shell/       the window, whose page loads from now on
 *                   loaded behind it, so that it need not wait:            program/rooms.ts
 *      account/     the account session: database/ (with store/), tracker/, outbox/
 *      review/      looking back
 *      handlers/    what a window may ask for (through ipc/)
 *                   loaded when the window shows the last state:
 *      feed/        the world outside
 *      shell/       services of the state: notifications, shortcuts, tray   program/services.ts
 *    Closed in the order windows, review, account, services, ipc, state: each hands what is unsaved to the next.
 */
const { platform } = process;
const args = withoutAdded(process.argv.slice(1), platform);
const shipped = buildInfo.kind === 'shipped';
if (shipped) dropEngineVariables(process.env);
const engineHas = (name: string): boolean => app.commandLine.hasSwitch(name);
const problem = shipped ? engineSwitchProblem({ args, own: ownFlags, platform, engineHas }) : null;
const read = problem === null ? readFlags(args, Date.now()) : refused(problem);
if (!read.ok) {
  process.stderr.write(`${read.reason}\n`);
  app.exit(2);
} else {
  const choice = chooseDisplay(read.value, args, surroundings());
  switch (choice.kind) {
    case 'goOn':
      start(read.value);
      break;
    case 'startAgain':
      app.exit(startAgainOn(choice.server));
      break;
    case 'noDisplay':
      process.stderr.write(`${say('start.noDisplay')}\n`);
      app.exit(1);
      break;
    default:
      unreachable(choice);
  }
}

function startAgainOn(server: DisplayServer): number {
  try {
    return runAgainOn(server, process.execPath, args, namingIgnored(process.env));
  } catch (error) {
    process.stderr.write(`${say('start.failed', { reason: reasonOf(error) })}\n`);
    return 1;
  }
}

function start(flags: Flags): void {
  process.on(parentGone, () => {
    app.quit();
  });
  // What is started from here on does not inherit it. The browser engine's first processes were started before this
  // one had a say, and have it: that is why `--token-file` is the better way.
  const given = process.env['SHARELIGHT_ACCESS_TOKEN'] ?? null;
  delete process.env['SHARELIGHT_ACCESS_TOKEN'];
  // A task signs in nowhere, and may need standard input for a passphrase.
  const token = flags.tokenFile === null || flags.task ? ok(given) : readAccessToken(flags.tokenFile);
  if (!token.ok) {
    process.stderr.write(`${token.reason}\n`);
    app.exit(2);
    return;
  }

  app.setName('Sharelight');
  if (flags.verb) {
    void handOverAlone(flags, flags.verb);
    return;
  }
  const folder = settleDataFolder(flags.userDataDir);
  if (flags.task) {
    void runTaskAlone(flags, flags.task, folder);
    return;
  }
  registerScheme();
  const log = openLog(folder.path, folder.problem === null);
  lockDown(log.warn);
  runProgram({ flags, token: token.value, folder, log, ignoredVariables });
}

/** Ends the program with what the one that runs has answered. */
async function handOverAlone({ userDataDir }: Flags, verb: Verb): Promise<void> {
  const { handOver } = await import('./program/hand-over.ts');
  const { code, line } = handOver(verb, userDataDir);
  if (line !== '') process.stderr.write(`${line}\n`);
  app.exit(code);
}

/** Ends the program with what the task ended with. */
async function runTaskAlone(flags: Flags, task: Task, folder: DataFolder): Promise<void> {
  // It was told to end before it was done: the runtime would call that a success.
  app.on('before-quit', () => {
    app.exit(1);
  });
  let code = 1;
  try {
    const { runTask } = await import('./program/task.ts');
    code = await runTask(flags, task, folder);
  } catch (error) {
    process.stderr.write(`${say('start.failed', { reason: reasonOf(error) })}\n`);
  }
  app.exit(code);
}
