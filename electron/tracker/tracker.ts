import {
  agreedNow,
  createCloudClock,
  latestStamp,
  type CloudOffset,
} from '../../domain/clocks/cloud-clock.ts';
import { epoch } from '../../domain/clocks/time.ts';
import type { Communication, ReducerContext } from '../../domain/communication/communication.ts';
import { reducerVersion } from '../../domain/communication/reduce-again.ts';
import { reduceConversation, reduceMissing } from '../../domain/communication/reducer.ts';
import { isTooOldToFile } from '../../domain/communication/moments.ts';
import { isSettled } from '../../domain/communication/phase.ts';
import type { FactContext, JournalEntry, Recollection } from '../../domain/database.ts';
import type { Arrival, FeedListener, Person, Reading } from '../../domain/feed.ts';
import { decodeConversation } from '../../domain/model/decode.ts';
import type { Conversation } from '../../domain/model/screenshare.ts';
import { toServer } from '../../domain/present/known-state.ts';
import type { InTurn } from '../../domain/review/deletion.ts';
import type { Submission } from '../../domain/submissions.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import type { Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import { createEarlierFacts, createFollowUp, createUnreadableFieldLog } from './fact-checks.ts';
import type { Recording } from './recording.ts';
import { createRereads } from './rereads.ts';
import { byKey, noteListing, showCommunications, type StateStore } from './state.ts';
import { createUnconfirmedConversations } from './reread-until-known.ts';

export interface TrackerParts {
  readonly store: StateStore;
  readonly recording: Recording;
  readonly clock: Clock;
  /** Reads a conversation again; the answer arrives as a fact. */
  readonly reread: (conversationId: string) => Promise<Reading>;
  /** Reads everything the server lists; what it says arrives as facts. */
  readonly relist: () => Promise<Result>;
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
  /** Runs a step of a deletion between two facts; what it deleted is shown no more. */
  readonly betweenFacts: InTurn;
  /**
   * Epoch ms, for whatever is deleted for its age: null until the server has said its time since this program started,
   * and while this machine's clock does not roughly agree.
   */
  agreedNow(): number | null;
  /** The server has said its time, and this machine's clock says another day. */
  clocksDisagree(): boolean;
  /** Resolves when every fact received so far is shown. */
  settled(): Promise<void>;
  /** Asks the server nothing more. */
  stop(): void;
}

/** A role is not changed every minute. */
const forbiddenMs = 10 * 60_000;
const refusedAtMost = 50;

/**
 * The road of a fact, one fact after the other: decode → reduce → commit → show → check. It is shown only when
 * it is in the database, or waits because that cannot be written.
 */
