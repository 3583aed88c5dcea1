import { randomUUID } from 'node:crypto';
import type { Feed, Person, Reading } from '../../domain/feed.ts';
import type { DeletionReport, Deletion } from '../../domain/review/deletion.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { refused, type Result } from '../../domain/toolbox/result.ts';
import { createSerialQueue } from '../../domain/toolbox/serial-queue.ts';
import { say } from '../../domain/words/say.ts';
import type { ArchiveRoom } from '../archive/archive.ts';
import { createDeletion } from '../database/deletion.ts';
import { createAccountDatabase, type AccountDatabase } from '../database/opening.ts';
import {
  keepDaysInForce,
  startRetention,
  type PolicyDeletion,
  type RetentionParts,
} from '../database/retention.ts';
import type { Outbox } from '../outbox/contract.ts';
import { createOutbox } from '../outbox/outbox.ts';
import { demoAccount, type Paths } from '../paths.ts';
import type { SystemKeyStore } from '../shell/key-store.ts';
import { startArchiveLink, type ArchiveLink, type ArchiveLinkParts } from './archive-link.ts';
import { startNextStatus } from './next-status.ts';
import { createRecording, type Recording } from '../tracker/recording.ts';
import { startLoadingCodes } from '../tracker/load-codes.ts';
import { startPeriodicReading } from '../tracker/rereads.ts';
import { noFacts, type StateStore } from '../tracker/state.ts';
import { createTracker, type Tracker } from '../tracker/tracker.ts';
import {
  connect,
  reportReadings,
  type ConnectedFeed,
  type Connection,
  type OpenTransport,
} from './connection.ts';

export interface AccountSessionParts {
  readonly store: StateStore;
  readonly paths: Paths;
  readonly keyStore: SystemKeyStore;
  /** `--key`. */
  readonly keyPreference: 'system' | 'file';
  readonly openTransport: OpenTransport;
  readonly clock: Clock;
  /** The server has said who this is. */
  readonly identified: (person: Person) => void;
  readonly announcedRetention: RetentionParts['announced'];
  /** By account. */
  readonly policyDeletions: {
    readonly get: (account: string) => PolicyDeletion | null;
    readonly set: (account: string, deletion: PolicyDeletion | null) => void;
  };
  /** See `ArchiveLinkParts`. */
  readonly toldArchive: ArchiveLinkParts['told'];
  readonly isMetered: () => Promise<boolean>;
  readonly log: (line: string) => void;
}

/** Everything that works for one account between signing in and out. */
export interface AccountSession {
  readonly recording: Recording;
  readonly outbox: Outbox;
  readonly database: AccountDatabase;
  readonly feed: () => Feed | null;
  /** The organisation's archive; null where none is connected. */
  readonly archive: () => ArchiveRoom | null;
  /**
   * Asks the server at once how a conversation stands; what it says arrives as a fact. A role that may not read single
   * ones is told by the listing. True when it was said.
   */
  readonly ask: (conversationId: string) => Promise<boolean>;
  /** Deletes records for good; null when there is no database to delete from. @throws DatabaseProblem */
  readonly deleteRecords: (what: Deletion) => Promise<DeletionReport | null>;
  /** See `Tracker.agreedNow`. */
  readonly agreedNow: () => number | null;
  /** Offers what waits for the database to it once more. Takes as long as the database does. */
  readonly saveUnsaved: () => Promise<void>;
  /** The database first, then the world outside. */
  readonly open: () => Promise<void>;
  /** What is held goes out, then intake ends, what is under way, and the database. What still comes after that changes nothing. */
  readonly close: () => Promise<void>;
}

/**
 * A view of the state that can be shut: work begun for one account (a late answer, a write that waited) must
 * not show up in the next one's.
 */
function shuttable(store: StateStore): { readonly store: StateStore; readonly shut: () => void } {
  let open = true;
  return {
    store: {
      ...store,
      update: (change) => {
        if (open) store.update(change);
      },
    },
    shut: () => {
      open = false;
    },
  };
}

