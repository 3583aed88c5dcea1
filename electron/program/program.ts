import { join } from 'node:path';
import { app, Menu } from 'electron/main';
import { createSteadyClock } from '../../domain/clocks/steady-clock.ts';
import type { Status } from '../../domain/state.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { linkScheme } from '../../domain/deep-link.ts';
import { createDeferred } from '../../domain/toolbox/deferred.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { actionName } from '../../domain/words/action-names.ts';
import { say, type LanguageId } from '../../domain/words/say.ts';
import { asksFirst, startsWithDemo } from '../account/start-choice.ts';
import { buildInfo } from '../build-info.ts';
import { markMissedSeen } from '../handlers/communication-commands.ts';
import { publish } from '../ipc/publish.ts';
import { pathsOf, workerFile } from '../paths.ts';
import { startReviewChangesOnAir } from '../review/revision.ts';
import { setStartAtLogin } from '../shell/login-item.ts';
import { displayServer, isWaylandSession } from '../shell/display-server.ts';
import { denyPermissions } from '../shell/web-security.ts';
import { systemKeyStore } from '../shell/key-store.ts';
import { type Log, startPrintingStates } from '../shell/log.ts';
import { readPolicy } from '../shell/policy.ts';
import { nameNotifications } from '../shell/notification-name.ts';
import { openPreferences } from '../shell/preferences.ts';
import { readableTrace } from '../shell/readable-trace.ts';
import { serveScheme } from '../shell/pages.ts';
import { followSessionEnd } from '../shell/session-end.ts';
import { appImageOf } from '../shell/updates.ts';
import { isFree } from '../shell/shortcuts.ts';
import { openSignInStorage } from '../shell/sign-in-storage.ts';
import { createWindows } from '../shell/windows.ts';
import { warmThread } from '../store/store-thread.ts';
import { machineTime, systemClock } from '../system-clock.ts';
import { createStateStore, emptyModel, leadTo } from '../tracker/state.ts';
import type { Flags } from './command-line.ts';
import type { DataFolder } from './data-folder.ts';
import { notePreferencesProblem, startNotices, startQuarantineNotice, startTooOldNotice } from './notices.ts';
import { askAboutShare, askWhetherToQuit, createQuit } from './quit.ts';
import { applyAppearance, createSettings, policyProblem, settingsAtStart } from './settings-in-force.ts';
import { followDeepLink, deepLinkAmong } from './follow-deep-link.ts';
import type { Rooms } from './rooms.ts';
import type { Services } from './services.ts';
import { timeLocale } from './time-locale.ts';

export interface ProgramParts {
  readonly flags: Flags;
  readonly token: string | null;
  readonly folder: DataFolder;
  readonly log: Log;
  /** Names of what was taken out of the environment. */
  readonly ignoredVariables: readonly string[];
}

/** Links come at any time, also before there is a window for what they lead to. */
function collectLinks(first: string | null): {
  follow: (link: string) => void;
  start: (follow: (link: string) => void) => void;
} {
  let waiting = first;
  let follow = (link: string): void => void (waiting = link);
  // macOS says it like this, also of a link that started the program.
  app.on('open-url', (event, link) => {
    event.preventDefault();
    follow(link);
  });
  return {
    follow: (link) => {
      follow(link);
    },
    start: (now) => {
      follow = now;
      if (waiting !== null) now(waiting);
    },
  };
}

/** How a desktop starts this program again. */
function startedBy({ userDataDir }: Flags): { executable: string; args: string[] } {
  const where = buildInfo.kind === 'shipped' ? [] : [app.getAppPath()];
  const data = userDataDir === null ? [] : ['--user-data-dir', userDataDir];
  // Each start mounts an AppImage somewhere else.
  return { executable: appImageOf(process) ?? process.execPath, args: [...where, ...data] };
}

/** Only one program may own a data folder; the one that is there comes to the front instead. */
function isOnlyOne(folder: DataFolder): boolean {
  // The lock is a file in the folder: where nothing can be written there is none to take.
  return folder.problem !== null || app.requestSingleInstanceLock();
}

