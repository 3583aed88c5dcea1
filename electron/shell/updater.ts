import type { IncomingMessage, RequestOptions } from 'node:http';
import type { ClientRequest } from 'electron/main';
import type { AppUpdater } from 'electron-updater';
import type { AppAdapter } from 'electron-updater/out/AppAdapter.js';
import { AppImageUpdater } from 'electron-updater/out/AppImageUpdater.js';
import { BaseUpdater } from 'electron-updater/out/BaseUpdater.js';
import { DownloadedUpdateHelper } from 'electron-updater/out/DownloadedUpdateHelper.js';
import { ElectronHttpExecutor } from 'electron-updater/out/electronHttpExecutor.js';
import { MacUpdater } from 'electron-updater/out/MacUpdater.js';
import { NsisUpdater } from 'electron-updater/out/NsisUpdater.js';
import type { UpdateProblem } from '../../domain/updates.ts';
import { loggedReasonOf } from '../../domain/toolbox/result.ts';
import { UpdateFailure, type Updater } from './updates.ts';

/** `electron-updater`, with requests that name nobody and go nowhere else. Why like this: `build/decisions`. */

export interface UpdaterParts {
  /** As `updateAddress` gives it. */
  readonly address: string;
  readonly platform: NodeJS.Platform;
  readonly version: string;
  /** Where a download lies until it is installed. */
  readonly folder: string;
  /** `app-update.yml` of the package; on Windows it says who signs. */
  readonly configFile: string;
  /** Begins a GET that is neither redirected nor cached. */
  readonly request: (url: string, headers: Readonly<Record<string, string>>) => ClientRequest;
  /** Starts the program at this path once this one has ended. */
  readonly relaunch: (executable: string) => void;
  readonly log: (line: string) => void;
}

/** The list of what there is, and a whole program, bytes. */
const longestList = 1_000_000;
const largestProgram = 600_000_000;

type Answer = Pick<IncomingMessage, 'statusCode'> & {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};

/** What is wrong with an answer, before anything of it is read. */
function problemOf(path: string, { statusCode = 0, headers }: Answer): UpdateFailure | null {
  if (statusCode >= 300 && statusCode < 400) return new UpdateFailure('elsewhere');
  if (statusCode === 404) return new UpdateFailure('notFound');
  if (statusCode !== 200) return new UpdateFailure('unreadable', new Error(`status ${statusCode}`));
  const length = Number([headers['content-length']].flat()[0] ?? Number.NaN);
  const most = path.endsWith('.yml') ? longestList : largestProgram;
  return length <= most ? null : new UpdateFailure('tooLarge');
}

/** Requests to one origin, which say nothing of whom they are for. */
class Requests extends ElectronHttpExecutor {
  /** Breaks off what is under way. */
  signal = new AbortController().signal;
  readonly #origin: string;
  readonly #begin: UpdaterParts['request'];

  constructor({ address, request }: Pick<UpdaterParts, 'address' | 'request'>) {
    super();
    this.#origin = new URL(address).origin;
    this.#begin = request;
  }

