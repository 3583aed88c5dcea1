import { cloudMs, type Moment, epoch } from '../clocks/time.ts';
import type { Communication } from '../communication/communication.ts';
import {
  acwEndOf,
  connectedAtOf,
  endOf,
  acwDeadline,
  fileUntil,
  isTooOldToFile,
} from '../communication/moments.ts';
import { afterCallWorkOf, isSharing, serverWrapup, legStateOf } from '../communication/phase.ts';
import type { Phase } from '../state.ts';
import { isTimeoutCode } from '../words/communication-words.ts';
import {
  draftFor,
  lastDueOf,
  sharersOf,
  submissionFor,
  toLocal,
  toServer,
  type KnownState,
} from './known-state.ts';
import { isCorrecting } from './correction.ts';
import { unreachable } from '../toolbox/result.ts';

/** How long an outcome stays on the card before it gives way to the quiet state, in ms. */
const outcomeShownMs = 10_000;
/** The same for a missed alert, once the agent has seen it. */
const missedShownMs = 60_000;

/** What one communication asks of the agent now. */
export interface Attention {
  readonly communication: Communication;
  readonly phase: Phase;
  /** Of legs that share their work, the one whose end began it: its time counts. */
  readonly work?: Communication;
  /** The agent put this wrap-up off. */
  readonly postponed: boolean;
  /** This wrap-up is saved and ends when its time is up. */
  readonly saved: boolean;
  /** An alert was missed, and the agent has not seen that yet. */
  readonly unseen: boolean;
  /** When this ends without a fact, epoch ms of this machine's clock; null where only a fact ends it. */
  readonly until: number | null;
}

/** When its wrap-up was decided or ended, in epoch ms of this machine's clock. */
function wrappedUpAt(model: KnownState, communication: Communication): number {
  const decided = epoch(submissionFor(model, communication.key)?.updatedAt);
  const end = acwEndOf(communication);
  // What was saved early ends when its time is up.
  const ended = end && localTime(model, end, communication);
  if (decided === null && ended === null) return localTime(model, endOf(communication), communication);
  return Math.max(decided ?? 0, ended ?? 0);
}

/** When it ended, in epoch ms of this machine's clock. */
export function endedAt(model: KnownState, communication: Communication): number {
  return localTime(model, endOf(communication), communication);
}

/** A moment in epoch ms of this machine's clock; never later than it was heard of. */
function localTime(model: KnownState, moment: Moment, communication: Communication): number {
  const seen = epoch(communication.lastSeenAt) ?? 0;
  if (moment.clock === 'machine') return Math.min(epoch(moment.iso) ?? seen, seen);
  const at = cloudMs(moment, communication.clocks);
  return at === null ? seen : Math.min(toLocal(model, at), seen);
}

function shownUntil(at: number, ms: number, now: number): number | null {
  return at + ms > now ? at + ms : null;
}

/** The agent knows of what they declined; what ended before this run is no news. */
function isNews(model: KnownState, communication: Communication): boolean {
  if (isDeclined(communication)) return false;
  // By this machine's clock where it can be: the server's may have been set meanwhile.
  const begun = epoch(communication.firstSeenAt) ?? 0;
  return Math.max(begun, endedAt(model, communication)) >= model.startedAt;
}

function isDeclined({ screenshare, gone }: Communication): boolean {
  const { disconnectType } = screenshare;
  return !gone && (disconnectType === 'client' || disconnectType === 'endpoint');
}

/** When it was answered, in epoch ms of this machine's clock; of one that was never, minus infinity. */
function answeredAt(model: KnownState, communication: Communication): number {
  if (!communication.answered) return -Infinity;
  const connected = connectedAtOf(communication);
  // `firstSeenAt` is by this machine's clock already.
  return connected ? localTime(model, connected, communication) : (epoch(communication.firstSeenAt) ?? 0);
}

/** Whoever answered one since is back at work, and has other things to look at. */
function isAnsweredSince(model: KnownState, at: number): boolean {
  return Object.values(model.communications).some((other) => answeredAt(model, other) > at);
}

