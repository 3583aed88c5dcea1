import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { app, Menu, nativeTheme } from 'electron/main';
import type { Feed } from '../../domain/feed.ts';
import { say } from '../../domain/words/say.ts';
import type { Flags } from '../cli/flags.ts';
import { publish } from '../ipc/publish.ts';
import { openRouter } from '../ipc/router.ts';
import { keepWhatWasWritten } from '../outbox/closed-over.ts';
import { sendAtTheLastMoment } from '../outbox/last-moment.ts';
import { createOutbox } from '../outbox/outbox.ts';
import { createSchedule } from '../outbox/schedule.ts';
import { systemKeyStore } from '../shell/key-store.ts';
import { denyPermissions } from '../shell/lockdown.ts';
import type { Log } from '../shell/log.ts';
import { narrate } from '../shell/narrate.ts';
import { startNotifications } from '../shell/notifications.ts';
import { followPower } from '../shell/power.ts';
import { openPreferences } from '../shell/preferences.ts';
import { serveScheme } from '../shell/scheme.ts';
import { startShortcuts } from '../shell/shortcuts.ts';
import { startTray, type TrayService } from '../shell/tray.ts';
import { hasTrayHost } from '../shell/tray-host.ts';
import { createWindows } from '../shell/windows.ts';
import { startCodes } from '../tracker/codes.ts';
import { createHistory } from '../tracker/history.ts';
import { createStateStore, emptyModel } from '../tracker/state.ts';
import { createTracker, type Tracker } from '../tracker/tracker.ts';
import { chooseConnection } from './connection.ts';
import type { DataFolder } from './data-folder.ts';
import { connect, type ConnectedFeed } from './feed.ts';
import { createIntents } from './intents.ts';
import { createMemoryKeeper } from './memory.ts';
import { demoAccount, pathsOf } from './paths.ts';
import { openingNotices } from './notices.ts';

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
  const clock = Date.now;
  const paths = pathsOf(app.getAppPath(), folder.path);
  const icon = join(paths.assets, 'icons', 'window.png');
  const print = (line: string): void => void process.stdout.write(`${line}\n`);

  // Preferences, and what the person must be told before anything else.
  const preferences = openPreferences(folder.path, new Date(clock()));
  nativeTheme.themeSource = themeSource(preferences.get().theme);
  const connection = chooseConnection(flags, token, preferences.get(), folder);
  const source = { kind: connection.kind, demo: connection.kind === 'simulator' };

  // The one state, and who may change it.
  const appearance = { theme: preferences.get().theme, locale: app.getLocale() || 'en' };
  const store = createStateStore(
    { ...emptyModel(source, appearance), notices: openingNotices(preferences, folder) },
    clock,
  );
  const history = createHistory(store);
  let connected: ConnectedFeed | null = null;
  const feed = (): Feed | null => connected?.feed ?? null;
  const reread = (conversationId: string): Promise<boolean> =>
    feed()?.reread(conversationId) ?? Promise.resolve(false);

  const keeper = createMemoryKeeper({
    paths,
    folder,
    keyStore: systemKeyStore(process.platform),
    preference: flags.key,
    store,
    history,
    tracker: (): Tracker => tracker,
    caughtUp: () => feed()?.reconnect(),
    log: log.info,
  });
  const tracker = createTracker({
    store,
    history,
    clock,
    reread,
    openMemoryOf: async (person) => {
      if (source.demo) return;
      preferences.set({ account: person });
      await keeper.open(person.id);
    },
  });
  const outbox = createOutbox({
    model: store.model,
    update: store.update,
    attempt: history.attempt,
    send: (target, command) =>
      feed()?.send(target, command) ??
      Promise.resolve({ kind: 'unreachable', reason: say('link.offline'), mayHaveArrived: false }),
    reread,
    clock,
    newId: randomUUID,
    schedule: createSchedule(Math.random),
  });

  // Windows, and what they may ask for.
  serveScheme(join(paths.out, 'renderer'));
  denyPermissions();
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
    onClosed: () => {
      app.quit();
    },
    onVisibility: () => tray?.refresh(),
    onHidden: () => {
      if (preferences.get().toldAboutTray) return;
      preferences.set({ toldAboutTray: true });
      notifications.say(say('app.name'), say('notice.stillInTray'));
    },
    log: log.warn,
  });
  const published = publish(store.app, windows.send);
  const { handlers, act } = createIntents({
    store,
    history,
    outbox,
    feed,
    windows,
    keeper,
    snapshot: published.snapshot,
    setTheme: (theme) => {
      preferences.set({ theme });
      nativeTheme.themeSource = themeSource(theme);
      store.update((model) => ({ appearance: { ...model.appearance, theme } }));
    },
  });
  const closeRouter = openRouter({ handlers, roleOf: windows.roleOf, log: log.warn });

  // Services of the state: nothing else touches tray, notifications, shortcuts or the window's place.
  const notifications = startNotifications({
    source: store.app,
    enabled: () => preferences.get().notifications,
    isSeen: windows.isFocused,
    onClick: ({ key, tag }) => {
      windows.focus();
      if (key !== null && (tag === 'wrapUp' || tag === 'conflict')) void act('openWrapUp', key);
    },
    stillSharingMinutes: () => preferences.get().stillSharingMinutes,
    clock,
    icon,
    log: log.info,
  });
  const stops = [
    windows.followState(store.app),
    startShortcuts({ source: store.app, stop: (key) => void act('stopSharing', key), log: log.info }),
    followPower(() => feed()?.reconnect()),
    ...(process.env['SHARELIGHT_NARRATE'] === '1' ? [narrate(store.app, print)] : []),
  ];
  outbox.start();
  stops.push(
    keepWhatWasWritten({
      model: store.model,
      keep: (draft, theirs) => void outbox.closedOver(draft, theirs),
    }),
    sendAtTheLastMoment({ model: store.model, submit: (key) => void outbox.submit(key), clock }),
    startCodes({
      store,
      history,
      fetchCodes: (target) => feed()?.wrapupCodes(target) ?? Promise.reject(new Error(say('link.offline'))),
      clock,
    }),
  );

  // The window first, then the memory, then the world outside.
  const wantsTray = hasTrayHost(process.platform);
  if (!flags.hidden) windows.open({ visible: true });
  trayHost = await wantsTray;
  if (flags.hidden) windows.open({ visible: !trayHost });
  tray = startTray({
    icons: join(paths.assets, 'icons', 'tray'),
    source: store.app,
    intents: {
      show: windows.focus,
      hide: windows.hide,
      isVisible: windows.isVisible,
      act: (action, key) => void act(action, key),
      quit: () => {
        app.quit();
      },
    },
    log: log.info,
  });
  app.on('second-instance', windows.focus);
  app.on('activate', windows.focus);

  const account = source.demo ? demoAccount : preferences.get().account?.id;
  if (account !== undefined) await keeper.open(account);
  connected = await connect(connection, tracker, log.info);
  connected.feed.start();

  let closing = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    void close().finally(() => {
      app.exit(0);
    });
  });

  /** Intake first, then what is in hand, then the memory; the window last words come before it closes. */
  async function close(): Promise<void> {
    await windows.close();
    await connected?.stop();
    await tracker.settled();
    for (const stop of stops) stop();
    outbox.stop();
    notifications.stop();
    tray?.stop();
    published.stop();
    closeRouter();
    await keeper.close();
    store.stop();
  }
}

/** High contrast is drawn by our own pages; the system's part of it is dark. */
function themeSource(theme: 'system' | 'light' | 'dark' | 'contrast'): 'system' | 'light' | 'dark' {
  return theme === 'contrast' ? 'dark' : theme;
}
