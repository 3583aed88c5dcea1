import { epoch } from '../../domain/clocks/time.ts';
import type { Communication, ReducerContext } from '../../domain/communication/communication.ts';
import { isUnidentified } from '../../domain/communication/match.ts';
import { isUnclear } from '../../domain/communication/reducer.ts';
import { legStateOf } from '../../domain/communication/phase.ts';
import type { Arrival } from '../../domain/feed.ts';
import type { Conversation } from '../../domain/model/screenshare.ts';
import type { StateStore } from './state.ts';
import type { UnconfirmedConversations } from './reread-until-known.ts';

/** What a fact is worth beside those that came before it, and what it leaves open. */

export interface EarlierFacts {
  /**
   * The reading says what the last one said, and nothing came between them. Now and then one of those is a
   * fact after all: that it still was so.
   */
  readonly isRepeated: (conversationId: string, arrival: Arrival) => boolean;
  /** The reading was asked for before the last event came, and may be older. */
  readonly isOvertaken: (conversationId: string, arrival: Arrival) => boolean;
  /** An event came so lately that a listing may not know of it yet. */
  readonly hasJustBegun: (conversationId: string) => boolean;
  /** The server said otherwise since the last reading: the same once more is news. */
  readonly contradicted: (conversationId: string) => void;
  /** The same once more is news for all: another database may not have it. */
  readonly forgetReadings: () => void;
}

const stillSoMs = 5 * 60_000;
/** How far a listing may be behind the events. */
const listingLagMs = 5000;
/** More conversations than anybody has open at once. */
const conversationsAtMost = 50;

interface Earlier {
  /** Epoch ms of this machine's clock: when the last event came. */
  readonly eventAt: number | null;
  /** The last reading, while nothing came since. */
  readonly said: string | null;
  readonly saidAt: number;
}

export function createEarlierFacts(clock: () => number): EarlierFacts {
  const earlier = new Map<string, Earlier>();

  function note(id: string, one: Earlier): void {
    // The one that was heard of longest ago goes first.
    earlier.delete(id);
    earlier.set(id, one);
    const [oldest] = earlier.keys();
    if (earlier.size > conversationsAtMost && oldest !== undefined) earlier.delete(oldest);
  }

  function isOvertaken(id: string, { source, askedAt }: Arrival): boolean {
    const asked = epoch(askedAt);
    const eventAt = earlier.get(id)?.eventAt ?? null;
    return source === 'rest' && asked !== null && eventAt !== null && asked <= eventAt;
  }

  function isRepeated(id: string, arrival: Arrival): boolean {
    const { source, receivedAt, content } = arrival;
    const before = earlier.get(id);
    if (source === 'socket') {
      note(id, { eventAt: epoch(receivedAt) ?? clock(), said: null, saidAt: 0 });
      return false;
    }
    // The same once more, asked for after the event, says what this one could not.
    if (content.kind === 'unreadable' || isOvertaken(id, arrival)) return false;
    const says = JSON.stringify(content.value);
    const isSame = before?.said === says && Math.abs(clock() - before.saidAt) < stillSoMs;
    if (!isSame) note(id, { eventAt: before?.eventAt ?? null, said: says, saidAt: clock() });
    return isSame;
  }

  function hasJustBegun(id: string): boolean {
    const eventAt = earlier.get(id)?.eventAt ?? null;
    return eventAt !== null && Math.abs(clock() - eventAt) < listingLagMs;
  }

  function contradicted(id: string): void {
    note(id, { eventAt: earlier.get(id)?.eventAt ?? null, said: null, saidAt: 0 });
  }

  function forgetReadings(): void {
    for (const [id, { eventAt }] of earlier) earlier.set(id, { eventAt, said: null, saidAt: 0 });
  }

  return { isRepeated, isOvertaken, hasJustBegun, contradicted, forgetReadings };
}

/** A fact that was reduced and shown. */
export interface ShownFact {
  readonly arrival: Arrival;
  readonly conversation: Conversation;
  readonly known: readonly Communication[];
  readonly changed: readonly Communication[];
  readonly context: ReducerContext;
}

export interface FollowUpParts {
  readonly store: StateStore;
  /** Asks the server how a conversation stands. True when it said so. */
  readonly ask: (conversationId: string) => Promise<boolean>;
  readonly unconfirmed: UnconfirmedConversations;
}

