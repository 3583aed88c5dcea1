import { epoch } from '../clocks/time.ts';
import {
  screenshareFields,
  type Conversation,
  type Participant,
  type Screenshare,
  type Video,
} from '../model/screenshare.ts';
import type { Communication, ReducerContext } from './communication.ts';
import { hasEnded, isEnd, isOver } from './phase.ts';

/** What one snapshot states by itself, before it is merged with what is known. */

interface Leg {
  readonly media: Communication['media'];
  readonly screenshare: Screenshare;
}

interface Fact {
  readonly conversation: Conversation;
  /** The records of the conversation so far. */
  readonly known: readonly Communication[];
  readonly context: ReducerContext;
}

interface Peer {
  readonly name?: string;
  /** Undefined where the snapshot speaks of nobody else: an event may be partial. */
  readonly sharing: boolean | undefined;
  /** Who shares, where it is not `name` alone; '' for somebody without a name. */
  readonly sharers?: readonly string[];
}

export interface Snapshot extends Fact {
  /** Asked once: it is looked for among all participants. */
  readonly peer: Peer;
}

export function snapshotOf(
  conversation: Conversation,
  known: readonly Communication[],
  context: ReducerContext,
): Snapshot {
  const fact = { conversation, known, context };
  return { ...fact, peer: peerOf(fact) };
}

/**
 * Each screen share of a participant as a communication. A video call is none until somebody in it shares a screen;
 * from then on it is one to its end.
 */
export function statedBy(participant: Participant, from: Snapshot): Communication[] {
  const { conversation, known } = from;
  const isKnown = ({ id }: Screenshare): boolean =>
    known.some(
      ({ participantId, communicationId, media }) =>
        participantId === participant.id && (id ? communicationId === id : media === 'video'),
    );
  const isVideoShared = isShared(conversation, 'video');
  return legsOf(participant)
    .filter(
      ({ media, screenshare }) =>
        media === 'screenshare' ||
        screenshare.sharing === true ||
        isKnown(screenshare) ||
        (isVideoShared && !hasLeft(participant, conversation) && !isOver(screenshare)),
    )
    .map((leg) => communicationFrom(leg, participant, from));
}

/**
 * What a snapshot says about a record whose leg it leaves out: what its participant says, and its conversation. Null
 * where that is nothing new. To be left out is no end; of a leg that has ended the participant still says how its
 * after-call work goes on.
 */
export function statedAround(
  one: Communication,
  from: Snapshot,
): { readonly participant: Participant; readonly stated: Communication } | null {
  const { participants } = from.conversation;
  const mentioned = participants.find(({ id }) => id === one.participantId);
  const participant = mentioned ?? { id: one.participantId };
  const isKnownEnd = hasEnded(one);
  // As it ended, so that what is said now is no word of an earlier time.
  const leg: Leg = { media: one.media, screenshare: isKnownEnd ? one.screenshare : {} };
  const around = communicationFrom(leg, participant, from);
  const stated = { ...around, ...onlyPresent({ endTime: around.endTime ?? one.endTime }) };
  const ends = stated.endTime !== undefined && one.endTime === undefined && !one.gone;
  // A leg without an id may be this one.
  const isElsewhere =
    mentioned && legsOf(mentioned).every(({ screenshare }) => (screenshare.id ?? '') !== '');
  const goesOnAfterIt = isElsewhere === true && isKnownEnd;
  return ends || goesOnAfterIt ? { participant, stated } : null;
}

/** A participant that is the agent's. An update may leave out whose it is. */
export function isOwn({ id, userId }: Participant, { context, known }: Fact): boolean {
  if ((userId ?? null) !== null) return userId === context.userId;
  return known.some(({ participantId }) => participantId === id);
}

/** It left, or the conversation ended. That ends its legs too, whatever they say. */
export function hasLeft(participant: Participant, conversation: Conversation): boolean {
  return (participant.endTime ?? conversation.endTime ?? null) !== null || isEnd(participant.state);
}

/** Screen sharing is in one of two lists. */
export function legsOf(participant: Participant): Leg[] {
  const own = (participant.screenshares ?? []).map((screenshare): Leg => ({
    media: 'screenshare',
    screenshare,
  }));
  const videos = (participant.videos ?? []).map((video): Leg => ({
    media: 'video',
    screenshare: fromVideo(video),
  }));
  // Real lists hold entries that say nothing at all.
  return [...own, ...videos].filter(({ screenshare }) =>
    screenshareFields.some((name) => (screenshare[name] ?? null) !== null),
  );
}

/** Somebody in the conversation shares a screen now. */
export function isShared(conversation: Conversation, by?: Leg['media']): boolean {
  return conversation.participants.some((participant) => shares(participant, conversation, by));
}

function shares(participant: Participant, conversation: Conversation, by?: Leg['media']): boolean {
  return (
    !hasLeft(participant, conversation) &&
    legsOf(participant).some(
      ({ media, screenshare }) =>
        (by === undefined || media === by) && screenshare.sharing === true && !isOver(screenshare),
    )
  );
}

/** A video leg as a screen share, nothing of it lost. */
function fromVideo(video: Video): Screenshare {
  const { sharingScreen, ...rest } = video;
  const sharing = sharingScreen ?? rest.sharing;
  // The database cannot keep an undefined, and what is merged with it later would differ.
  return sharing === undefined ? rest : { ...rest, sharing };
}