/** Another start that only starts hands nothing over. */
function isNothing(handedOver: unknown): boolean {
  return handedOver === null || handedOver === undefined;
}

/** Starts the program: everything that must be so before the browser engine is ready, and then the rooms. */
export function runProgram(parts: ProgramParts): void {
  const { folder, log } = parts;
  if (!isOnlyOne(folder)) {
    process.stderr.write(`${say('start.second', { folder: folder.path })}\n`);
    app.exit(0);
    return;
  }
  // The database's thread starts beside the browser engine, on a core of its own: it has the last state before the page
  // asks for it.
  if (folder.problem === null) warmThread(workerFile(pathsOf(app.getAppPath(), folder).out));
  const links = collectLinks(parts.flags.link);
  Menu.setApplicationMenu(null);
  nameNotifications();
  // Windows come and go; the program ends when the person says so.
  app.on('window-all-closed', () => undefined);
  app
    .whenReady()
    .then(() => openProgram(parts, links))
    .catch(async (error: unknown) => {
      log.error(`start: ${readableTrace(error)}`);
      process.stderr.write(`${say('start.failed', { reason: reasonOf(error) })}\n`);
      await log.open().catch(() => undefined);
      app.exit(1);
    });
}

/**
 * Opens everything in its order, hands each part to the next, and closes it all when the program ends. The widget comes
 * first and shows what is known; what it does not need for that is loaded and started once it is on the screen.
 */
