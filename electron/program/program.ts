import { join } from 'node:path';
import { app, Menu } from 'electron/main';
import { createSteadyClock } from '../../domain/clocks/steady-clock.ts';
import type { Feed } from '../../domain/feed.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import { createAccountSessions } from '../account/account-session.ts';
import { createAccount, startsWithDemo } from '../account/account.ts';
import { createTransport } from '../feed/genesys/proxy-transport.ts';
import { createCommunicationCommands, markMissedSeen } from '../handlers/communication-commands.ts';
import { createRecordCalls } from '../handlers/record-calls.ts';
import { createReviewHandlers } from '../handlers/review.ts';
import { createSettingsHandlers } from '../handlers/settings.ts';
import { createWidgetHandlers } from '../handlers/widget.ts';
import { createActWithoutWindow } from '../handlers/without-window.ts';
import { publish } from '../ipc/publish.ts';
import { openRouter } from '../ipc/router.ts';
import { pathsOf, workerFile } from '../paths.ts';
import { createLongTasks } from '../review/long-task.ts';
import { createOpenedFile } from '../review/opened-file.ts';
import { startVeilWatch } from '../review/revision.ts';
import { displayServer } from '../shell/display-server.ts';
import { denyPermissions, openInBrowser } from '../shell/web-security.ts';
import { systemProxy, trustSystemCertificates } from '../shell/network-settings.ts';
import { systemKeyStore } from '../shell/key-store.ts';
import { type Log, startPrintingStates } from '../shell/log.ts';
import { isWaylandSession } from '../shell/display-server.ts';
import { startNetworkWatch, startPowerWatch } from '../shell/reconnect-triggers.ts';
import { startNotifications } from '../shell/notifications.ts';
import { readPolicy } from '../shell/policy.ts';
import { openPreferences } from '../shell/preferences.ts';
import { serveScheme } from '../shell/pages.ts';
import { followSessionEnd } from '../shell/session-end.ts';
import { isFree, startShortcuts } from '../shell/shortcuts.ts';
import { createNotificationBody } from '../shell/dbus.ts';
import { startTray, type TrayService } from '../shell/tray.ts';
import { followTrayHost } from '../shell/tray-host.ts';
import { openSignInStorage } from '../shell/sign-in-storage.ts';
import { createWindows } from '../shell/windows.ts';
import { warmThread } from '../store/store-thread.ts';
import { machineTime, systemClock } from '../system-clock.ts';
import { createStateStore, emptyModel } from '../tracker/state.ts';
import type { Flags } from './command-line.ts';
import type { DataFolder } from './data-folder.ts';
import { describeProgram, saveDiagnostics } from './diagnostics.ts';
import { startNotices, startQuarantineNotice, startTooOldNotice } from './notices.ts';
import { askWhetherToQuit, createQuit } from './quit.ts';
import { applyAppearance, createSettings, settingsAtStart } from './settings-in-force.ts';
import { timeLocale } from './time-locale.ts';

export interface ProgramParts {
  readonly flags: Flags;
  readonly token: string | null;
  readonly folder: DataFolder;
  readonly log: Log;
  /** Names of what was taken out of the environment. */
  readonly ignoredVariables: readonly string[];
}

/** Only one program may own a data folder; the one that is there comes to the front instead. */
function isOnlyOne(folder: DataFolder): boolean {
  // The lock is a file in the folder: where nothing can be written there is none to take.
  return folder.problem !== null || app.requestSingleInstanceLock();
}

