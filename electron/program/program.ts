import { join } from 'node:path';
import { app, Menu } from 'electron/main';
import { createSteadyClock } from '../../domain/clocks/steady-clock.ts';
import type { Feed } from '../../domain/feed.ts';
import { say } from '../../domain/words/say.ts';
import { machineTime, systemClock } from '../system-clock.ts';
import type { Flags } from './command-line.ts';
import { createTransport } from '../feed/genesys/proxy-transport.ts';
import { publish } from '../ipc/publish.ts';
import { openRouter } from '../ipc/router.ts';
import { openInBrowser } from '../shell/browser.ts';
import { trustSystemCertificates } from '../shell/certificates.ts';
import { systemKeyStore } from '../shell/key-store.ts';
import { denyPermissions } from '../shell/web-security.ts';
import type { Log } from '../shell/log.ts';
import { narrate } from '../shell/narrate.ts';
import { followNetwork } from '../shell/reconnect-triggers.ts';
import { startNotifications } from '../shell/notifications.ts';
import { followPower } from '../shell/power.ts';
import { policyFiles, readPolicy } from '../shell/policy.ts';
import { openPreferences } from '../shell/preferences.ts';
import { systemProxy } from '../shell/network-settings.ts';
import { serveScheme } from '../shell/scheme.ts';
import { isFree, startShortcuts } from '../shell/shortcuts.ts';
import { startTray, type TrayService } from '../shell/tray.ts';
import { hasTrayHost } from '../shell/tray-host.ts';
import { openVault } from '../shell/sign-in-storage.ts';
import { createWindows } from '../shell/windows.ts';
import { warmThread } from '../store/thread.ts';
import { createStateStore, emptyModel } from '../tracker/state.ts';
import { createAccount, startsWithDemo } from '../account/account.ts';
import type { DataFolder } from './data-folder.ts';
import { createDesks } from '../account/account-session.ts';
import { createIntents } from '../handlers/widget.ts';
import { askWhetherToQuit, createLeaving } from './quit.ts';
import { createOpenedFile } from '../review/opened-file.ts';
import { createReviewIntents } from '../handlers/review.ts';
import { createWorkKeeper } from '../review/long-task.ts';
import { raiseWhenVeiled } from '../review/revision.ts';
import { pathsOf, workerFile } from '../paths.ts';
import { openingNotices, tellOfQuarantine } from './notices.ts';
import { createOutside } from '../handlers/without-window.ts';
import { seeMissed } from '../handlers/seen.ts';
import { createSettings, dress, settingsAtStart } from './settings-in-force.ts';
import { createSettingsIntents } from '../handlers/settings.ts';

export interface ProgramParts {
  readonly flags: Flags;
  readonly token: string | null;
  readonly folder: DataFolder;
  readonly log: Log;
}

/** Only one program may own a data folder; the one that is there comes to the front instead. */
function isOnlyOne(folder: DataFolder): boolean {
  // The lock is a file in the folder: where nothing can be written there is none to take.
  return folder.problem !== null || app.requestSingleInstanceLock();
}

