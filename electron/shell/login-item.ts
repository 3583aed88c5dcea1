import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { app } from 'electron/main';
import { done, reasonOf, refused, type Result } from '../../domain/toolbox/result.ts';

/** How the program is started when the person logs in. */
interface Program {
  readonly executable: string;
  /** Before our own flag: in development, where the program is. */
  readonly args: readonly string[];
}

const ownFlag = '--hidden';
const fileName = 'sharelight.desktop';

/** As a desktop file wants it in `Exec`: quoted, with its own signs escaped twice. */
function quoted(argument: string): string {
  const inQuotes = argument
    .replace(/[\\"`$]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%');
  return `"${inQuotes}"`;
}

/** The desktop file that starts the program in the tray. */
export function autostartEntry({ executable, args }: Program): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Sharelight',
    `Exec=${[executable, ...args, ownFlag].map(quoted).join(' ')}`,
    'X-GNOME-Autostart-enabled=true',
    'NoDisplay=true',
    '',
  ].join('\n');
}

/** Where a Linux desktop looks for what it starts. */
export function autostartFolder(env: NodeJS.ProcessEnv, home: string): string {
  const configured = env['XDG_CONFIG_HOME'];
  const config =
    configured !== undefined && path.isAbsolute(configured) ? configured : path.join(home, '.config');
  return path.join(config, 'autostart');
}

function writeEntry(on: boolean, program: Program): void {
  const folder = autostartFolder(process.env, homedir());
  const file = path.join(folder, fileName);
  if (!on) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, autostartEntry(program));
}

/** Starts the program in the tray whenever the person logs in, or no more. */
export function setStartAtLogin(on: boolean, program: Program, platform = process.platform): Result {
  try {
    if (platform === 'linux') writeEntry(on, program);
    else
      app.setLoginItemSettings({
        openAtLogin: on,
        path: program.executable,
        args: [...program.args, ownFlag],
      });
    return done;
  } catch (error) {
    return refused(reasonOf(error));
  }
}