/** It stays until the agent has seen it, who may have been away, or has answered a later one. */
function readMissed(model: KnownState, communication: Communication, now: number): Attention | null {
  const quiet = { communication, phase: 'missed', postponed: false, saved: false } as const;
  const ended = endedAt(model, communication);
  if (isAnsweredSince(model, ended)) return null;
  const seen = model.missedSeen[communication.key];
  if (seen === undefined && isNews(model, communication)) return { ...quiet, unseen: true, until: null };
  const until = shownUntil(seen ?? ended, missedShownMs, now);
  return until === null ? null : { ...quiet, unseen: false, until };
}

/** An alert that was missed; of what was answered, only the time to wrap up can be. */
export function isMissedAlert({ phase, communication }: Attention): boolean {
  return phase === 'missed' && !communication.answered;
}

/** The server closed it because no code came in time, and the agent had decided nothing. */
function endedByTimeLimit(model: KnownState, communication: Communication): boolean {
  const state = submissionFor(model, communication.key)?.state;
  const mine = state !== undefined && state !== 'dropped';
  return !mine && isTimeoutCode(serverWrapup(communication)?.code);
}

/** When its after-call work is too old to be filed, in epoch ms of this machine's clock; null where that is not known. */
function tooOldAt(model: KnownState, communication: Communication): number | null {
  const until = fileUntil(communication);
  return until === null ? null : toLocal(model, until);
}

/** What was decided about it counts: it is on its way to the server, or was. */
export function isDecided(model: KnownState, { key }: Communication): boolean {
  const state = submissionFor(model, key)?.state;
  return state !== undefined && state !== 'dropped' && state !== 'failed';
}

function readOver(model: KnownState, communication: Communication, now: number): Attention | null {
  const submission = submissionFor(model, communication.key);
  const postponed = sharersOf(model, communication.key).some(({ key }) => model.postponed.includes(key));
  const isTooOld = isTooOldToFile(communication, toServer(model, now));
  const work = isTooOld ? 'none' : afterCallWorkOf(communication);
  // A submission refused for good is a choice too, once there is no prompt left to change it in.
  const refused = submission?.state === 'failed' && work !== 'due';
  if (submission?.state === 'conflict' || refused) {
    return { communication, phase: 'conflict', postponed, saved: false, unseen: false, until: null };
  }
  if (!communication.answered) return readMissed(model, communication, now);
  if (isCorrecting(model, communication.key) && (work === 'done' || work === 'skipped'))
    return {
      communication,
      phase: 'wrapUp',
      postponed: false,
      saved: false,
      unseen: false,
      until: tooOldAt(model, communication),
    };
  // With a forced timeout only the server's clock ends the work.
  const decided = isDecided(model, communication);
  const running = work === 'due' && (communication.policy === 'forcedTimeout' || !decided);
  // Not while it is being changed.
  const saved = decided && draftFor(model, communication.key) === undefined;
  if (running) {
    const due = lastDueOf(model, communication.key);
    return {
      communication,
      phase: 'wrapUp',
      postponed,
      saved,
      unseen: false,
      until: tooOldAt(model, communication),
      ...(due ? { work: due } : {}),
    };
  }
  if (work === 'none' && !decided) return null;
  const until = shownUntil(wrappedUpAt(model, communication), outcomeShownMs, now);
  if (until === null) return null;
  const phase = endedByTimeLimit(model, communication) ? 'missed' : 'wrappedUp';
  return { communication, phase, postponed: false, saved: false, unseen: false, until };
}

function read(model: KnownState, communication: Communication, now: number): Attention | null {
  const legState = legStateOf(communication);
  const live = { communication, postponed: false, saved: false, unseen: false, until: null };
  // An explicit fact, whatever the state says.
  if (isSharing(communication)) return { ...live, phase: 'sharing' };
  switch (legState) {
    case 'alerting':
      return { ...live, phase: 'alerting' };
    case 'connecting':
      return { ...live, phase: 'connecting' };
    case 'connected':
      return { ...live, phase: 'viewing' };
    case 'over':
      return readOver(model, communication, now);
    default:
      return unreachable(legState);
  }
}

