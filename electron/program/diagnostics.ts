import { readFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { app, Notification, screen } from 'electron/main';
import type { ProgramInfo } from '../../domain/program-info.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { redactText } from '../../domain/words/redact-text.ts';
import { say } from '../../domain/words/say.ts';
import { settingKeys } from '../../domain/settings.ts';
import { ownSettings, readPreferences } from '../shell/preferences.ts';
import { readPolicy } from '../shell/policy.ts';
import { systemKeyStore } from '../shell/key-store.ts';
import { displayServer, isWaylandSession, surroundings } from '../shell/display-server.ts';
import { hasTrayHost } from '../shell/tray-host.ts';
import type { OpenedDatabase } from '../store/client.ts';
import { buildInfo } from '../build-info.ts';
import { writePrivateFile } from '../store/export-file.ts';
import type { DataFolder } from './data-folder.ts';

/** Where there is a choice of what shows the windows. */
function displayWords(): string[] {
  if (displayServer() !== 'x11') return [];
  return [say(isWaylandSession(surroundings()) ? 'display.xwayland' : 'display.x11')];
}

export function describeProgram(folder: DataFolder): ProgramInfo {
  const { electron, chrome, node } = process.versions;
  const system = `${os.type()} ${os.release()} ${os.arch()}`;
  return {
    version: app.getVersion(),
    runtime: [`Electron ${electron}`, `Chromium ${chrome}`, `Node ${node}`, system, ...displayWords()],
    caveats: [
      ...(displayServer() === 'wayland' ? [say('display.wayland')] : []),
      ...(buildInfo.standIn ? [say('settings.about.standIn')] : []),
      ...(buildInfo.kind === 'test' ? [say('settings.about.forTests')] : []),
    ],
    licenceFolder: buildInfo.kind === 'development' ? null : join(process.resourcesPath, 'licences'),
    dataFolder: folder.path,
    logFolder: join(folder.path, 'logs'),
  };
}

/**
 * A numbered step of the report; one that fails says so and does not stop the others. The report is read by
 * support, whatever the language of the agent: its words are English and not messages.
 */
interface Step {
  readonly name: string;
  readonly look: () => Promise<string> | string;
}

const logLines = 60;

/** What the report reads of a database; `null`: nothing recorded, or history is paused. */
type Readable = Pick<OpenedDatabase, 'verify' | 'summary'>;

function steps(folder: DataFolder, openToRead: () => Promise<Readable | null>): Step[] {
  return [
    {
      name: 'Program',
      look: () => {
        const { electron, chrome, node } = process.versions;
        const build = `${buildInfo.kind} build${buildInfo.standIn ? ' with a stand-in runtime' : ''}`;
        const version = `Sharelight ${app.getVersion()} (${build})`;
        return `${version}, Electron ${electron}, Chromium ${chrome}, Node ${node}`;
      },
    },
    {
      name: 'System',
      look: () => `${os.platform()} ${os.release()} ${os.arch()}, locale ${app.getLocale()}`,
    },
    { name: 'Data folder', look: () => folder.problem ?? 'can be written' },
    {
      name: 'Preferences',
      look: () => {
        const read = readPreferences(folder.path);
        if (read.kind === 'unreadable') return 'unreadable';
        const { account } = read.preferences;
        const { theme, notifications, stillSharingMinutes } = ownSettings(read.preferences);
        const reminders = stillSharingMinutes.join(', ');
        const who = account ? 'an account is known' : 'no account';
        return `read; theme ${theme}; notifications ${notifications ? 'on' : 'off'}; reminders at ${reminders} min; ${who}`;
      },
    },
    {
      name: 'Policy',
      look: () => {
        const { policy } = readPolicy();
        if (policy.kind === 'none') return 'none';
        if (policy.kind === 'unreadable') return `unreadable: ${policy.reason}`;
        const locked = settingKeys.filter((key) => key in policy.locked);
        const keyKeeping = policy.keyKeeping === undefined ? [] : ['keyKeeping'];
        return `locks ${[...locked, ...keyKeeping].join(', ') || 'nothing'}`;
      },
    },
    {
      name: 'Key store',
      look: async () => {
        const keyStore = systemKeyStore(process.platform);
        return `${keyStore.backend()}, ${(await keyStore.available()) ? 'available' : 'not available'}`;
      },
    },
    { name: 'Notifications', look: () => (Notification.isSupported() ? 'supported' : 'not supported here') },
    {
      name: 'Tray',
      look: async () => ((await hasTrayHost(process.platform)) ? 'there is a tray' : 'no tray found'),
    },
    {
      name: 'Displays',
      look: () => {
        const server = displayServer();
        if (server === 'headless') return 'none that answers';
        const displays = screen
          .getAllDisplays()
          .map(
            ({ size, scaleFactor }) =>
              `${String(size.width)}×${String(size.height)} at ${String(scaleFactor)}`,
          );
        const session = isWaylandSession(surroundings()) ? ', a Wayland session' : '';
        return `${displays.join(', ')} (${server}${session})`;
      },
    },
    {
      name: 'Database',
      look: async () => {
        const database = await openToRead();
        if (!database) return 'nothing recorded yet';
        const { whole, facts, records, problems } = await database.verify();
        const { quarantined } = await database.summary();
        const state = whole ? 'whole' : `not whole: ${problems.join('; ')}`;
        return `${String(records)} records, ${String(facts)} facts, ${String(quarantined)} quarantined; ${state}`;
      },
    },
    {
      name: 'Log',
      look: () => {
        const lines = readFileSync(join(folder.path, 'logs', 'main.log'), 'utf8')
          .trimEnd()
          .split('\n');
        return ['', ...lines.slice(-logLines).map((line) => `    ${line}`)].join('\n');
      },
    },
  ];
}

/** The redacted report: nothing in it names a customer or signs anybody in. */
async function report(folder: DataFolder, openToRead: () => Promise<Readable | null>): Promise<string> {
  const lines = ['# Sharelight diagnostics', '', new Date().toISOString(), ''];
  let number = 0;
  for (const { name, look } of steps(folder, openToRead)) {
    number += 1;
    let found: string;
    try {
      found = await look();
    } catch (error) {
      found = `could not be read: ${reasonOf(error)}`;
    }
    lines.push(`${String(number)}. **${name}**: ${found}`);
  }
  const own = [os.userInfo().username, os.hostname()].filter((word) => word.length > 2);
  const text = own.reduce(
    (report, word) => report.replaceAll(word, '…'),
    redactText(`${lines.join('\n')}\n`),
  );
  return text.replaceAll(folder.path, '<data folder>').replaceAll(os.homedir(), '~');
}

/**
 * Writes the report into a file of its own, which only this account can read.
 * @throws when the file cannot be written
 */
export async function saveDiagnostics(
  file: string,
  folder: DataFolder,
  openToRead: () => Promise<Readable | null>,
): Promise<void> {
  await writePrivateFile(file, await report(folder, openToRead));
}

/** `--diagnostics`: opens the database itself, beside a program that may be running. 0 when it was written. */
export async function writeDiagnostics(
  file: string,
  folder: DataFolder,
  openToRead: () => Promise<OpenedDatabase | null>,
): Promise<number> {
  await app.whenReady();
  let opened: OpenedDatabase | null = null;
  try {
    await saveDiagnostics(file, folder, async () => (opened = await openToRead()));
  } finally {
    await (opened as OpenedDatabase | null)?.close();
  }
  process.stderr.write(`${say('task.diagnosticsWritten', { file })}\n`);
  return 0;
}
