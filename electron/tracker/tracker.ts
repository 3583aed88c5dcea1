import { createCloudClock, latestStamp, type CloudOffset } from '../../domain/clocks/cloud-clock.ts';
import { epoch } from '../../domain/clocks/time.ts';
import type { Arrival, FeedListener, Person } from '../../domain/feed.ts';
import type { Communication, ReducerContext } from '../../domain/communication/communication.ts';
import { reduceConversation, reduceMissing, isUnclear } from '../../domain/communication/reducer.ts';
import { reducerVersion } from '../../domain/communication/reduce-again.ts';
import { isSettled, connectionOf } from '../../domain/communication/phase.ts';
import type { FactContext, JournalEntry, DatabaseSummary, Recollection } from '../../domain/database.ts';
import type { InTurn } from '../../domain/review/deletion.ts';
import { decodeConversation } from '../../domain/model/decode.ts';
import type { Conversation } from '../../domain/model/screenshare.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { createRereads } from './rereads.ts';
import { byKey, inOrderOfMaking, lastKnownCloud, prune } from './at-hand.ts';
import { createUnconfirmedConversations } from './unconfirmed.ts';
import type { History, Kept } from './history.ts';
import { createOddities } from './oddities.ts';
import { createReadings } from './fact-checks.ts';
import type { StateStore } from './state.ts';
import { isNews, isThin } from './thin.ts';

export interface TrackerParts {
  readonly store: StateStore;
  readonly history: History;
  readonly clock: Clock;
  /** Reads a conversation again; the answer arrives as a fact. */
  readonly reread: (conversationId: string) => Promise<boolean>;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  /** One line for the log; holds nothing of what was said. */
  readonly log: (line: string) => void;
  /** The account is known: its database must be the one in use before facts come. */
  readonly openDatabaseOf: (person: Person) => Promise<void>;
}

export interface Tracker extends FeedListener {
  /** Goes on where the program stopped. */
  recollect(recollection: Recollection): void;
  /** There is a database (again): writes what waited for it. */
  catchUp(): Promise<void>;
  /** Runs a step of a deletion when no fact is being folded; what is gone then is shown no more. */
  readonly forgetting: InTurn;
  /** Epoch ms of the server's clock, as it told it since this program started; null before that. */
  serverNow(): number | null;
  /** Resolves when every fact received so far is folded. */
  settled(): Promise<void>;
  /** Asks the server nothing more. */
  stop(): void;
}

function idIn(value: unknown): string | null {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof id === 'string' ? id : null;
}

/**
 * Folds facts into communications, one after the other: decode, fold, make durable, and only then show.
 */