function createAccountSession(parts: AccountSessionParts, connection: Connection): AccountSession {
  const { clock, log } = parts;
  const { store, shut } = shuttable(parts.store);
  const isDemo = connection.kind === 'simulator';
  /** Whose database is, or is to be, in use; null until the server has said who this is. */
  let owner = isDemo ? demoAccount : (connection.person?.id ?? null);
  let connected: ConnectedFeed | null = null;
  let opening: Promise<void> = Promise.resolve();
  let closing = false;
  let archive: ArchiveLink | null = null;
  const stops: (() => void)[] = [];

  const feed = (): Feed | null => connected?.feed ?? null;
  const reread = (conversationId: string): Promise<Reading> =>
    feed()?.reread(conversationId) ?? Promise.resolve('failed');
  const relist = (): Promise<Result> => feed()?.relist() ?? Promise.resolve(refused(say('link.offline')));
  async function ask(conversationId: string): Promise<boolean> {
    const how = await reread(conversationId);
    return how === 'forbidden' ? (await relist()).ok : how === 'read';
  }

  const recording = createRecording(store, {
    damaged: (problem) => {
      database.closeDamaged(problem);
    },
    clock,
  });

  const policyDeletion = {
    get: () => parts.policyDeletions.get(owner ?? ''),
    set: (deletion: PolicyDeletion | null) => {
      if (owner !== null) parts.policyDeletions.set(owner, deletion);
    },
  };

  const database = createAccountDatabase({
    paths: parts.paths,
    keyStore: parts.keyStore,
    preference: parts.keyPreference,
    store,
    recording,
    tracker: (): Tracker => tracker,
    caughtUp: () => feed()?.reconnect(),
    keepDays: () =>
      keepDaysInForce(store.model.getState().settings, policyDeletion.get(), tracker.agreedNow()),
    now: clock.now,
    log,
  });

  const tracker = createTracker({
    store,
    recording,
    clock,
    reread,
    relist,
    random: Math.random,
    log,
    openDatabaseOf: async (person) => {
      if (isDemo || closing) return;
      if (owner !== null && owner !== person.id) {
        // The token is somebody else's than the database that was opened: nothing of the two may mix.
        await database.close();
        store.update((model) => ({ ...noFacts(), link: model.link }));
      }
      owner = person.id;
      parts.identified(person);
      await database.open(person.id);
    },
  });

  const outbox = createOutbox({
    model: store.model,
    update: store.update,
    attempt: recording.attempt,
    send: (target, command) =>
      feed()?.send(target, command) ??
      Promise.resolve({ kind: 'unreachable', reason: say('link.offline'), mayHaveArrived: false }),
    reread: ask,
    clock,
    random: Math.random,
    holdMs: () => store.model.getState().settings.values.holdSeconds * 1000,
    newId: randomUUID,
  });

  const deleteFromDatabase = createDeletion({
    store,
    tracker,
    database: () => database.inUse()?.database ?? null,
    log,
  });

  /** At a person's wish: no backup may have it any more either. What goes for its age leaves the backups in time. */
  async function deleteRecords(what: Deletion): Promise<DeletionReport | null> {
    const backups = database.inUse()?.backups;
    if (!backups) return null;
    const { value, problem } = await backups.deleting((progress) => deleteFromDatabase(what, progress));
    if (value && what.kind === 'all') backups.dropReplaced();
    return value && { ...value, backupsProblem: problem };
  }

  async function saveUnsaved(): Promise<void> {
    await tracker.catchUp();
    await outbox.lastTry();
  }

  async function openInOrder(): Promise<void> {
    outbox.start();
    if (owner !== null) await database.open(owner);
    stops.push(
      startLoadingCodes({
        store,
        recording,
        fetchCodes: (target) => feed()?.wrapupCodes(target) ?? Promise.reject(new Error(say('link.offline'))),
        clock,
        random: Math.random,
      }),
      startRetention({
        store,
        agreedNow: () => tracker.agreedNow(),
        clocksDisagree: () => tracker.clocksDisagree(),
        deleteRecords: deleteFromDatabase,
        plan: async (what) =>
          (await database.inUse()?.database.review.planDeletion(what, tracker.agreedNow())) ?? null,
        announced: parts.announcedRetention,
        policyDeletion,
        log,
      }),
      startNextStatus({ store, feed, clock, note: outbox.noteNextStatus }),
      startPeriodicReading({
        store,
        relist,
        clock,
      }),
    );
    // What the listing says of a conversation counts for what was decided about it, as if asked for that.
    const listener = reportReadings(tracker, outbox.wasRead);
    connected = await connect(connection, listener, log, clock, parts.openTransport);
    if (closing) return;
    connected.feed.start();
    archive = startArchiveLink({
      store,
      way: () => connected?.way ?? null,
      queue: () => database.inUse()?.database.archive ?? null,
      isDemo,
      serverNow: () => tracker.agreedNow(),
      isMetered: parts.isMetered,
      told: parts.toldArchive,
      clock,
      log,
    });
  }

  return {
    recording,
    outbox,
    database,
    feed,
    archive: () => archive?.room() ?? null,
    ask,
    deleteRecords,
    agreedNow: () => tracker.agreedNow(),
    saveUnsaved,
    open: () => (opening = openInOrder()),
    async close() {
      closing = true;
      // Should it have failed, that was said where it was begun.
      await opening.catch(() => undefined);
      await outbox.sendHeld();
      await archive?.stop();
      tracker.stop();
      await connected?.stop();
      await tracker.settled();
      for (const stop of stops) stop();
      await saveUnsaved();
      outbox.stop();
      await database.close();
      shut();
    },
  };
}