async function openProgram(
  { flags, token, folder, log, ignoredVariables }: ProgramParts,
  links: ReturnType<typeof collectLinks>,
): Promise<void> {
  denyPermissions();
  const steady = createSteadyClock(machineTime);
  const clock: Clock = { now: steady.now, after: systemClock.after };
  const paths = pathsOf(app.getAppPath(), folder);
  const icon = join(paths.assets, 'icons', 'window.png');
  const server = displayServer();
  serveScheme(join(paths.out, 'renderer'));

  // 1. What is kept on this machine: preferences, the organisation's policy.
  const preferences = openPreferences(folder.path, new Date(clock.now()));
  const { policy, untrusted } = readPolicy();
  const chosen = settingsAtStart(preferences, policy, flags.archive);

  // 2. How everything looks and speaks, before anything is said.
  const system = {
    preferred: [app.commandLine.getSwitchValue('lang'), ...app.getPreferredSystemLanguages()],
    timesIn: (language: LanguageId) =>
      timeLocale(process.platform, process.env, app.getSystemLocale(), language),
  };
  const appearance = await applyAppearance(chosen.values, system);
  const atStart = { ...chosen, policyProblem: policyProblem(policy) };

  // 3. Who signed in, and the windows.
  const keyStore = systemKeyStore(process.platform);
  const signInStorage = openSignInStorage({
    folder: folder.path,
    keyStore,
    writable: folder.problem === null,
    now: new Date(clock.now()),
  });
  // Preferences that had to be set aside are no reason to forget whose records are there.
  const known = signInStorage.account?.person ?? null;
  if (preferences.get().account === null && known !== null) preferences.set({ account: known });
  const isKnown =
    preferences.get().account !== null || signInStorage.account !== null || preferences.get().demoChosen;
  const identity = {
    flags,
    token,
    remembered: preferences.get().account,
    signInStorage,
    undecided: asksFirst({ flags, token, isKnown }),
    onDemoChosen: () => {
      preferences.set({ demoChosen: true });
    },
  };

  /** The tray shows our icon: what is hidden can be brought back by it. */
  let isInTray: boolean | null = null;
  let rooms: Rooms | null = null;
  let services: Services | null = null;
  const servicesStarted = createDeferred<Services>();
  const windows = createWindows({
    out: paths.out,
    icon,
    snapshot: () => snapshot(),
    settings: atStart.values,
    onZoom: (step) => void settings.stepTextSize(step),
    places: {
      get: () => preferences.get().widgetPlaces,
      set: (widgetPlaces) => {
        // There the compositor decides, and what we read back is no place.
        if (server !== 'wayland') preferences.set({ widgetPlaces });
      },
    },
    placesOf: (role) => {
      const name = `${role}Places` as const;
      return {
        get: () => preferences.get()[name],
        set: (places) => {
          if (server !== 'wayland') preferences.set({ [name]: places });
        },
      };
    },
    canHide: () => isInTray,
    onClosed: quitByPerson,
    onVisibility: () => services?.refresh(),
    onAttended: () => {
      markMissedSeen(store, clock.now());
      services?.notifications.seen();
    },
    onOtherClosed: (role) => {
      // Opened again it begins where it usually does.
      if (store.model.getState().destination[role === 'review' ? 'record' : 'section'] !== null)
        leadTo(store, null);
      if (role === 'review') rooms?.leaveReview();
    },
    onHidden: () => {
      if (preferences.get().toldAboutTray) return;
      preferences.set({ toldAboutTray: true });
      services?.notifications.say(say('app.name'), say('notice.stillInTray'));
    },
    log: log.warn,
  });

  // 4. How it ends.
  const isOnAir = (): boolean => store.app.getState().status.phase === 'sharing';
  let askedAbout: Pick<Status, 'key' | 'ends'> = { key: null, ends: '' };
  const quit = createQuit({
    saveUnsaved: async () => rooms?.session()?.saveUnsaved(),
    unsaved: () => rooms?.session()?.outbox.unsaved() ?? { wrapUps: 0, drafts: 0 },
    isOnAir,
    askOnAir: (withdrawn) => {
      const { status } = store.app.getState();
      askedAbout = { key: status.key, ends: status.ends };
      return askAboutShare(windows.window(), actionName('stopSharing', status), withdrawn);
    },
    stopSharing: async () => {
      const { key, ends, phase } = store.app.getState().status;
      if (phase !== 'sharing' || key === null) return true;
      // A call may have joined meanwhile, which was not asked about.
      if (key !== askedAbout.key || ends !== askedAbout.ends) return false;
      return (await services?.stopAsAsked(key)) ?? false;
    },
    ask: (unsaved, withdrawn) => askWhetherToQuit(windows.window(), unsaved, withdrawn),
    stay: () => {
      if (windows.window()) windows.focus();
      else windows.open({ visible: true });
    },
    clock,
    close,
    exit: (isHurried) => {
      // The system ends what is not done when it goes down: an update waits for a quieter end.
      hasClosed = true;
      const endsItself = !isHurried && services?.updates.install(isRestart) === true;
      if (!endsItself) app.exit(0);
    },
  });
  let hasClosed = false;
  /** The person wants it to start again, as a newer version. */
  let isRestart = false;
  let askedByPerson = false;
  const closing = new AbortController();
  app.on('before-quit', (event) => {
    if (hasClosed) return;
    event.preventDefault();
    // macOS ends every program like this before it logs off, and waits for those that ask.
    const isAsked = process.platform === 'darwin' && isOnAir();
    const byPerson = askedByPerson || isAsked;
    askedByPerson = false;
    quit(byPerson);
  });
  const quitAtOnce = (): void => {
    quit(false);
  };
  const stopFollowingSession = followSessionEnd({
    mayEnd: () => {
      void rooms?.session()?.saveUnsaved();
      return services?.holdsUpEnd() ?? false;
    },
    ends: quitAtOnce,
  });
  app.on('second-instance', (_event, args, _folder, handedOver: unknown) => {
    const link = deepLinkAmong(args);
    if (link !== null) links.follow(link);
    else if (isNothing(handedOver)) windows.focus();
    else
      void servicesStarted.promise.then(({ takeHandOver }) => {
        takeHandOver(handedOver);
      });
  });
  app.on('activate', windows.focus);

  // 5. The window. Its page loads while everything behind it opens.
  windows.open({ visible: !flags.hidden });

  // 6. The one state, and the settings in force.
  const { undecided } = identity;
  const demo = !undecided && startsWithDemo(identity);
  const source = { kind: demo ? ('simulator' as const) : ('genesys' as const), demo, undecided };
  const store = createStateStore(
    {
      ...emptyModel(source, appearance, atStart),
      startedAt: clock.now(),
      gateAccepted: preferences.get().gateAccepted,
      notices: startNotices({
        preferences,
        folder,
        policyProblem: atStart.policyProblem,
        server,
        untrustedPolicy: untrusted,
        ignoredVariables,
      }),
    },
    clock.now,
    steady.wallOffsetMs,
  );
  const atFirst = store.app.getState();
  const settings = createSettings({
    preferences,
    policy,
    archive: flags.archive,
    store,
    isFree,
    hearsEveryProgram: !isWaylandSession(process),
    system,
    platform: process.platform,
    setStartAtLogin: (on) => setStartAtLogin(on, startedBy(flags)),
  });

  // 7. What goes with the state from the beginning.
  const { snapshot, stop: stopPublishing } = publish(store.app, windows.send, clock.now);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const stops = [
    windows.followState(store.app),
    startReviewChangesOnAir(store),
    startQuarantineNotice(store),
    startTooOldNotice({
      store,
      told: {
        get: () => preferences.get().toldTooOld,
        set: (toldTooOld) => {
          preferences.set({ toldTooOld });
        },
      },
      clock,
    }),
    ...(process.env['SHARELIGHT_NARRATE'] === '1' ? [startPrintingStates(store.app, print)] : []),
  ];

  // 8. The rooms behind it: the database, which knows the last state, and then the world outside.
  const { openRooms } = await import('./rooms.ts');
  const opened = openRooms({
    identity,
    folder,
    paths,
    preferences,
    keyStore,
    store,
    settings,
    windows,
    snapshot,
    notifications: async () => (await servicesStarted.promise).notifications,
    updates: async () => (await servicesStarted.promise).updates,
    clock,
    log,
  });
  rooms = opened;
  const started = rooms.start();
  // A failure shows where it is awaited.
  started.catch(() => undefined);

  // 9. Once the window shows that: the other services of the state, and what only had to wait.
  await windows.painted();
  const { startServices } = await import('./services.ts');
  if (closing.signal.aborted) return;
  services = startServices({
    store,
    settings,
    windows,
    commands: rooms.commands,
    feed: rooms.feed,
    paths,
    folder,
    icon,
    clock,
    wallOffsetMs: steady.wallOffsetMs,
    since: atFirst,
    onTray: (isShown) => {
      isInTray = isShown;
    },
    quit: quitByPerson,
    restart: () => {
      quitByPerson();
      isRestart = true;
    },
    relaunch: (execPath) => {
      app.relaunch({ execPath, args: startedBy(flags).args });
    },
    onShutdown: quitAtOnce,
    log,
  });
  servicesStarted.resolve(services);
  await log.open();
  preferences.startWriting();
  // Elsewhere the installed package says it.
  if (buildInfo.kind === 'shipped' && process.platform === 'win32')
    app.setAsDefaultProtocolClient(linkScheme);
  links.start((link) => {
    followDeepLink(link, { store, windows, showRecord: opened.showRecord, log: log.info });
  });
  void notePreferencesProblem(store, preferences, folder);
  rooms.clearLeftovers();
  await started;

  /** Somebody who is there to answer wants to quit; any other end comes from the system. */
  function quitByPerson(): void {
    isRestart = false;
    askedByPerson = true;
    app.quit();
  }

  /** The windows' unsaved text first, then the account's work, then whatever showed it. */
  async function close(): Promise<void> {
    closing.abort();
    await windows.close();
    await rooms?.close();
    stopFollowingSession();
    for (const stop of stops) stop();
    services?.stop();
    stopPublishing();
    rooms?.closeRouter();
    store.stop();
    await preferences.settled();
    await log.open();
  }
}