  override createRequest(options: RequestOptions, receive: (answer: Answer) => void): ClientRequest {
    const { protocol, hostname, port, path } = options;
    const url = new URL(`${protocol ?? ''}//${hostname ?? ''}${port ? `:${port}` : ''}${path ?? ''}`);
    if (url.origin !== this.#origin) throw new UpdateFailure('elsewhere');
    // Of the updater's own headers one is an id of this computer.
    const headers = { Accept: '*/*', 'Accept-Encoding': 'identity', 'User-Agent': 'Sharelight' };
    const request = this.#begin(url.href, headers);
    const fail = (failure: UpdateFailure): void => {
      request.abort();
      request.emit('error', failure);
    };
    const { signal } = this;
    const breakOff = (): void => {
      fail(new UpdateFailure('brokenOff'));
    };
    signal.addEventListener('abort', breakOff, { once: true });
    request.on('close', () => {
      signal.removeEventListener('abort', breakOff);
    });
    request.on('response', (answer) => {
      const problem = problemOf(url.pathname, answer);
      if (problem) fail(problem);
      else receive(answer);
    });
    return request;
  }

  protected override addRedirectHandlers(
    request: ClientRequest,
    _options: RequestOptions,
    reject: (error: Error) => void,
  ): void {
    request.on('redirect', () => {
      request.abort();
      reject(new UpdateFailure('elsewhere'));
    });
  }
}

/** What the updater, the engine's network and the file system call it when something goes wrong. */
const byCode: Readonly<Record<string, UpdateProblem>> = {
  ERR_CHECKSUM_MISMATCH: 'notOurs',
  ERR_UPDATER_INVALID_SIGNATURE: 'notOurs',
  ERR_UPDATER_NO_CHECKSUM: 'unreadable',
  ENOSPC: 'disk',
  EDQUOT: 'disk',
  EACCES: 'disk',
  EPERM: 'disk',
  EROFS: 'disk',
};

function asFailure(error: unknown, during: 'look' | 'download'): UpdateFailure {
  if (error instanceof UpdateFailure) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = byCode[code];
  if (known !== undefined) return new UpdateFailure(known, error);
  if (during === 'download') return new UpdateFailure('brokenOff', error);
  const isOfNetwork = /^(?:net::|E(?:CONN|NOTFOUND|AI_|TIMEDOUT|HOST|NET))/.test(
    code || loggedReasonOf(error),
  );
  return new UpdateFailure(isOfNetwork ? 'unreachable' : 'unreadable', error);
}

function updaterFor(platform: NodeJS.Platform, program: AppAdapter): AppUpdater {
  if (platform === 'win32') return new NsisUpdater(undefined, program);
  if (platform === 'darwin') return new MacUpdater(undefined, program);
  return new AppImageUpdater(undefined, program);
}

export function openUpdater(parts: UpdaterParts): Updater {
  const { platform, folder } = parts;
  const ignore = (): void => undefined;
  const updater = updaterFor(platform, {
    version: parts.version,
    name: 'Sharelight',
    isPackaged: true,
    appUpdateConfigPath: parts.configFile,
    userDataPath: folder,
    baseCachePath: folder,
    whenReady: () => Promise.resolve(),
    // When to end, to start again and to install is up to us.
    relaunch: ignore,
    quit: ignore,
    onQuit: ignore,
  });
  const requests = new Requests(parts);
  const downloads = new DownloadedUpdateHelper(folder);
  Object.assign(updater, { httpExecutor: requests });
  updater['downloadedUpdateHelper'] = downloads;
  // Left to itself it would write an id of this computer, to send it and to draw lots by it.
  updater['stagingUserIdPromise'].value = Promise.resolve('');
  updater.isUserWithinRollout = () => true;
  updater.logger = null;
  updater.autoDownload = false;
  // On macOS the system takes the download now, and puts it in place when the program ends.
  updater.autoInstallOnAppQuit = platform === 'darwin';
  updater.disableDifferentialDownload = true;
  updater.disableWebInstaller = true;
  updater.setFeedURL({ provider: 'generic', url: parts.address });

  /** Where the AppImage lies: with a version in its name it gets another one. */
  let appImage = process.env['APPIMAGE'] ?? '';
  updater.on('appimage-filename-updated', (path: string) => (appImage = path));

  return {
    look: async (signal) => {
      requests.signal = signal;
      try {
        const found = await updater.checkForUpdates();
        if (found?.isUpdateAvailable === true) return found.updateInfo.version;
      } catch (error) {
        throw asFailure(error, 'look');
      }
      await downloads.clear();
      return null;
    },
    download: async (signal) => {
      requests.signal = signal;
      try {
        await updater.downloadUpdate();
      } catch (error) {
        throw asFailure(error, 'download');
      }
    },
    install: (restart) => {
      if (!(updater instanceof BaseUpdater)) {
        if (restart) updater.quitAndInstall();
        return restart;
      }
      updater.once('error', (error) => {
        parts.log(`updates: ${loggedReasonOf(error)}`);
      });
      updater.install(true, restart && platform === 'win32');
      // Once this one has ended, and with its own flags: a newer one started now would hand itself over to it.
      if (restart && platform !== 'win32') parts.relaunch(appImage);
      return false;
    },
  };
}