/** Starts the program: everything that must be so before the browser engine is ready, and then the rooms. */
export function runProgram(parts: ProgramParts): void {
  const { folder, log } = parts;
  if (!isOnlyOne(folder)) {
    process.stderr.write(`${say('start.second', { folder: folder.path })}\n`);
    app.exit(0);
    return;
  }
  Menu.setApplicationMenu(null);
  // The same as the installer's: Windows shows no notification of a program it does not know.
  app.setAppUserModelId('app.sharelight.desktop');
  // Windows come and go; the program ends when the person says so.
  app.on('window-all-closed', () => undefined);
  // Loaded while the browser engine starts.
  if (folder.problem === null) warmThread(workerFile(pathsOf(app.getAppPath(), folder).out));
  app
    .whenReady()
    .then(() => openRooms(parts))
    .catch((error: unknown) => {
      log.error(`start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      process.stderr.write(`${say('start.failed', { reason: reasonOf(error) })}\n`);
      app.exit(1);
    });
}

/** Opens every room in its order, hands them to each other, and closes them when the program ends. */
async function openRooms({ flags, token, folder, log, ignoredVariables }: ProgramParts): Promise<void> {
  denyPermissions();
  const steady = createSteadyClock(machineTime);
  const clock: Clock = { now: steady.now, after: systemClock.after };
  const paths = pathsOf(app.getAppPath(), folder);
  const icon = join(paths.assets, 'icons', 'window.png');

  const server = displayServer();

  // 1. What is kept on this machine: preferences, the organisation's policy, who signed in.
  const preferences = openPreferences(folder.path, new Date(clock.now()));
  const { policy, untrusted } = readPolicy();
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
  const identity = { flags, token, remembered: preferences.get().account, signInStorage };

  // 2. The one state, and the settings in force.
  const otherwise = app.getLocale() || 'en';
  const systemLocale = timeLocale(process.platform, process.env, app.getSystemLocale(), otherwise);
  const atStart = settingsAtStart(preferences, policy);
  const demo = startsWithDemo(identity);
  const source = { kind: demo ? ('simulator' as const) : ('genesys' as const), demo };
  const store = createStateStore(
    {
      ...emptyModel(source, applyAppearance(atStart.values, systemLocale), atStart),
      startedAt: clock.now(),
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
  const settings = createSettings({
    preferences,
    policy,
    store,
    isFree,
    hearsEveryProgram: !isWaylandSession(process),
    systemLocale,
    platform: process.platform,
  });

  // 3. The account: its session (feed, database, tracker, outbox), and who is signed in.
  const transport = createTransport(systemProxy);
  const sessions = createAccountSessions({
    store,
    paths,
    keyStore,
    keyPreference: flags.key,
    transport,
    clock,
    identified: (person) => {
      preferences.set({ account: person });
    },
    announcedRetention: {
      get: () => preferences.get().toldKeepDays,
      set: (toldKeepDays) => {
        preferences.set({ toldKeepDays });
      },
    },
    policyDeletions: {
      get: (account) => preferences.get().policyDeletions[account] ?? null,
      set: (account, deletion) => {
        const { [account]: _earlier, ...others } = preferences.get().policyDeletions;
        preferences.set({ policyDeletions: deletion ? { ...others, [account]: deletion } : others });
      },
    },
    log: log.info,
  });
  const feed = (): Feed | null => sessions.current()?.feed() ?? null;
  const account = createAccount({
    ...identity,
    store,
    demoData: folder.problem === null ? folder.path : null,
    feed,
    switchTo: sessions.switchTo,
    openBrowser: openInBrowser,
    fetch: transport.fetch,
    log: log.info,
  });

  // 4. Looking back: exports, and somebody else's records looked at instead.
  const longTasks = createLongTasks(store, clock.now);
  const openedFile = createOpenedFile({ store, paths, longTasks, log: log.info });
  await openedFile.clearLeftovers();

  // 5. Windows.
  serveScheme(join(paths.out, 'renderer'));
  /** The tray shows our icon: what is hidden can be brought back by it. */
  let isInTray = false;
  let tray: TrayService | null = null;
  const windows = createWindows({
    out: paths.out,
    icon,
    places: {
      get: () => {
        const { widgetPlaces, widgetPlace } = preferences.get();
        return widgetPlace ? [...widgetPlaces, widgetPlace] : widgetPlaces;
      },
      set: (widgetPlaces) => {
        // There the compositor decides, and what we read back is no place.
        if (server !== 'wayland') preferences.set({ widgetPlaces });
      },
    },
    canHide: () => isInTray,
    onClosed: quitByPerson,
    onVisibility: () => tray?.refresh(),
    onFocused: () => {
      markMissedSeen(store, clock.now());
    },
    onReviewClosed: () => void openedFile.leave(),
    onHidden: () => {
      if (preferences.get().toldAboutTray) return;
      preferences.set({ toldAboutTray: true });
      notifications.say(say('app.name'), say('notice.stillInTray'));
    },
    log: log.warn,
  });

  // 6. What may be asked for: in each window, and outside one.
  const { snapshot, stop: stopPublishing } = publish(store.app, windows.send, clock.now);
  const commands = createCommunicationCommands({ store, feed, now: clock.now });
  const records = createRecordCalls({ store, session: sessions.current, longTasks, now: clock.now });
  const closeRouter = openRouter({
    handlers: {
      widget: createWidgetHandlers({
        store,
        session: sessions.current,
        sessionOf: sessions.having,
        draftsSaved: sessions.draftsSaved,
        commands,
        account,
        changeSettings: settings.change,
        windows,
        snapshot,
      }),
      settings: createSettingsHandlers({
        store,
        session: sessions.current,
        records,
        account,
        changeSettings: settings.change,
        describeProgram: () => describeProgram(folder),
        saveDiagnostics: (file, database) => saveDiagnostics(file, folder, () => Promise.resolve(database)),
        notifications: () => notifications,
        windows,
        snapshot,
        now: clock.now,
      }),
      review: createReviewHandlers({ store, records, openedFile, windows, snapshot }),
    },
    roleOf: windows.roleOf,
    log: log.warn,
  });
  const act = createActWithoutWindow({
    store,
    act: commands.act,
    isMeant: commands.isMeant,
    windows,
    notifications: () => notifications,
    log: log.warn,
  });

  // 7. Services of the state: nothing else touches notifications, shortcuts, tray or the window's place.
  const notifications = startNotifications({
    source: store.app,
    enabled: () => settings.get().notifications,
    bodyFor: createNotificationBody(process.platform),
    soundsItself: () => settings.get().alertSound !== 'none',
    isSeen: windows.isFocused,
    onClick: ({ key, tag }) => {
      windows.focus();
      if (key !== null && (tag === 'wrapUp' || tag === 'conflict')) void act('openWrapUp', key);
    },
    stillSharingMinutes: () => settings.get().stillSharingMinutes,
    clock,
    icon,
    log: log.info,
  });
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const stops = [
    windows.followState(store.app),
    startVeilWatch(store),
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
    startShortcuts({
      source: store.app,
      stop: (key) => void act('stopSharing', key),
      onStopKey: settings.reportStopKey,
      clock,
    }),
    startPowerWatch(() => feed()?.reconnect()),
    startNetworkWatch(() => feed()?.reconnect(), systemClock),
    ...(process.env['SHARELIGHT_NARRATE'] === '1' ? [startPrintingStates(store.app, print)] : []),
  ];

  // 8. How it ends.
  const quit = createQuit({
    saveUnsaved: () => sessions.current()?.saveUnsaved() ?? Promise.resolve(),
    unsaved: () => sessions.current()?.outbox.held() ?? { wrapUps: 0, drafts: 0 },
    ask: (unsaved, withdrawn) => askWhetherToQuit(windows.window(), unsaved, withdrawn),
    stay: () => {
      if (windows.window()) windows.focus();
      else windows.open({ visible: true });
    },
    clock,
    end: () => {
      void closeRooms().finally(() => {
        app.exit(0);
      });
    },
  });
  let askedByPerson = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    const byPerson = askedByPerson;
    askedByPerson = false;
    quit(byPerson);
  });
  stops.push(
    followSessionEnd({
      mayEnd: () => void sessions.current()?.saveUnsaved(),
      ends: () => {
        quit(false);
      },
    }),
  );
  app.on('second-instance', windows.focus);
  app.on('activate', windows.focus);

  // 9. Start: the window first, then the database, then the world outside. The tray may come, go and come back.
  windows.open({ visible: !flags.hidden });
  // Reading them takes a moment: the window is there by now, and nothing has gone out yet.
  log.info(`network: ${trustSystemCertificates()}`);
  const started = account.start();
  // A failure shows where it is awaited.
  started.catch(() => undefined);
  tray = startTray({
    icons: join(paths.assets, 'icons', 'tray'),
    source: store.app,
    intents: {
      show: windows.focus,
      hide: () => {
        // A panel that has just come may be quicker than the news of it.
        void trayHost.check().then(windows.hide);
      },
      isVisible: windows.isVisible,
      isInSight: windows.isInSight,
      act: (action, key) => void act(action, key),
      openReview: windows.openReview,
      openSettings: windows.openSettings,
      quit: quitByPerson,
    },
    log: log.info,
  });
  const trayHost = followTrayHost({
    platform: process.platform,
    clock: systemClock,
    renew: tray.renew,
    onChange: (isShown) => {
      log.info(`tray: ${isShown ? 'shows our icon' : 'does not show our icon'}`);
      isInTray = isShown;
      // What only the tray could bring back comes back by itself.
      if (!isShown && windows.isHidden()) windows.present();
    },
  });
  stops.push(trayHost.stop);
  await started;

  /** Somebody who is there to answer wants to quit; any other end comes from the system. */
  function quitByPerson(): void {
    askedByPerson = true;
    app.quit();
  }

  /** The windows' last words first, then the account's work, then whatever showed it. */
  async function closeRooms(): Promise<void> {
    await windows.close();
    await longTasks.stop();
    await openedFile.close();
    await account.stop();
    await sessions.close();
    for (const stop of stops) stop();
    notifications.stop();
    tray?.stop();
    stopPublishing();
    closeRouter();
    store.stop();
  }
}