export function createTracker(parts: TrackerParts): Tracker {
  const { store, history, clock, openDatabaseOf } = parts;
  const rereads = createRereads(parts);
  const unconfirmed = createUnconfirmedConversations({ ...parts, reread: rereads.read });
  const readings = createReadings(clock.now);
  const noteOddities = createOddities(parts.log);
  let queue: Promise<void> = Promise.resolve();
  /** Readings already asked for, so that a thin fact is filled once per stage. */
  const filled = new Set<string>();
  const cloudClock = createCloudClock();
  /** As an answer of this session said; what the state has may be from an earlier one. */
  let answered: CloudOffset | null = null;

  function followCloud(cloud: CloudOffset | null): void {
    if (cloud && cloud !== store.model.getState().cloud) store.update(() => ({ cloud }));
  }

  function inOrder<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = queue.then(work);
    // One that breaks is told to whoever handed it over, and holds up no other.
    queue = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  function context(receivedAt: string, isOvertaken = false): ReducerContext {
    const { person, cloud } = store.model.getState();
    return {
      userId: person?.id ?? '',
      receivedAt,
      serverTime: new Date(clock.now() + (cloud?.offsetMs ?? 0)).toISOString(),
      ...(cloud ? { cloud } : {}),
      ...(isOvertaken ? { overtaken: true } : {}),
    };
  }

  /** As it is kept with the fact, so that folding it can be repeated. */
  function kept(conversationId: string, { receivedAt: _beside, ...context_ }: ReducerContext): FactContext {
    return { conversationId, rules: reducerVersion, ...context_ };
  }

  /** What is stored or waits is all there is, but while the database cannot be asked. */
  function withShown(
    conversationId: string,
    known: readonly Communication[],
    isAll: boolean,
  ): readonly Communication[] {
    if (isAll) return known;
    const shown = Object.values(store.model.getState().communications).filter(
      (communication) => communication.conversationId === conversationId,
    );
    return [...known, ...shown.filter(({ key }) => !known.some((one) => one.key === key))];
  }

  function show({ changed, undone }: Pick<Kept, 'changed' | 'undone'>): void {
    if (changed.length === 0 && undone.length === 0) return;
    store.update((model) => {
      const left = Object.values(model.communications).filter(({ key }) => !undone.includes(key));
      const communications = byKey([...left, ...changed]);
      return { communications: prune({ ...model, communications }) };
    });
  }

  function count(refused: boolean, summary: DatabaseSummary | null): void {
    store.update(({ database }) => {
      const quarantined = summary?.quarantined ?? database.quarantined + (refused ? 1 : 0);
      return quarantined === database.quarantined ? {} : { database: { ...database, quarantined } };
    });
  }

  async function refuse(entry: Omit<JournalEntry, 'refusal' | 'context'>, refusal: string): Promise<void> {
    const refused = { ...entry, refusal, context: null };
    const outcome = await history.keep(null, () => ({ entry: refused, changed: [] }));
    count(true, outcome.summary);
    show(outcome);
  }

  /** What an event alone does not settle is read in full; nothing waits for that. */
  function check(conversationId: string, changed: readonly Communication[], isDoubtful: boolean): void {
    const thin = changed
      .filter(isThin)
      .map((communication) => `${communication.key}:${connectionOf(communication)}`)
      .filter((once) => !filled.has(once));
    if (thin.length === 0 && !isDoubtful) return;
    for (const once of thin) filled.add(once);
    void rereads.read(conversationId).then((isRead) => {
      if (!isRead) for (const once of thin) filled.delete(once);
    });
  }

  /**
   * A full reading that does not mention what lives by all that was heard is no proof of its end, nor of its
   * going on: it is not confirmed, until a fact speaks of it again.
   */
  function followMentions(
    { source }: Arrival,
    { id }: Conversation,
    known: readonly Communication[],
    changed: readonly Communication[],
  ): void {
    const { unmentioned: before, communications } = store.model.getState();
    const mentioned = new Set(changed.map(({ key }) => key));
    const doubted = source === 'rest' ? [...before, ...known.map(({ key }) => key)] : before;
    const unmentioned = [...new Set(doubted)].filter((key) => {
      const communication = communications[key];
      return communication !== undefined && connectionOf(communication) !== 'over' && !mentioned.has(key);
    });
    if (unmentioned.join() === before.join()) return;
    store.update(() => ({ unmentioned }));
    // The reading may only have been made before what was heard; one after that knows.
    if (unmentioned.length > before.length) void rereads.read(id);
  }

  async function understood(
    arrival: Arrival,
    entry: Omit<JournalEntry, 'context'>,
    conversation: Conversation,
  ): Promise<void> {
    const stamp = latestStamp(conversation);
    const heard = epoch(arrival.receivedAt);
    if (stamp !== null && heard !== null) followCloud(cloudClock.stamped(stamp, heard));
    const isOvertaken = readings.isOvertaken(conversation.id, arrival);
    const now = context(arrival.receivedAt, isOvertaken);
    let known: readonly Communication[] = [];
    const outcome = await history.keep(conversation.id, (stored, isAll) => {
      known = withShown(conversation.id, stored, isAll);
      return {
        entry: { ...entry, context: kept(conversation.id, now) },
        changed: reduceConversation(known, conversation, now),
      };
    });
    const { changed } = outcome;
    count(false, outcome.summary);
    show(outcome);
    followMentions(arrival, conversation, known, changed);
    const revived = changed.some(
      ({ key, gone }) => !gone && known.some((one) => one.key === key && one.gone),
    );
    unconfirmed.confirm(conversation.id);
    // An event may be older than the answer that there is no such conversation any more.
    if (revived && arrival.source === 'socket') unconfirmed.add(conversation.id);
    else if (arrival.source === 'socket')
      check(conversation.id, changed, isNews(known, changed) || isUnclear(known, conversation, now));
    else if (isOvertaken) void rereads.read(conversation.id);
  }

  async function take(arrival: Arrival): Promise<void> {
    const { source, subject, receivedAt, body, content } = arrival;
    const entry = { source, subject, receivedAt, body };
    if (content.kind === 'unreadable') return refuse(entry, content.reason);
    const id = idIn(content.value);
    const isRepeated = id !== null && readings.isRepeated(id, arrival);
    const decoded = decodeConversation(content.value);
    if (isRepeated) {
      if (decoded.ok) unconfirmed.confirm(id);
      return;
    }
    if (!decoded.ok) {
      await refuse(entry, decoded.reason);
      // It may say that somebody is sharing, or that nobody is any more.
      if (id !== null) unconfirmed.add(id);
      return;
    }
    noteOddities(decoded.problems);
    await understood(arrival, { ...entry, refusal: null }, decoded.conversation);
  }

  async function missing(conversationId: string): Promise<void> {
    readings.contradicted(conversationId);
    const receivedAt = new Date(clock.now()).toISOString();
    const now = context(receivedAt);
    const subject = `GET /api/v2/conversations/${conversationId}`;
    const answer = { source: 'rest', subject, receivedAt, body: '{"status":404}', refusal: null } as const;
    const entry = { ...answer, context: { ...kept(conversationId, now), missing: true as const } };
    const outcome = await history.keep(conversationId, (stored, isAll) => {
      const ended = reduceMissing(withShown(conversationId, stored, isAll), now);
      return ended.length === 0 ? null : { entry, changed: ended };
    });
    count(false, outcome.summary);
    show(outcome);
    unconfirmed.confirm(conversationId);
  }

  /** The line about the last share shows the newest that is left. */
  async function showLast(): Promise<void> {
    if (Object.values(store.model.getState().communications).some(isSettled)) return;
    const last = (await history.recall((database) => database.recollect()))?.last;
    if (last) show({ changed: [last], undone: [] });
  }

  async function forgetStep(step: () => Promise<readonly string[]>): Promise<void> {
    const gone = new Set(await history.alone(step));
    const { communications } = store.model.getState();
    const left = Object.values(communications).filter(({ key }) => !gone.has(key));
    if (left.length === Object.keys(communications).length) return;
    store.update(() => ({ communications: byKey(left) }));
    await showLast();
  }

  return {
    identified: async (person) => {
      await openDatabaseOf(person);
      store.update(() => ({ person }));
    },
    arrived: (arrival) => inOrder(() => take(arrival)),
    missing: (conversationId) => inOrder(() => missing(conversationId)),
    listed: async (conversationIds, isAll) => {
      await queue;
      const listed = new Set(conversationIds);
      const open = Object.values(store.model.getState().communications)
        .filter((communication) => !isSettled(communication))
        .map(({ conversationId }) => conversationId);
      const unlisted = [...new Set(open)].filter((id) => !listed.has(id));
      await Promise.all(
        unlisted.map(async (id) => {
          if (!(await rereads.read(id))) unconfirmed.add(id);
        }),
      );
      if (isAll) unconfirmed.keepOnly((id) => listed.has(id) || unlisted.includes(id));
    },
    link: (link) => {
      store.update((model) => ({ link, everLive: model.everLive || link.kind === 'live' }));
    },
    contact: (atMs) => {
      // Shown to the second; a flood of frames must not redraw for each of them.
      const last = store.model.getState().lastContactAt;
      if (last === null || Math.abs(atMs - last) >= 1000) store.update(() => ({ lastContactAt: atMs }));
    },
    dated: (answer) => {
      answered = cloudClock.answered(answer);
      followCloud(answered);
    },
    serverNow: () => answered && clock.now() + answered.offsetMs,
    recollect: ({ open, last, drafts, submissions, lastSubmission, summary }) => {
      store.update((model) => ({
        cloud: model.cloud ?? lastKnownCloud([...open, ...(last ? [last] : [])]),
        communications: { ...byKey([...(last ? [last] : []), ...open]), ...model.communications },
        drafts: { ...Object.fromEntries(drafts.map((draft) => [draft.key, draft])), ...model.drafts },
        submissions: inOrderOfMaking([
          ...submissions,
          ...(lastSubmission ? [lastSubmission] : []),
          ...model.submissions,
        ]),
        database: { ...model.database, quarantined: summary.quarantined },
      }));
    },
    catchUp: () =>
      inOrder(async () => {
        show(await history.catchUp());
      }),
    forgetting: (step) => inOrder(() => forgetStep(step)),
    settled: () => queue,
    stop: () => {
      unconfirmed.stop();
      rereads.stop();
    },
  };
}