/** Opens every room in its order, hands them to each other, and closes them in the opposite order. */
export function runProgram(parts: ProgramParts): void {
  if (!isOnlyOne(parts.folder)) {
    process.stderr.write(`${say('start.second', { folder: parts.folder.path })}\n`);
    app.exit(0);
    return;
  }
  Menu.setApplicationMenu(null);
  // The same as the installer's: Windows shows no notification of a program it does not know.
  app.setAppUserModelId('app.sharelight.desktop');
  // Windows come and go; the program ends when the person says so.
  app.on('window-all-closed', () => undefined);
  // Loaded while the browser engine starts.
  if (parts.folder.problem === null) warmThread(workerFile(pathsOf(app.getAppPath(), parts.folder.path).out));
  app
    .whenReady()
    .then(() => open(parts))
    .catch((error: unknown) => {
      parts.log.error(`start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      process.stderr.write(`${say('start.failed', { reason: String(error) })}\n`);
      app.exit(1);
    });
}

async function open({ flags, token, folder, log }: ProgramParts): Promise<void> {
  denyPermissions();
  const steady = createSteadyClock(machineTime);
  const clock = steady.now;
  const paths = pathsOf(app.getAppPath(), folder.path);
  const icon = join(paths.assets, 'icons', 'window.png');
  const print = (line: string): void => void process.stdout.write(`${line}\n`);

  // Preferences, and what the person must be told before anything else.
  const preferences = openPreferences(folder.path, new Date(clock()));
  const policy = readPolicy(policyFiles(process.platform, process.env));
  const startSettings = settingsAtStart(preferences, policy);
  const keyStore = systemKeyStore(process.platform);
  const vault = openVault({
    folder: folder.path,
    keyStore,
    writable: folder.problem === null,
    now: new Date(clock()),
  });
  // Preferences that had to be set aside are no reason to forget whose records are there.
  const known = vault.account?.person ?? null;
  if (preferences.get().account === null && known !== null) preferences.set({ account: known });
  const identity = { flags, token, remembered: preferences.get().account, vault };
  const demo = startsWithDemo(identity);
  const source = { kind: demo ? ('simulator' as const) : ('genesys' as const), demo };

  // The one state, and who may change it.
  const systemLocale = app.getLocale() || 'en';
  const store = createStateStore(
    {
      ...emptyModel(source, dress(startSettings.values, systemLocale), startSettings),
      startedAt: clock(),
      notices: openingNotices(preferences, folder, startSettings.policyProblem),
    },
    clock,
    steady.wallOffsetMs,
  );
  const settings = createSettings({
    preferences,
    policy,
    store,
    isFree,
    systemLocale,
    platform: process.platform,
  });
  // How servers are reached: as the system's settings say.
  const transport = createTransport(systemProxy);
  const feed = (): Feed | null => desks.current()?.feed() ?? null;

  // Who is signed in, and the work of one account at a time.
  const account = createAccount({
    ...identity,
    store,
    demoData: folder.problem === null ? folder.path : null,
    feed,
    switchTo: (connection) => desks.switchTo(connection),
    openBrowser: openInBrowser,
    fetch: transport.fetch,
    log: log.info,
  });
  const desks = createDesks({
    store,
    flags,
    paths,
    folder,
    keyStore,
    transport,
    clock,
    identified: (person) => {
      preferences.set({ account: person });
    },
    toldOfRetention: {
      get: () => preferences.get().toldKeepDays,
      set: (toldKeepDays) => {
        preferences.set({ toldKeepDays });
      },
    },
    log: log.info,
  });

  // Looking back, and somebody else's records looked at instead.
  const work = createWorkKeeper(store, clock);
  const opened = createOpenedFile({ store, paths, work, log: log.info });
  await opened.clearLeftovers();

  // Windows, and what they may ask for.
  serveScheme(join(paths.out, 'renderer'));
  let askedByPerson = false;
  let trayHost = false;
  let tray: TrayService | null = null;
  const windows = createWindows({
    out: paths.out,
    icon,
    place: {
      get: () => preferences.get().widgetPlace,
      set: (widgetPlace) => {
        preferences.set({ widgetPlace });
      },
    },
    canHide: () => trayHost,
    onClosed: quit,
    onVisibility: () => tray?.refresh(),
    onFocused: () => {
      seeMissed(store, clock);
    },
    onReviewClosed: () => void opened.leave(),
    onHidden: () => {
      if (preferences.get().toldAboutTray) return;
      preferences.set({ toldAboutTray: true });
      notifications.say(say('app.name'), say('notice.stillInTray'));
    },
    log: log.warn,
  });
  const published = publish(store.app, windows.send, clock);
  const { handlers, act } = createIntents({
    store,
    desk: desks.current,
    account: account.intents,
    windows,
    snapshot: published.snapshot,
  });
  const outside = createOutside({ store, act, windows, notifications: () => notifications, log: log.warn });
  const settingsHandlers = createSettingsIntents({
    settings,
    folder,
    keeper: () => desks.current()?.keeper ?? null,
    windows,
    notifications: () => notifications,
    clock,
  });
  const reviewHandlers = createReviewIntents({
    store,
    desk: desks.current,
    opened,
    work,
    windows,
    clock,
  });
  const closeRouter = openRouter({
    handlers: { ...handlers, ...settingsHandlers, ...reviewHandlers },
    roleOf: windows.roleOf,
    log: log.warn,
  });

  // Services of the state: nothing else touches tray, notifications, shortcuts or the window's place.
  const notifications = startNotifications({
    source: store.app,
    enabled: () => settings.get().notifications,
    soundsItself: () => settings.get().alertSound !== 'none',
    isSeen: windows.isFocused,
    onClick: ({ key, tag }) => {
      windows.focus();
      if (key !== null && (tag === 'wrapUp' || tag === 'conflict')) void outside('openWrapUp', key);
    },
    stillSharingMinutes: () => settings.get().stillSharingMinutes,
    clock,
    icon,
    log: log.info,
  });
  const stops = [
    windows.followState(store.app),
    raiseWhenVeiled(store),
    tellOfQuarantine(store),
    startShortcuts({
      source: store.app,
      stop: (key) => void outside('stopSharing', key),
      told: settings.toldOfStopKey,
    }),
    followPower(() => feed()?.reconnect()),
    followNetwork({ changed: () => feed()?.reconnect() }),
    ...(process.env['SHARELIGHT_NARRATE'] === '1' ? [narrate(store.app, print)] : []),
  ];

  app.on('second-instance', windows.focus);
  app.on('activate', windows.focus);

  const leaving = createLeaving({
    lastTry: () => desks.current()?.lastTry() ?? Promise.resolve(),
    held: () => desks.current()?.outbox.held() ?? { wrapUps: 0, drafts: 0 },
    ask: (held, takenBack) => askWhetherToQuit(windows.window(), held, takenBack),
    stay: () => {
      if (windows.window()) windows.focus();
      else windows.open({ visible: true });
    },
    after: (ms, call) => systemClock.after(ms, call),
    end: () => {
      void close().finally(() => {
        app.exit(0);
      });
    },
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    const byPerson = askedByPerson;
    askedByPerson = false;
    leaving.leave(byPerson);
  });

  // The window first, then the database, then the world outside. Whether there is a tray is found out meanwhile.
  const wantsTray = hasTrayHost(process.platform);
  if (!flags.hidden) windows.open({ visible: true });
  // Reading them takes a moment: the window is there by now, and nothing has gone out yet.
  log.info(`network: ${trustSystemCertificates()}`);
  const started = account.start();
  // A failure is told below.
  started.catch(() => undefined);
  trayHost = await wantsTray;
  if (flags.hidden) windows.open({ visible: !trayHost });
  tray = startTray({
    icons: join(paths.assets, 'icons', 'tray'),
    source: store.app,
    intents: {
      show: windows.focus,
      hide: windows.hide,
      isVisible: windows.isVisible,
      act: (action, key) => void outside(action, key),
      openReview: windows.openReview,
      openSettings: windows.openSettings,
      quit,
    },
    log: log.info,
  });
  await started;

  /** Somebody who is there to answer wants to leave; any other end comes from the system. */
  function quit(): void {
    askedByPerson = true;
    app.quit();
  }

  /** The windows' last words first, then the account's work, then whatever showed it. */
  async function close(): Promise<void> {
    await windows.close();
    await work.stop();
    await opened.close();
    await account.stop();
    await desks.close();
    for (const stop of stops) stop();
    notifications.stop();
    tray?.stop();
    published.stop();
    closeRouter();
    store.stop();
  }
}
