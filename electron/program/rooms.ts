import { app } from 'electron/main';
import type { Feed } from '../../domain/feed.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { createAccountSessions, type AccountSession } from '../account/account-session.ts';
import { createAccount, type AccountParts } from '../account/account.ts';
import type { Transport } from '../feed/genesys/proxy-transport.ts';
import {
  createCommunicationCommands,
  type CommunicationCommands,
} from '../handlers/communication-commands.ts';
import { createRecordCalls } from '../handlers/record-calls.ts';
import { createReviewHandlers } from '../handlers/review.ts';
import { createSettingsHandlers } from '../handlers/settings.ts';
import { createShowRecord, type ShowRecord } from '../handlers/show-record.ts';
import { createWidgetHandlers } from '../handlers/widget.ts';
import type { publish } from '../ipc/publish.ts';
import { openRouter } from '../ipc/router.ts';
import type { Paths } from '../paths.ts';
import { createArchiveSource } from '../review/archive-source.ts';
import { createLongTasks } from '../review/long-task.ts';
import { createOpenedFile } from '../review/opened-file.ts';
import { openInBrowser } from '../shell/web-security.ts';
import type { SystemKeyStore } from '../shell/key-store.ts';
import type { Log } from '../shell/log.ts';
import type { NotificationService } from '../shell/notifications.ts';
import type { PreferencesFile } from '../shell/preferences.ts';
import type { Updates } from '../shell/updates.ts';
import type { SignInStorage } from '../shell/sign-in-storage.ts';
import type { Windows } from '../shell/windows.ts';
import type { StateStore } from '../tracker/state.ts';
import type { Flags } from './command-line.ts';
import type { DataFolder } from './data-folder.ts';
import { describeProgram, readLog, saveDiagnostics } from './diagnostics.ts';
import type { SettingsInForce } from './settings-in-force.ts';

interface RoomParts {
  readonly identity: Pick<AccountParts, 'token' | 'remembered' | 'undecided' | 'onDemoChosen'> & {
    readonly flags: Flags;
    readonly signInStorage: SignInStorage;
  };
  readonly folder: DataFolder;
  readonly paths: Paths;
  readonly preferences: PreferencesFile;
  readonly keyStore: SystemKeyStore;
  readonly store: StateStore;
  readonly settings: SettingsInForce;
  readonly windows: Windows;
  readonly snapshot: ReturnType<typeof publish>['snapshot'];
  /** Resolves once there are some. */
  readonly notifications: () => Promise<NotificationService>;
  readonly updates: () => Promise<Updates>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the windows show the state of, and may ask for. */
export interface Rooms {
  readonly commands: CommunicationCommands;
  /** The account session there is. */
  readonly session: () => AccountSession | null;
  readonly feed: () => Feed | null;
  /** Opens the account: its database first, the world outside when the window shows what that knows. */
  readonly start: () => Promise<void>;
  /** Opens one of the own records in the review. */
  readonly showRecord: ShowRecord;
  /** Nobody looks back any more: it begins with the own records the next time. */
  readonly leaveReview: () => void;
  /** Removes what an earlier run left behind. */
  readonly clearLeftovers: () => void;
  /** Looking back, then the account. */
  readonly close: () => Promise<void>;
  /** From now on no window is answered. */
  readonly closeRouter: () => void;
}

/** The rooms behind the window: the account, looking back, and what each window may ask for. */
export function openRooms(parts: RoomParts): Rooms {
  const { identity, folder, paths, preferences, keyStore, store, settings, windows, clock, log } = parts;

  // 1. The account: its session (feed, database, tracker, outbox), and who is signed in.
  let transport: Promise<Transport> | null = null;
  const openTransport = (): Promise<Transport> => (transport ??= loadTransport());
  const sessions = createAccountSessions({
    store,
    paths,
    keyStore,
    keyPreference: identity.flags.key,
    openTransport,
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
    toldArchive: {
      get: () => preferences.get().toldArchive,
      set: (toldArchive) => {
        preferences.set({ toldArchive });
      },
    },
    isMetered: async () => (await import('../shell/metered-line.ts')).isMetered(process.platform),
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
    fetch: async (...request) => (await openTransport()).fetch(...request),
    log: log.info,
  });

  // 2. Looking back: exports, and a file or the archive looked at instead of the own records.
  const longTasks = createLongTasks(store, clock.now);
  const openedFile = createOpenedFile({ store, paths, longTasks, log: log.info });

  const archiveSource = createArchiveSource(store, () => sessions.current()?.archive() ?? null);
  const showRecord = createShowRecord({ store, windows, openedFile, archiveSource });

  // 3. What each window may ask for.
  const { snapshot } = parts;
  const commands = createCommunicationCommands({
    store,
    feed,
    ask: (conversationId) => sessions.current()?.ask(conversationId) ?? Promise.resolve(false),
    now: clock.now,
  });
  const records = createRecordCalls({
    store,
    session: sessions.current,
    longTasks,
    version: app.getVersion(),
    now: clock.now,
  });
  const closeRouter = openRouter({
    handlers: {
      widget: createWidgetHandlers({
        store,
        session: sessions.current,
        sessionOf: sessions.having,
        draftsSaved: sessions.draftsSaved,
        commands,
        account,
        acceptGate: () => {
          const { person } = store.model.getState();
          if (!person) return;
          const gateAccepted = { ...preferences.get().gateAccepted, [person.id]: clock.now() };
          preferences.set({ gateAccepted });
          store.update(() => ({ gateAccepted }));
          log.info('gate before the first share of the day: accepted');
        },
        changeSettings: settings.change,
        stepTextSize: settings.stepTextSize,
        windows,
        showRecord,
        snapshot,
      }),
      settings: createSettingsHandlers({
        store,
        session: sessions.current,
        records,
        account,
        changeSettings: settings.change,
        stepTextSize: settings.stepTextSize,
        describeProgram: () => describeProgram(folder),
        saveDiagnostics: (file, database) => saveDiagnostics(file, folder, () => Promise.resolve(database)),
        readLog: () => readLog(folder),
        notifications: parts.notifications,
        updates: parts.updates,
        windows,
        snapshot,
        now: clock.now,
      }),
      review: createReviewHandlers({
        store,
        records,
        commands,
        openedFile,
        archiveSource,
        stepTextSize: settings.stepTextSize,
        windows,
        snapshot,
      }),
    },
    roleOf: windows.roleOf,
    log: log.warn,
  });

  /** The way to servers, and whom to trust there: Node's network is loaded with it. */
  async function loadTransport(): Promise<Transport> {
    await windows.painted();
    const { createTransport } = await import('../feed/genesys/proxy-transport.ts');
    const { engineTransport } = await import('./engine-transport.ts');
    const { systemProxy, trustSystemCertificates } = await import('../shell/network-settings.ts');
    log.info(`network: ${trustSystemCertificates()}`);
    const engine = engineTransport();
    return createTransport((address) => systemProxy(address, { socks: engine !== null }), engine);
  }

  return {
    commands,
    session: sessions.current,
    feed,
    start: account.start,
    showRecord,
    leaveReview: () => {
      archiveSource.close();
      void openedFile.leave();
    },
    clearLeftovers: () => void openedFile.clearLeftovers(),
    close: async () => {
      await longTasks.stop();
      archiveSource.close();
      await openedFile.close();
      await account.stop();
      await sessions.close();
    },
    closeRouter,
  };
}