export function createTracker(parts: TrackerParts): Tracker {
  const { store, recording, clock, openDatabaseOf } = parts;
  const { queue } = recording;
  const rereads = createRereads(parts);
  const listings = createRereads({
    clock,
    reread: async () => ((await parts.relist()).ok ? 'read' : 'failed'),
  });
  const unconfirmed = createUnconfirmedConversations({ ...parts, reread: ask });
  const earlierFacts = createEarlierFacts(clock.now);
  const followUp = createFollowUp({ store, ask, unconfirmed });
  /** Epoch ms: until then single conversations are not asked for, since this sign-in may not read them. */
  let forbiddenUntil = -Infinity;
  /** By what was asked for: the last answer that could not be understood. */
  const lastRefused = new Map<string, string>();
  /** Read in this run though the server lists them no more: where only work is open that is too old, once will do. */
  const readUnlisted = new Set<string>();
  const logUnreadableFields = createUnreadableFieldLog(parts.log);
  const cloudClock = createCloudClock();
  /** As an answer of this session said; what the state has may be from an earlier one. */
  let answered: CloudOffset | null = null;

  /** True when the server said how the conversation stands, be it by listing all. */
  async function ask(conversationId: string): Promise<boolean> {
    const isForbidden = clock.now() < forbiddenUntil;
    const how = isForbidden ? 'forbidden' : await readSingle(conversationId);
    if (how === 'unreadable') unconfirmed.add(conversationId);
    return (how === 'forbidden' ? await listings.read('') : how) === 'read';
  }

  async function readSingle(conversationId: string): Promise<Reading> {
    const how = await rereads.read(conversationId);
    if (how === 'forbidden') forbiddenUntil = clock.now() + forbiddenMs;
    return how;
  }

  async function take(arrival: Arrival): Promise<void> {
    const { source, subject, receivedAt, body, content } = arrival;
    const entry = { source, subject, receivedAt, body };
    if (content.kind === 'unreadable') return refuse(entry, content.reason);
    const id = idIn(content.value);
    const isRepeated = id !== null && earlierFacts.isRepeated(id, arrival);
    const decoded = decodeConversation(content.value, source);
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
    logUnreadableFields(decoded.problems);
    await takeConversation(arrival, decoded.conversation);
  }

  async function takeConversation(arrival: Arrival, conversation: Conversation): Promise<void> {
    const { source, subject, receivedAt, body } = arrival;
    followStamps(conversation, receivedAt);
    const isOvertaken = earlierFacts.isOvertaken(conversation.id, arrival);
    const context = contextAt(receivedAt, isOvertaken);

    const known = await recording.knownOf(conversation.id);
    const changed = reduceConversation(known.communications, conversation, context);

    const about = factContext(conversation.id, context);
    const entry = { source, subject, receivedAt, body, refusal: null, context: about };
    await recording.commit({ entry, changed }, known);

    showCommunications(store, changed);

    followUp({ arrival, conversation, known: known.communications, changed, context });
  }

  /** What cannot be understood goes into the journal as it came; the same answer again is asked for by ourselves. */
  async function refuse(fact: Omit<JournalEntry, 'refusal' | 'context'>, refusal: string): Promise<void> {
    if (fact.source === 'rest') {
      if (lastRefused.get(fact.subject) === fact.body) return;
      if (lastRefused.size > refusedAtMost) lastRefused.clear();
      lastRefused.set(fact.subject, fact.body);
    }
    const known = await recording.knownOf(null);
    await recording.commit({ entry: { ...fact, refusal, context: null }, changed: [] }, known);
  }

  /** The server has the conversation no more: not found, or neither listed nor to be read. */
  async function takeMissing(conversationId: string, status: 403 | 404): Promise<void> {
    earlierFacts.contradicted(conversationId);
    const receivedAt = new Date(clock.now()).toISOString();
    const context = contextAt(receivedAt);
    const known = await recording.knownOf(conversationId);
    const changed = reduceMissing(known.communications, context);
    if (changed.length > 0) {
      const subject = `GET /api/v2/conversations/${conversationId}`;
      const body = JSON.stringify({ status });
      const answer = { source: 'rest', subject, receivedAt, body, refusal: null } as const;
      const about = { ...factContext(conversationId, context), missing: true as const };
      await recording.commit({ entry: { ...answer, context: about }, changed }, known);
      showCommunications(store, changed);
    }
    unconfirmed.confirm(conversationId);
  }

  function contextAt(receivedAt: string, isOvertaken = false): ReducerContext {
    const { person, cloud } = store.model.getState();
    return {
      userId: person?.id ?? '',
      receivedAt,
      serverTime: new Date(toServer({ cloud }, clock.now())).toISOString(),
      ...(cloud ? { cloud } : {}),
      ...(isOvertaken ? { overtaken: true } : {}),
    };
  }

  function followStamps(conversation: Conversation, receivedAt: string): void {
    const stamp = latestStamp(conversation);
    const heard = epoch(receivedAt);
    if (stamp !== null && heard !== null) followCloud(cloudClock.stamped(stamp, heard));
  }

  function followCloud(cloud: CloudOffset | null): void {
    if (cloud && cloud !== store.model.getState().cloud) store.update(() => ({ cloud }));
  }

  /** Whatever the server does not list although it is open here is read, or it is not confirmed. */
  async function takeList(conversationIds: readonly string[], isAll: boolean): Promise<void> {
    const listed = new Set(conversationIds);
    const model = store.model.getState();
    const isTooOld = (one: Communication): boolean => isTooOldToFile(one, toServer(model, clock.now()));
    const open = Object.values(model.communications)
      .filter((one) => !isSettled(one) && !(isTooOld(one) && readUnlisted.has(one.conversationId)))
      .map(({ conversationId }) => conversationId);
    const unlisted = [...new Set(open)].filter((id) => !listed.has(id));
    await Promise.all(
      unlisted.map(async (id) => {
        const how = await readSingle(id);
        if (how === 'read') {
          readUnlisted.add(id);
          return;
        }
        const isOver = how === 'forbidden' && isAll && !earlierFacts.hasJustBegun(id);
        if (isOver) await queue.run(() => takeMissing(id, 403));
        else unconfirmed.add(id);
      }),
    );
    noteListing(store, isAll ? null : say('link.unconfirmed.partial'), clock.now());
    if (isAll) unconfirmed.keepOnly((id) => listed.has(id) || unlisted.includes(id));
  }

  async function deleteBetweenFacts(step: () => Promise<readonly string[]>): Promise<void> {
    const deleted = new Set(await recording.deleteStep(step));
    const shown = Object.keys(store.model.getState().communications);
    if (!shown.some((key) => deleted.has(key))) return;
    showCommunications(store, [], deleted);
    // The line about the last share shows the newest that is left.
    if (Object.values(store.model.getState().communications).some(isSettled)) return;
    const last = (await recording.recall((database) => database.recollect()))?.last;
    if (last) showCommunications(store, [last]);
  }

  function recollect({ open, last, drafts, submissions, lastSubmission, summary }: Recollection): void {
    const stored = last ? [last, ...open] : open;
    const ended = lastSubmission ? [lastSubmission] : [];
    // Another database may lack what was read before.
    earlierFacts.forgetReadings();
    store.update((model) => ({
      cloud: model.cloud ?? lastKnownCloud(stored),
      communications: { ...byKey(stored), ...model.communications },
      drafts: { ...Object.fromEntries(drafts.map((draft) => [draft.key, draft])), ...model.drafts },
      submissions: eachOnce([...submissions, ...ended, ...model.submissions]),
      database: { ...model.database, quarantined: summary.quarantined },
    }));
  }

  const serverNow = (): number | null => answered && clock.now() + answered.offsetMs;
  const wallNow = (): number => clock.now() + store.model.getState().wallOffsetMs;

  return {
    identified: async (person) => {
      await openDatabaseOf(person);
      store.update(() => ({ person }));
    },
    arrived: (arrival) => queue.run(() => take(arrival)),
    missing: (conversationId) => queue.run(() => takeMissing(conversationId, 404)),
    listed: async (conversationIds, isAll) => {
      await queue.idle();
      await takeList(conversationIds, isAll);
    },
    link: (link) => {
      const isLive = link.kind === 'live';
      // Everything was just read.
      const confirmed = isLive ? { everLive: true, lastContactAt: clock.now() } : {};
      store.update(() => ({ link, ...confirmed }));
    },
    contact: (atMs) => {
      // Until everything is read again, an answer confirms nothing of what is shown.
      if (store.model.getState().link.kind !== 'live') return;
      // Shown to the second; a flood of frames must not redraw for each of them.
      const last = store.model.getState().lastContactAt;
      if (last === null || Math.abs(atMs - last) >= 1000) store.update(() => ({ lastContactAt: atMs }));
    },
    dated: (answer) => {
      answered = cloudClock.answered(answer);
      followCloud(answered);
    },
    agreedNow: () => agreedNow(serverNow(), wallNow()),
    clocksDisagree: () => serverNow() !== null && agreedNow(serverNow(), wallNow()) === null,
    recollect,
    catchUp: recording.catchUp,
    betweenFacts: (step) => queue.run(() => deleteBetweenFacts(step)),
    settled: queue.idle,
    stop: () => {
      unconfirmed.stop();
      rereads.stop();
      listings.stop();
    },
  };
}

function idIn(value: unknown): string | null {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof id === 'string' ? id : null;
}

/** As it is stored with the fact, so that reducing it can be repeated. */
function factContext(
  conversationId: string,
  { receivedAt: _inTheEntry, ...context }: ReducerContext,
): FactContext {
  return { conversationId, rules: reducerVersion, ...context };
}

/** How the clocks stood when the program stopped: until the server answers, the best there is. */
function lastKnownCloud(communications: readonly Communication[]): CloudOffset | null {
  const [latest] = communications
    .filter(({ clocks }) => clocks !== undefined)
    .sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt));
  if (!latest?.clocks) return null;
  const { cloudOffsetMs, cloudUncertaintyMs } = latest.clocks;
  return { offsetMs: cloudOffsetMs, uncertaintyMs: cloudUncertaintyMs };
}

/** In order; of those with one id the last: what is known here is newer than what was stored. */
function eachOnce(submissions: readonly Submission[]): Submission[] {
  const byId = new Map(submissions.map((submission) => [submission.id, submission]));
  return [...byId.values()].sort((a, b) => a.order - b.order);
}
