import { join } from 'node:path';
import { app, net, session } from 'electron/main';
import type { Feed } from '../../domain/feed.ts';
import { isLinkedOver } from '../../domain/present/still-sharing.ts';
import type { AppState, Reminder } from '../../domain/state.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { say } from '../../domain/words/say.ts';
import type { CommunicationCommands } from '../handlers/communication-commands.ts';
import { createActWithoutWindow, createPerformVerb } from '../handlers/without-window.ts';
import type { Paths } from '../paths.ts';
import { createNotificationBody, delaySleep, readDoNotDisturb } from '../shell/dbus.ts';
import type { Log } from '../shell/log.ts';
import { startNotifications, type NotificationService } from '../shell/notifications.ts';
import { startPresence } from '../shell/presence.ts';
import { startMachineWatch } from '../shell/machine-watch.ts';
import { followShutdown } from '../shell/session-end.ts';
import { startSessionGuard } from '../shell/session-guard.ts';
import { startChosenKeys, startShortcuts } from '../shell/shortcuts.ts';
import { startShareFrame } from '../shell/share-frame.ts';
import { startStillSharing } from '../shell/still-sharing.ts';
import { isMetered } from '../shell/metered-line.ts';
import { startTray } from '../shell/tray.ts';
import { followTrayHost } from '../shell/tray-host.ts';
import { isReplaceable, startUpdates, type Updates } from '../shell/updates.ts';
import type { Windows } from '../shell/windows.ts';
import { systemClock } from '../system-clock.ts';
import { leadTo, notePresence, putNotice, type StateStore } from '../tracker/state.ts';
import type { DataFolder } from './data-folder.ts';
import { takeHandOver } from './hand-over.ts';
import type { SettingsInForce } from './settings-in-force.ts';

interface ServiceParts {
  readonly store: StateStore;
  readonly settings: SettingsInForce;
  readonly windows: Windows;
  readonly commands: CommunicationCommands;
  readonly feed: () => Feed | null;
  readonly paths: Paths;
  readonly folder: DataFolder;
  readonly icon: string;
  readonly clock: Clock;
  /** What the desktop's clock shows minus that one, ms. */
  readonly wallOffsetMs: () => number;
  /** The state the program began with: what came about since is announced as well. */
  readonly since: AppState;
  /** The tray shows our icon, or does no more. */
  readonly onTray: (isShown: boolean) => void;
  /** A person wants it. */
  readonly quit: () => void;
  /** A person wants it started again, as a newer version. */
  readonly restart: () => void;
  /** Has this program started again, from there, once it has ended. */
  readonly relaunch: (executable: string) => void;
  /** The system ends. */
  readonly onShutdown: () => void;
  readonly log: Log;
}

/** Everything else that shows the state, or asks for something without a window. */
export interface Services {
  readonly notifications: NotificationService;
  readonly updates: Updates;
  /** Stops a share whose end, with all that ends besides, was asked about and meant. False where that did not work. */
  readonly stopAsAsked: (key: string) => Promise<boolean>;
  /** The session may end; true where that waits for an answer about a share. */
  readonly holdsUpEnd: () => boolean;
  /** A window was shown or hidden. */
  readonly refresh: () => void;
  /** Another start has handed something over: whatever it is. */
  readonly takeHandOver: (data: unknown) => void;
  readonly stop: () => void;
}

/**
 * Services of the state: nothing else touches notifications, shortcuts, tray or what the system says. They start
 * processes and build menus, so they come after the first window. The tray may come, go and come back.
 */
