import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { app, Notification, screen } from 'electron/main';
import { buildReport, type ReportStep } from '../../domain/diagnostics-report.ts';
import { readLogLines, type LogLine } from '../../domain/log-lines.ts';
import type { ProgramInfo } from '../../domain/program-info.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { redactLogLines } from '../../domain/words/redact-log-lines.ts';
import { say } from '../../domain/words/say.ts';
import { settingKeys } from '../../domain/settings.ts';
import { canHideFromCapture } from '../shell/capture-protection.ts';
import { ownSettings, readPreferences } from '../shell/preferences.ts';
import { readPolicy } from '../shell/policy.ts';
import { systemKeyStore } from '../shell/key-store.ts';
import { displayServer, isWaylandSession, surroundings } from '../shell/display-server.ts';
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
    hidesFromCapture: canHideFromCapture(),
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

/** What the report reads of a database; `null`: nothing recorded, or recording is paused. */
type Readable = Pick<OpenedDatabase, 'verify' | 'summary' | 'records'>;

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
      look: async () => {
        const { hasTrayHost } = await import('../shell/tray-host.ts');
        return (await hasTrayHost(process.platform)) ? 'there is a tray' : 'no tray found';
      },
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
      name: 'Files',
      look: () =>
        readdirSync(folder.path)
          .sort()
          .map((name) => {
            const found = statSync(join(folder.path, name));
            return found.isDirectory() ? `${name}/` : `${name} (${String(found.size)} bytes)`;
          })
          .join(', '),
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

/** What the settings show of the log, and how much of its file is read for that, bytes. */
const shownLines = 500;
const readBytes = 256 * 1024;

/** The latest lines of the log, cut once more as they were when they were written. @throws when it cannot be read */
export function readLog(folder: DataFolder): readonly LogLine[] {
  const file = join(folder.path, 'logs', 'main.log');
  if (!existsSync(file)) return [];
  const text = readFileSync(file).subarray(-readBytes).toString('utf8');
  return readLogLines(redactLogLines(text), shownLines);
}

/** The records of a week are asked for the names and notes in them: the log that is shown is no older. At most so many. */
const searchedMs = 7 * 24 * 3_600_000;
const recordsSearched = 2_000;

/** Whatever people in the records are called, and what was written about them: none of it may be in the report. */
async function peopleIn(database: Readable | null): Promise<readonly string[]> {
  const words = new Set<string>();
  let seen = 0;
  if (!database) return [];
  for await (const record of database.records({ since: Date.now() - searchedMs }, () => undefined)) {
    const { peerName, wrapup, screenshare, exposure } = record;
    const names = [peerName, ...(exposure?.people ?? []).map(({ name }) => name)];
    for (const word of [...names, wrapup?.notes, screenshare.wrapup?.notes]) if (word) words.add(word);
    seen += 1;
    if (seen >= recordsSearched) break;
  }
  return [...words];
}

/** The redacted report: nothing in it names a customer or signs anybody in. @throws where it cannot prove that */
async function report(folder: DataFolder, openToRead: () => Promise<Readable | null>): Promise<string> {
  let database: Promise<Readable | null> | null = null;
  const openOnce = (): Promise<Readable | null> => (database ??= openToRead());
  const taken: ReportStep[] = [];
  for (const { name, look } of steps(folder, openOnce)) {
    try {
      taken.push({ name, found: await look() });
    } catch (error) {
      taken.push({ name, found: `could not be read: ${reasonOf(error)}` });
    }
  }
  // Where the records cannot be read, the step above says so; their words are in no other place than they.
  const people = await openOnce()
    .then(peopleIn)
    .catch(() => []);
  const preferences = readPreferences(folder.path);
  const agent = preferences.kind === 'unreadable' ? null : preferences.preferences.account;
  const built = buildReport(
    `# Sharelight diagnostics\n\n${new Date().toISOString()}`,
    taken,
    {
      machine: [os.userInfo().username, os.hostname()],
      people: [...people, ...(agent ? [agent.name] : [])],
      paths: [
        [folder.path, '<data folder>'],
        [os.homedir(), '~'],
      ],
    },
    (digits) =>
      randomBytes(Math.ceil(digits / 2))
        .toString('hex')
        .slice(0, digits),
  );
  if (!built.ok) throw new Error(built.reason);
  return built.value;
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
