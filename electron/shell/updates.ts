import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';
import type { StateSource } from '../../domain/state.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { done, loggedReasonOf, refused, type Result } from '../../domain/toolbox/result.ts';
import { hasWork, type KnownUpdates, type UpdateProblem } from '../../domain/updates.ts';
import { say } from '../../domain/words/say.ts';

/** Finds, downloads and installs newer versions; `updater.ts` is the real one. Failures are `UpdateFailure`s. */
export interface Updater {
  /** The version the server has, where it is newer than this one; else null, and nothing downloaded is kept. */
  readonly look: (signal: AbortSignal) => Promise<string | null>;
  /** Downloads what the last look found, and checks it. */
  readonly download: (signal: AbortSignal) => Promise<void>;
  /** Puts what was downloaded in the place of this program, which ends now. True where the system then ends it. */
  readonly install: (restart: boolean) => boolean;
}

export class UpdateFailure extends Error {
  readonly problem: UpdateProblem;
  constructor(problem: UpdateProblem, cause?: unknown) {
    super(cause === undefined ? problem : `${problem}: ${loggedReasonOf(cause)}`);
    this.problem = problem;
  }
}

/** What this copy runs from. */
interface Program {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly execPath: string;
}

/**
 * The AppImage this program was started from. A program started by that of another AppImage inherits its name, but
 * does not lie where it is mounted.
 */
export function appImageOf({ env, execPath }: Omit<Program, 'platform'>): string | null {
  const { APPIMAGE: file = '', APPDIR: mounted = '' } = env;
  return isAbsolute(file) && mounted !== '' && execPath.startsWith(join(mounted, sep)) ? file : null;
}

/**
 * Whether this copy can be replaced by itself: an AppImage, what the installer of Windows put there, or an app of macOS,
 * where the person may write. On Linux the download has to lie on the same disk: a move there cannot be left half done.
 */
export function isReplaceable(program: Program, dataFolder: string): boolean {
  const { platform, execPath } = program;
  try {
    if (platform === 'win32') return existsSync(join(dirname(execPath), 'Uninstall Sharelight.exe'));
    const app = /^(.*)\/Sharelight\.app\/Contents\/MacOS\/Sharelight$/.exec(execPath)?.[1] ?? null;
    const appImage = appImageOf(program);
    const place = platform === 'darwin' ? app : appImage && dirname(appImage);
    if (place === null) return false;
    accessSync(place, constants.W_OK);
    return platform === 'darwin' || statSync(place).dev === statSync(dataFolder).dev;
  } catch {
    return false;
  }
}

interface UpdatesParts {
  readonly source: StateSource;
  /** This copy can be replaced by itself. */
  readonly replaceable: boolean;
  /** Loaded when it is needed, which may be never. */
  readonly open: (address: string) => Promise<Updater>;
  readonly isMetered: () => Promise<boolean>;
  readonly report: (change: Partial<KnownUpdates>) => void;
  /** One has become ready. */
  readonly announce: (version: string) => void;
  /** Has the program end and start again, unless the person then says no. */
  readonly restart: () => void;
  readonly clock: Clock;
  /** 0 to 1: many desks start at the same hour, and do not ask in the same minute. */
  readonly random: () => number;
  readonly log: (line: string) => void;
}

export interface Updates {
  readonly look: () => Result;
  /** Ends the program and starts the newer one; refused while the agent shares or has work. */
  readonly restart: () => Result;
  /** Everything is closed, and nobody is in a hurry. True where the system ends it once it is replaced. */
  readonly install: (restart: boolean) => boolean;
  readonly stop: () => void;
}

const minuteMs = 60_000;
export const firstLookMs = 5 * minuteMs;
export const nextLookMs = 6 * 60 * minuteMs;
/** After something went wrong, or on a metered network. */
export const retryMs = 30 * minuteMs;
/** How much of that is up to chance. */
const spread = 2;
export const lookWithinMs = minuteMs;
export const downloadWithinMs = 60 * minuteMs;

type Outcome = Pick<KnownUpdates, 'step' | 'wait' | 'problem'>;
const rest: Outcome = { step: 'idle', wait: null, problem: null };
const waitsForAgent: Outcome = { ...rest, step: 'waiting', wait: 'agent' };
/** Why a download was broken off. */
const agentHasWork = 'the agent has work';