/** What only a full reading has and an event lacks (an id, even): worth one reading at each stage. */
function isIncomplete(communication: Communication): boolean {
  if (isUnidentified(communication)) return true;
  const { startAlertingTime, segments } = communication.screenshare;
  switch (legStateOf(communication)) {
    case 'alerting':
      return (startAlertingTime ?? null) === null;
    case 'over':
      return (
        (segments ?? null) === null ||
        segments?.some((segment) => (segment.endTime ?? null) === null) === true
      );
    case 'connecting':
    case 'connected':
      return false;
  }
}

/** What the agent sees of something live changed: an event that says so may be an old one, come late. */
function isNews({ known, changed }: ShownFact): boolean {
  return changed
    .filter((now) => legStateOf(now) !== 'over')
    .some((now) => {
      const was = known.find(({ key }) => key === now.key);
      return (
        (was?.screenshare.sharing ?? null) !== (now.screenshare.sharing ?? null) ||
        (was?.screenshare.peerCount ?? null) !== (now.screenshare.peerCount ?? null) ||
        was?.peerSharing !== now.peerSharing
      );
    });
}

/** The server no longer had it, and this fact speaks of it again. */
function isBack({ known, changed }: ShownFact): boolean {
  return changed.some(({ key, gone }) => !gone && known.some((one) => one.key === key && one.gone));
}

/** What a fact alone does not settle is read from the server; nothing waits for that. */
export function createFollowUp({ store, ask, unconfirmed }: FollowUpParts): (fact: ShownFact) => void {
  /** Incomplete communications at the stage they were already read for. */
  const filled = new Set<string>();

  /**
   * A full reading that does not mention what lives by all that was heard is no proof of its end, nor of its
   * going on: it is not confirmed until a fact speaks of it again.
   */
  function followMentions({ arrival, conversation, known, changed }: ShownFact): void {
    const { unmentioned: before, communications } = store.model.getState();
    const mentioned = new Set(changed.map(({ key }) => key));
    const candidates = arrival.source === 'rest' ? [...before, ...known.map(({ key }) => key)] : before;
    const unmentioned = [...new Set(candidates)].filter((key) => {
      const communication = communications[key];
      return communication !== undefined && legStateOf(communication) !== 'over' && !mentioned.has(key);
    });
    if (unmentioned.join() === before.join()) return;
    store.update(() => ({ unmentioned }));
    // The reading may only have been made before what was heard; one after that knows.
    if (unmentioned.length > before.length) void ask(conversation.id);
  }

  function followEvent(fact: ShownFact): void {
    const { conversation, known, changed, context } = fact;
    const incomplete = changed
      .filter(isIncomplete)
      .map((communication) => `${communication.key}:${legStateOf(communication)}`)
      .filter((once) => !filled.has(once));
    if (incomplete.length === 0 && !isNews(fact) && !isUnclear(known, conversation, context)) return;
    for (const once of incomplete) filled.add(once);
    void ask(conversation.id).then((isRead) => {
      if (!isRead) for (const once of incomplete) filled.delete(once);
    });
  }

  return (fact) => {
    const { arrival, conversation, context } = fact;
    followMentions(fact);
    unconfirmed.confirm(conversation.id);
    if (arrival.source === 'rest') {
      if (context.overtaken) void ask(conversation.id);
      return;
    }
    // It may be older than the answer that there is no such conversation any more.
    if (isBack(fact)) unconfirmed.add(conversation.id);
    else followEvent(fact);
  };
}

/** A server that sends something new with every fact must not fill the log. */
const kindsAtMost = 50;

/**
 * Logs the fields that were left out of facts because they could not be read, in one line, once for each kind: a server that
 * sends one always sends it. `participants.3.wrapup.notes` and `participants.0.wrapup.notes` are one kind.
 */
export function createUnreadableFieldLog(log: (line: string) => void): (problems: readonly string[]) => void {
  const logged = new Set<string>();
  return (problems) => {
    const kinds = problems.map((problem) => problem.replaceAll(/(?<=^|\.)\d+(?=[.:])/g, '#'));
    const fresh = [...new Set(kinds)].filter((kind) => !logged.has(kind)).slice(0, kindsAtMost - logged.size);
    if (fresh.length === 0) return;
    for (const kind of fresh) logged.add(kind);
    log(`tracker: what could not be read of a fact was left out: ${fresh.join('; ')}`);
  };
}