export function startServices(parts: ServiceParts): Services {
  const { store, settings, windows, feed, icon, clock, log } = parts;
  const notifications = startNotifications({
    source: store.app,
    since: parts.since,
    enabled: () => settings.get().notifications,
    bodyFor: createNotificationBody(process.platform),
    soundsItself: () => settings.get().alertSound !== 'none',
    isSeen: windows.isAttended,
    onClick: ({ key, tag }) => {
      windows.focus();
      if (key !== null && (tag === 'wrapUp' || tag === 'conflict')) void act('openWrapUp', key);
    },
    onAction: (action, key) => void act(action, key),
    isDoNotDisturb: () => readDoNotDisturb(process.platform),
    onOldClick: windows.focus,
    stillSharingMinutes: () => settings.get().stillSharingMinutes,
    clock,
    icon,
    log: log.info,
  });
  const { isMeant } = parts.commands;
  const actsWithoutWindow = { store, act: parts.commands.act, windows, notifications, log: log.warn };
  const act = createActWithoutWindow({ ...actsWithoutWindow, isMeant });
  const actAsAsked = createActWithoutWindow({ ...actsWithoutWindow, isMeant: () => true });
  const perform = createPerformVerb({ source: store.app, act, windows });
  const tray = startTray({
    icons: join(parts.paths.assets, 'icons', 'tray'),
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
      quit: parts.quit,
    },
    log: log.info,
  });
  const trayHost = followTrayHost({
    platform: process.platform,
    clock: systemClock,
    renew: tray.renew,
    onChange: (isShown) => {
      log.info(`tray: ${isShown ? 'shows our icon' : 'does not show our icon'}`);
      parts.onTray(isShown);
      // What only the tray could bring back comes back by itself.
      if (!isShown && windows.isHidden()) windows.present();
    },
  });
  const { model } = store;
  const reconnect = (): void => feed()?.reconnect();
  const stops = [
    startShortcuts({
      source: store.app,
      stop: (key) => void act('stopSharing', key),
      onStopKey: settings.reportStopKey,
      clock,
    }),
    startChosenKeys({
      source: store.app,
      actions: {
        showWidget: () => {
          windows.focus();
          leadTo(store, { field: true });
        },
        answerAnywhere: () => void perform('answer'),
        declineAnywhere: () => void perform('decline'),
      },
      onKey: settings.reportKey,
      clock,
    }),
    startShareFrame({ source: store.app }),
    startStillSharing({
      source: store.app,
      isLinkedOver: (key) => {
        const share = model.getState().communications[key];
        return share !== undefined && isLinkedOver(share);
      },
      minutes: () => settings.get().stillSharingMinutes,
      report: (reminder) => {
        store.update(() => ({ reminder }));
      },
      raise: windows.raise,
      clock,
    }),
    startPresence({
      source: store.app,
      report: (change) => {
        notePresence(store, change);
      },
      reconnect,
      clock,
      log: log.info,
    }),
    startMachineWatch({
      reconnect,
      clockWasSet: () => {
        log.info('clock: was set');
        // Times of day are told by it.
        store.update(() => ({}));
      },
      clock,
      wallOffsetMs: parts.wallOffsetMs,
    }),
  ];
  const ask = (reminder: Reminder): void => {
    store.update(() => ({ reminder }));
    windows.raise();
  };
  // After the ladder, which is told the same: the question before is the later word.
  const guard = startSessionGuard({
    source: store.app,
    ask,
    delaySleep: (why) => delaySleep(why, process.platform),
    clock,
  });
  stops.push(
    guard.stop,
    followShutdown(() => {
      const isAsked = guard.beforeEnd(parts.onShutdown);
      if (!isAsked) parts.onShutdown();
      return isAsked;
    }),
  );
  const updates = startUpdates({
    source: store.app,
    replaceable: isReplaceable(process, parts.folder.path),
    open: async (address) => {
      const { openUpdater } = await import('../shell/updater.ts');
      return openUpdater({
        address,
        platform: process.platform,
        version: app.getVersion(),
        folder: join(parts.folder.path, 'update'),
        configFile: join(process.resourcesPath, 'app-update.yml'),
        request: (url, headers) =>
          net.request({
            url,
            headers,
            session: session.fromPartition('updates', { cache: false }),
            credentials: 'omit',
            redirect: 'manual',
          }),
        relaunch: parts.relaunch,
        log: log.warn,
      });
    },
    isMetered: () => isMetered(process.platform),
    report: (change) => {
      store.update((known) => ({ updates: { ...known.updates, ...change } }));
    },
    announce: (version) => {
      putNotice(store, {
        id: 'updates',
        tone: 'info',
        text: say('updates.ready', { version }),
        offer: 'updates',
      });
    },
    restart: parts.restart,
    clock,
    random: Math.random,
    log: log.info,
  });
  return {
    notifications,
    updates,
    holdsUpEnd: () => guard.beforeEnd(() => undefined),
    refresh: tray.refresh,
    stopAsAsked: async (key) => (await actAsAsked('stopSharing', key)).ok,
    takeHandOver: (data) => {
      void takeHandOver(data, { folder: parts.folder.path, perform, clock: systemClock, log: log.info });
    },
    stop: () => {
      updates.stop();
      trayHost.stop();
      for (const stop of stops) stop();
      notifications.stop();
      tray.stop();
    },
  };
}