/**
 * Looks for newer versions now and then, where somebody has said where, and downloads one while nothing is going on.
 * It never restarts anything: what is ready is installed when the program ends anyway, or when the person says so.
 */
export function startUpdates(parts: UpdatesParts): Updates {
  const { source, clock, report, log } = parts;
  const stopping = new AbortController();
  let updater: Updater | null = null;
  /** The version that can be installed. */
  let ready = '';
  let last = rest;
  let isUnderWay = false;
  let download: AbortController | null = null;
  let cancelPlan = (): void => undefined;

  function isWanted(): boolean {
    const { updatesUrl, values } = source.getState().settings;
    return parts.replaceable && updatesUrl !== '' && values['updates.enabled'];
  }
  const isOn = (): boolean => isWanted() && !stopping.signal.aborted;

  function plan(ms: number): void {
    cancelPlan();
    if (isOn()) cancelPlan = clock.after(ms * (1 + spread * parts.random()), () => void run());
  }

  /** Work that is broken off when it takes too long, or nobody wants it any more. */
  async function within<Value>(
    ms: number,
    given: AbortController,
    work: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    const cancel = clock.after(ms, () => {
      given.abort();
    });
    try {
      return await work(AbortSignal.any([given.signal, stopping.signal]));
    } finally {
      cancel();
    }
  }

  async function lookAndDownload(): Promise<Outcome> {
    const there = (updater ??= await parts.open(source.getState().settings.updatesUrl));
    const version = await within(lookWithinMs, new AbortController(), there.look);
    report({ checkedAt: clock.now(), version: version ?? '' });
    if (version !== null && version === ready) return { ...rest, step: 'ready' };
    ready = '';
    if (version === null) return rest;
    log(`updates: ${version} is available`);
    const isMetered = await parts.isMetered();
    if (!isOn()) return rest;
    if (hasWork(source.getState())) return waitsForAgent;
    if (isMetered) return { ...rest, step: 'waiting', wait: 'metered' };
    report({ step: 'downloading' });
    download = new AbortController();
    await within(downloadWithinMs, download, there.download);
    ready = version;
    log(`updates: ${version} is ready`);
    parts.announce(version);
    return { ...rest, step: 'ready' };
  }

  function outcomeOf(error: unknown): Outcome {
    if (!isOn()) return rest;
    if (download?.signal.reason === agentHasWork) return waitsForAgent;
    log(`updates: ${loggedReasonOf(error)}`);
    if (ready !== '') return { ...rest, step: 'ready' };
    return { ...rest, problem: error instanceof UpdateFailure ? error.problem : 'unreadable' };
  }

  async function run(): Promise<void> {
    if (isUnderWay || !isOn()) return;
    isUnderWay = true;
    cancelPlan();
    report({ ...rest, step: 'looking' });
    last = await lookAndDownload().catch(outcomeOf);
    download = null;
    isUnderWay = false;
    if (stopping.signal.aborted) return;
    report(last);
    plan(last.problem === null && last.wait === null ? nextLookMs : retryMs);
    follow();
  }

  let wasOn = isOn();
  function follow(): void {
    const turnedOn = isOn() && !wasOn;
    wasOn = isOn();
    const isBusy = hasWork(source.getState());
    if (!wasOn) {
      cancelPlan();
      download?.abort();
    } else if (isBusy) download?.abort(agentHasWork);
    if (turnedOn || (last.wait === 'agent' && !isBusy)) void run();
  }

  report({ replaceable: parts.replaceable });
  plan(firstLookMs);
  const unsubscribe = source.subscribe(follow);
  return {
    look: () => {
      void run();
      return done;
    },
    restart: () => {
      if (ready === '' || !isWanted()) return refused(say('updates.notReady'));
      if (hasWork(source.getState())) return refused(say('updates.restart.refused'));
      parts.restart();
      return done;
    },
    install: (restart) => {
      if (ready === '' || updater === null || !isWanted()) return false;
      log(`updates: ${ready} is installed`);
      return updater.install(restart);
    },
    stop: () => {
      unsubscribe();
      cancelPlan();
      stopping.abort();
    },
  };
}
