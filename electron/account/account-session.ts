import { randomUUID } from 'node:crypto';
import type { Feed, Person } from '../../domain/feed.ts';
import type { Deleted, Forget } from '../../domain/review/deletion.ts';
import type { SystemKeyStore } from '../shell/key-store.ts';
import { say } from '../../domain/words/say.ts';
import type { Flags } from '../program/command-line.ts';
import { systemClock } from '../system-clock.ts';
import type { Transport } from '../feed/genesys/proxy-transport.ts';
import { keepWhatWasWritten } from '../outbox/closed-over.ts';
import { sendAtTheLastMoment } from '../outbox/last-moment.ts';
import { createOutbox, type Outbox } from '../outbox/outbox.ts';
import { createSchedule } from '../outbox/schedule.ts';
import { startAudit } from '../tracker/audit.ts';
import { startCodes } from '../tracker/codes.ts';
import { createHistory, type History } from '../tracker/history.ts';
import { noFacts, type StateStore } from '../tracker/state.ts';
import { createTracker, type Tracker } from '../tracker/tracker.ts';
import type { DataFolder } from '../program/data-folder.ts';
import { connect, tellingOfReadings, type ConnectedFeed, type Connection } from './connection.ts';
import { createForgetting } from '../database/deletion.ts';
import { createDatabaseKeeper, type DatabaseKeeper } from '../database/opening.ts';
import { demoAccount, type Paths } from '../paths.ts';
import { startRetention, type RetentionParts } from '../database/retention.ts';

export interface DeskParts {
  readonly store: StateStore;
  readonly flags: Flags;
  readonly paths: Paths;
  readonly folder: DataFolder;
  readonly keyStore: SystemKeyStore;
  readonly transport: Transport;
  /** Epoch ms. */
  readonly clock: () => number;
  /** The server has said who this is. */
  readonly identified: (person: Person) => void;
  readonly toldOfRetention: RetentionParts['told'];
  readonly log: (line: string) => void;
}

/** Everything that works for one account: its feed, its database, what was decided in it. */
export interface Desk {
  readonly history: History;
  readonly outbox: Outbox;
  readonly keeper: DatabaseKeeper;
  readonly feed: () => Feed | null;
  /** Deletes records for good; null when there is no database to delete from. @throws DatabaseProblem */
  readonly forget: (what: Forget) => Promise<Deleted | null>;
  /** Epoch ms of the server's clock; null until it was told since this desk was opened. */
  readonly serverNow: () => number | null;
  /** Offers what waits for the database to it once more. Takes as long as the database does. */
  readonly lastTry: () => Promise<void>;
  /** The database first, then the world outside. */
  readonly open: () => Promise<void>;
  /** Intake first, then what is in hand, then the database. What still comes after that changes nothing. */
  readonly close: () => Promise<void>;
}

/**
 * A view of the state that can be shut: work begun for one account (a late answer, a write that waited) must
 * not show up in the next one's.
 */