function communicationFrom(leg: Leg, participant: Participant, from: Snapshot): Communication {
  const { conversation, context, peer } = from;
  const participantId = participant.id ?? 'unknown';
  // Until it has an id of its own it is known by its participant.
  const communicationId = leg.screenshare.id ?? participantId;
  const left = hasLeft(participant, conversation);
  return {
    key: [conversation.id, participantId, communicationId].join('/'),
    conversationId: conversation.id,
    participantId,
    communicationId,
    media: leg.media,
    screenshare: leg.screenshare,
    ...onlyPresent({
      queueId: participant.queueId,
      queueName: participant.queueName,
      policy: participant.wrapupPrompt,
      wrapupRequired: participant.wrapupRequired,
      wrapupTimeoutMs: participant.wrapupTimeoutMs,
      wrapupSkipped: participant.wrapupSkipped,
      participantWrapup: participant.wrapup,
      startAcwTime: participant.startAcwTime,
      endAcwTime: participant.endAcwTime,
      endTime: left ? (participant.endTime ?? conversation.endTime ?? context.serverTime) : undefined,
      superseded: isSuperseded(participant, leg.media, from),
      alertingTimeoutMs: participant.alertingTimeoutMs,
      peerName: peer.name,
      sharers: peer.sharers,
    }),
    peerSharing: peer.sharing ?? false,
    answered: wasConnected(leg.screenshare),
    onAir: [],
    peers: [],
    gone: false,
    firstSeenAt: context.receivedAt,
    lastSeenAt: context.receivedAt,
    revisions: 0,
  };
}

/** Only what is there, so that a later fact without it erases nothing. */
export function onlyPresent<Shape extends object>(
  shape: Shape,
): { [Name in keyof Shape]?: NonNullable<Shape[Name]> } {
  const present: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(shape) as [string, unknown][]) {
    if (value !== null && value !== undefined) present[name] = value;
  }
  return present as { [Name in keyof Shape]?: NonNullable<Shape[Name]> };
}

function peerOf(from: Fact): Peer {
  const { conversation } = from;
  const notOwn = conversation.participants.filter((participant) => !isOwn(participant, from));
  const others = notOwn.filter((participant) =>
    // A video leg that does not speak of screen sharing says nothing about it.
    legsOf(participant).some(
      ({ media, screenshare }) => media === 'screenshare' || typeof screenshare.sharing === 'boolean',
    ),
  );
  const sharers = others.filter((participant) => shares(participant, conversation));
  const people = notOwn.filter(({ purpose }) => ['customer', 'external'].includes(purpose ?? ''));
  const named = [...people, ...others].find((participant) => (participant.name ?? '') !== '');
  const isStated = people.length > 0 || others.length > 0;
  const names = sharers.map(({ name }) => name ?? '');
  // One without a name, where nobody else has one, is whoever is at the other end.
  const isPeerAlone = names.length === 1 && names[0] === (named?.name ?? '');
  return {
    ...(named?.name ? { name: named.name } : {}),
    sharing: isStated ? sharers.length > 0 : undefined,
    ...(names.length === 0 || isPeerAlone ? {} : { sharers: names }),
  };
}

export function wasConnected(screenshare: Screenshare): boolean {
  if ((screenshare.connectedTime ?? null) !== null) return true;
  // `connected` proves nothing where the same snapshot says it is over.
  if (screenshare.state === 'connected' && !isOver(screenshare)) return true;
  return (screenshare.segments ?? []).some((segment) => segment.type?.toLowerCase() === 'interact');
}

/**
 * The agent may be in a conversation several times: each alert is a participant of its own. An alert is old once
 * another part of theirs is answered or came after it. Undefined where the snapshot has only this one.
 */
function isSuperseded(participant: Participant, media: Leg['media'], from: Snapshot): boolean | undefined {
  const { conversation } = from;
  const legs = (one: Participant): Leg[] => legsOf(one).filter((leg) => leg.media === media);
  const isLive = (one: Participant): boolean =>
    !hasLeft(one, conversation) && legs(one).some(({ screenshare }) => !isOver(screenshare));
  const isConnected = (one: Participant): boolean =>
    isLive(one) && legs(one).some(({ screenshare }) => screenshare.state === 'connected');

  const own = conversation.participants.filter((one) => isOwn(one, from) && legs(one).length > 0);
  const later = own.slice(own.indexOf(participant) + 1);
  const others = own.filter((one) => one !== participant);
  if (others.length === 0) return undefined;
  // The order of a list is no reason to be silent about an alert that goes on.
  return isLive(participant)
    ? others.some(isConnected) || later.some(isLive)
    : others.some(isLive) || later.length > 0;
}

/** Where nobody says how long it may alert, and how late an event of it may come; ms. */
const alertsAtMostMs = 60_000;
const lateAtMostMs = 5000;

/**
 * When a leg that alerts now began to; only a full reading says so. Its participant began with it, or long before
 * (a share within a call): then it counts from when it was first heard of.
 */
export function alertsSince(participant: Participant, { serverTime }: ReducerContext): string {
  const { startTime, alertingTimeoutMs } = participant;
  const start = epoch(startTime);
  const passed = start === null ? -1 : (epoch(serverTime) ?? 0) - start;
  const couldAlert = passed >= 0 && passed <= (alertingTimeoutMs ?? alertsAtMostMs) + lateAtMostMs;
  return couldAlert && startTime ? startTime : serverTime;
}
