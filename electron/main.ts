// Before anything else is loaded: it takes variables out of the environment that would unprotect connections.
import { ignoredVariables, namingIgnored } from './program/environment.ts';
import { app } from 'electron/main';
import { say } from '../domain/words/say.ts';
import { ok, reasonOf, refused, unreachable } from '../domain/toolbox/result.ts';
import { buildInfo } from './build-info.ts';
import { readAccessToken } from './program/access-token.ts';
import { ownFlags, readFlags, type Flags } from './program/command-line.ts';
import { chooseDisplay, runAgainOn } from './program/display-choice.ts';
import { dropEngineVariables, engineSwitchProblem } from './program/engine-switches.ts';
import { surroundings, type DisplayServer } from './shell/display-server.ts';
import { registerScheme } from './shell/pages.ts';
import { openLog } from './shell/log.ts';
import { lockDown } from './shell/web-security.ts';
import { settleDataFolder } from './program/data-folder.ts';
import { runProgram } from './program/program.ts';
import { runTask } from './program/task.ts';

/**
 * The table of contents. What happens, in this order:
 *
 *    environment    what would unprotect connections is taken out of it     program/environment.ts
 * 1. command line   a wrong flag ends here, and in what ships a switch of   program/command-line.ts,
 *                   the engine that is not on the list                      program/engine-switches.ts
 * 2. display        X11, Wayland or none: maybe in a process of its own     program/display-choice.ts
 * 3. data folder    settle where all state lives                            program/data-folder.ts
 * 4. task           export, verify or diagnose without a window, and end    program/task.ts
 * 5. program        open the rooms, and close them at the end               program/program.ts
 *      tracker/     the one state
 *      account/     the account session: feed/, database/ (with store/), tracker/, outbox/
 *      review/      looking back
 *      shell/       windows
 *      handlers/    what a window, or the tray, may ask for (through ipc/)
 *      shell/       services of the state: notifications, shortcuts, tray
 *    Closed in the order windows, review, account, services, ipc, state: each says its last words to the next.
 */
const args = process.argv.slice(1);
const shipped = buildInfo.kind === 'shipped';
if (shipped) dropEngineVariables(process.env);
const { platform } = process;
const engineHas = (name: string): boolean => app.commandLine.hasSwitch(name);
const problem = shipped ? engineSwitchProblem({ args, own: ownFlags, platform, engineHas }) : null;
const read = problem === null ? readFlags(args, Date.now()) : refused(problem);
if (!read.ok) {
  process.stderr.write(`${read.reason}\n`);
  app.exit(2);
} else {
  const choice = chooseDisplay(read.value.task, args, surroundings());
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
  const folder = settleDataFolder(flags.userDataDir);
  if (flags.task) {
    void runTask(flags, flags.task, folder).then((code) => {
      app.exit(code);
    });
    return;
  }
  registerScheme();
  const log = openLog(folder.path, folder.problem === null);
  lockDown(log.warn);
  runProgram({ flags, token: token.value, folder, log, ignoredVariables });
}