function gated(store: StateStore): { readonly store: StateStore; readonly shut: () => void } {
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

export function createDesk(parts: DeskParts, connection: Connection): Desk {
  const { clock, log } = parts;
  const { store, shut } = gated(parts.store);
  const demo = connection.kind === 'simulator';
  const history = createHistory(store, {
    damaged: (problem) => {
      keeper.troubled(problem);
    },
    after: (ms, call) => systemClock.after(ms, call),
    answers: () => void tracker.catchUp(),
  });
  const stops: (() => void)[] = [];
  let connected: ConnectedFeed | null = null;
  let opening: Promise<void> = Promise.resolve();
  let closing = false;
  const feed = (): Feed | null => connected?.feed ?? null;
  const reread = (conversationId: string): Promise<boolean> =>
    feed()?.reread(conversationId) ?? Promise.resolve(false);

  const keeper = createDatabaseKeeper({
    paths: parts.paths,
    folder: parts.folder,
    keyStore: parts.keyStore,
    preference: parts.flags.key,
    store,
    history,
    tracker: (): Tracker => tracker,
    caughtUp: () => feed()?.reconnect(),
    clock,
    log,
  });
  let owner = demo ? demoAccount : (connection.person?.id ?? null);
  const tracker = createTracker({
    store,
    history,
    clock,
    reread,
    after: (ms, call) => systemClock.after(ms, call),
    random: Math.random,
    log,
    openDatabaseOf: async (person) => {
      if (demo || closing) return;
      if (owner !== null && owner !== person.id) {
        // The token is somebody else's than the database that was opened: nothing of the two may mix.
        await keeper.close();
        store.update((model) => ({ ...noFacts(), link: model.link }));
      }
      owner = person.id;
      parts.identified(person);
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

  const forget = createForgetting({
    store,
    tracker,
    database: () => keeper.reading()?.database ?? null,
    log,
  });

  /** At a person's wish: then no copy may have it any more either. What goes for its age leaves the ladder in time. */
  async function forgetEverywhere(what: Forget): Promise<Deleted | null> {
    const copies = keeper.copies();
    if (!copies) return null;
    const { value, problem } = await copies.without((course) => forget(what, course));
    if (value && what.kind === 'all') copies.dropReplaced();
    return value && { ...value, copiesProblem: problem };
  }

  async function lastTry(): Promise<void> {
    await tracker.catchUp();
    await outbox.lastTry();
  }

  async function openInOrder(): Promise<void> {
    outbox.start();
    stops.push(
      keepWhatWasWritten({
        model: store.model,
        keep: (draft, theirs) => void outbox.closedOver(draft, theirs),
      }),
      sendAtTheLastMoment({ model: store.model, submit: (key) => void outbox.submit(key), clock }),
    );
    if (owner !== null) await keeper.open(owner);
    stops.push(
      startCodes({
        store,
        history,
        fetchCodes: (target) => feed()?.wrapupCodes(target) ?? Promise.reject(new Error(say('link.offline'))),
        clock,
        after: (ms, call) => systemClock.after(ms, call),
        random: Math.random,
      }),
    );
    stops.push(
      startRetention({
        store,
        serverNow: () => tracker.serverNow(),
        forget,
        told: parts.toldOfRetention,
        log,
      }),
    );
    stops.push(
      startAudit({
        store,
        relist: () => feed()?.relist() ?? Promise.resolve(false),
        after: (ms, call) => systemClock.after(ms, call),
      }),
    );
    // What the listing says of a conversation counts for what was decided about it, as if asked for that.
    const listener = tellingOfReadings(tracker, outbox.wasRead);
    connected = await connect(connection, listener, log, clock, parts.transport);
    connected.feed.start();
  }

  return {
    history,
    outbox,
    keeper,
    feed,
    forget: forgetEverywhere,
    serverNow: () => tracker.serverNow(),
    lastTry,
    open: () => (opening = openInOrder()),
    async close() {
      // Should it have failed, that was said where it was begun.
      await opening.catch(() => undefined);
      closing = true;
      tracker.stop();
      await connected?.stop();
      await tracker.settled();
      for (const stop of stops) stop();
      await lastTry();
      outbox.stop();
      await keeper.close();
      shut();
    },
  };
}

/** One desk at a time. */
export interface Desks {
  /** Null before the first one, and between two. */
  readonly current: () => Desk | null;
  /** Closes the one there is, clears everything it knew, and opens the next. Later wishes wait their turn. */
  readonly switchTo: (connection: Connection) => Promise<void>;
  readonly close: () => Promise<void>;
}

export function createDesks(parts: DeskParts): Desks {
  const { store } = parts;
  let desk: Desk | null = null;
  let turn: Promise<void> = Promise.resolve();
  let closed = false;

  async function leave(): Promise<void> {
    const was = desk;
    desk = null;
    await was?.close();
  }

  async function change(connection: Connection): Promise<void> {
    if (closed) return;
    await leave();
    store.update(({ review }) => ({
      ...noFacts(),
      source: { kind: connection.kind, demo: connection.kind === 'simulator' },
      review: { ...review, revision: review.revision + 1 },
    }));
    desk = createDesk(parts, connection);
    await desk.open();
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  return {
    current: () => desk,
    switchTo: (connection) => inTurn(() => change(connection)),
    close() {
      closed = true;
      return inTurn(leave);
    },
  };
}