/** How long a window that does not answer is waited for, ms. */
const lastDraftsMs = 2000;

/** One account session at a time. */
export interface AccountSessions {
  /** Null before the first one, and between two. */
  readonly current: () => AccountSession | null;
  /** The one with this communication, also while it is being closed; null when neither has it. */
  readonly having: (key: string) => AccountSession | null;
  /** The windows have handed over what was being written, see `Source.closing`. */
  readonly draftsSaved: () => void;
  /** Closes the one there is, clears everything it knew, and opens the next. Later wishes wait their turn. */
  readonly switchTo: (connection: Connection) => Promise<void>;
  readonly close: () => Promise<void>;
}

export function createAccountSessions(parts: AccountSessionParts): AccountSessions {
  const { store } = parts;
  const queue = createSerialQueue();
  let session: AccountSession | null = null;
  let closing: AccountSession | null = null;
  let draftsSaved = (): void => undefined;
  let closed = false;

  /** What the windows still hold is handed over while the database it belongs to can take it. */
  function lastDrafts(): Promise<void> {
    if (store.app.getState().prompt === null) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = parts.clock.after(lastDraftsMs, resolve);
      draftsSaved = () => {
        cancel();
        resolve();
      };
      store.update(() => ({ closing: true }));
    });
  }

  async function closeCurrent(): Promise<void> {
    closing = session;
    session = null;
    await closing?.close();
    closing = null;
  }

  async function change(connection: Connection): Promise<void> {
    if (closed) return;
    await lastDrafts();
    await closeCurrent();
    store.update(({ review }) => ({
      ...noFacts(),
      source: { kind: connection.kind, demo: connection.kind === 'simulator' },
      review: { ...review, revision: review.revision + 1 },
    }));
    session = createAccountSession(parts, connection);
    await session.open();
  }

  return {
    current: () => session,
    having: (key) => (store.model.getState().communications[key] ? (session ?? closing) : null),
    draftsSaved: () => {
      draftsSaved();
    },
    switchTo: (connection) => queue.run(() => change(connection)),
    close() {
      closed = true;
      return queue.run(closeCurrent);
    },
  };
}