/** What must be seen first. On air comes before everything, since nobody may forget it. */
const urgency: Record<Phase, number> = {
  sharing: 0,
  alerting: 1,
  viewing: 2,
  connecting: 3,
  conflict: 4,
  wrapUp: 5,
  wrappedUp: 6,
  missed: 7,
  idle: 8,
  starting: 9,
};

/** Phases that are about the after-call work, not about the leg. */
function isOfWork({ communication, phase }: Attention): boolean {
  return communication.answered && ['conflict', 'wrapUp', 'wrappedUp', 'missed'].includes(phase);
}

/** Legs that share their work ask for it once: by the one something is written about, else by the latest. */
function onceForEachWork(model: KnownState, all: readonly Attention[]): readonly Attention[] {
  return all.filter((attention) => {
    if (!isOfWork(attention)) return true;
    const { key } = attention.communication;
    const sharers = new Set(sharersOf(model, key).map((sharer) => sharer.key));
    const same = all.filter((other) => isOfWork(other) && sharers.has(other.communication.key));
    const first = Math.min(...same.map(({ phase }) => urgency[phase]));
    const legs = same.filter(({ phase }) => urgency[phase] === first).map((each) => each.communication);
    const written = draftFor(model, key)?.key ?? submissionFor(model, key)?.key;
    const latest = legs.sort(byBeginning).at(-1);
    return key === (legs.find((leg) => leg.key === written) ?? latest)?.key;
  });
}

function byBeginning(a: Communication, b: Communication): number {
  return a.firstSeenAt.localeCompare(b.firstSeenAt) || a.key.localeCompare(b.key);
}

function deadlineOf({ communication, work }: Attention): number {
  return acwDeadline(work ?? communication) ?? Infinity;
}

function byUrgency(a: Attention, b: Attention): number {
  // What was missed is news: it comes after all that still runs, put off or not.
  const [aIsNews, bIsNews] = [a, b].map(({ phase }) => phase === 'missed');
  if (aIsNews !== bIsNews) return aIsNews ? 1 : -1;
  if (a.postponed !== b.postponed) return a.postponed ? 1 : -1;
  if (urgency[a.phase] !== urgency[b.phase]) return urgency[a.phase] - urgency[b.phase];
  if (a.saved !== b.saved) return a.saved ? 1 : -1;
  if (a.phase === 'wrapUp' && deadlineOf(a) !== deadlineOf(b)) return deadlineOf(a) - deadlineOf(b);
  // Prompts queue up in the order they came; anything else shows the newest.
  const older = byBeginning(a.communication, b.communication);
  return a.phase === 'wrapUp' ? older : -older;
}

/**
 * The agent may be in a conversation several times. An alert that was never answered is no news once another part of
 * theirs is under way or has come after it: one call is one line.
 */
function isSuperseded(model: KnownState, one: Communication): boolean {
  // Nobody may forget that they are on air.
  if (one.answered || isSharing(one)) return false;
  if (one.superseded === true) return true;
  if (legStateOf(one) !== 'over') return false;
  return Object.values(model.communications).some(
    (other) =>
      other.key !== one.key &&
      other.conversationId === one.conversationId &&
      // Two alerts must not hide each other.
      (other.answered || other.superseded !== true) &&
      (legStateOf(other) !== 'over' || other.firstSeenAt > one.firstSeenAt),
  );
}

/** Everything that asks for the agent, most urgent first. */
export function attentions(model: KnownState, now: number): Attention[] {
  const all = Object.values(model.communications)
    .filter((communication) => !isSuperseded(model, communication))
    .map((communication) => read(model, communication, now))
    .filter((attention) => attention !== null);
  return [...onceForEachWork(model, all)].sort(byUrgency);
}

/** The missed alerts there are, the latest first. `now`: epoch ms. */
export function missedAlerts(model: KnownState, now: number): { key: string; unseen: boolean }[] {
  return attentions(model, now)
    .filter(isMissedAlert)
    .map(({ communication: { key }, unseen }) => ({ key, unseen }));
}

/** The communication that is on air, which is always the first. */
export function onAirKey([first]: readonly Attention[]): string | null {
  return first?.phase === 'sharing' ? first.communication.key : null;
}
