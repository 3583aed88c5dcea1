import { epoch } from '../clocks/time.ts';
import {
  screenshareFields,
  type Conversation,
  type Participant,
  type Screenshare,
  type Video,
} from '../model/screenshare.ts';
import type { Communication, ReducerContext } from './communication.ts';
import { isOver } from './phase.ts';

/** What one snapshot states by itself, before it is merged with what is known. */

interface Leg {
  readonly media: Communication['media'];
  readonly screenshare: Screenshare;
}

/** Each leg of a participant as a communication. `known`: legs among these are followed to their end. */
export function statedBy(
  participant: Participant,
  conversation: Conversation,
  context: ReducerContext,
  known: readonly Communication[] = [],
): Communication[] {
  const isKnown = ({ id }: Screenshare): boolean =>
    known.some(
      ({ participantId, communicationId }) => participantId === participant.id && communicationId === id,
    );
  return legsOf(participant, isKnown).map((leg) =>
    communicationFrom(leg, participant, conversation, context),
  );
}

/** Screen sharing is in one of two lists. `isKnown`: we have this leg already. */
function legsOf(participant: Participant, isKnown: (leg: Screenshare) => boolean = () => false): Leg[] {
  const own = (participant.screenshares ?? [])
    // Real lists hold entries that say nothing at all.
    .filter((screenshare) => screenshareFields.some((name) => (screenshare[name] ?? null) !== null))
    .map((screenshare): Leg => ({ media: 'screenshare', screenshare }));
  // Most video calls never speak of screen sharing; one that did counts until its end.
  const videos = (participant.videos ?? [])
    .filter((video) => typeof video.sharingScreen === 'boolean' || isKnown(video))
    .map((video): Leg => ({ media: 'video', screenshare: fromVideo(video) }));
  return [...own, ...videos];
}

/** A video leg as a screen share, nothing of it lost. */
function fromVideo(video: Video): Screenshare {
  const { sharingScreen, ...rest } = video;
  const sharing = sharingScreen ?? rest.sharing;
  // The database cannot keep an undefined, and what is merged with it later would differ.
  return sharing === undefined ? rest : { ...rest, sharing };
}

function communicationFrom(
  leg: Leg,
  participant: Participant,
  conversation: Conversation,
  context: ReducerContext,
): Communication {
  const participantId = participant.id ?? 'unknown';
  // Until it has an id of its own it is known by its participant.
  const communicationId = leg.screenshare.id ?? participantId;
  const peer = peerOf(conversation, context.userId);
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
      alertingTimeoutMs: participant.alertingTimeoutMs,
      peerName: peer.name,
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
  return Object.fromEntries(
    Object.entries(shape).filter(([, value]) => value !== null && value !== undefined),
  ) as { [Name in keyof Shape]?: NonNullable<Shape[Name]> };
}

/** `sharing` is undefined where the snapshot speaks of nobody else: an event may be partial. */
export function peerOf(
  conversation: Conversation,
  userId: string,
): { readonly name?: string; readonly sharing: boolean | undefined } {
  const others = conversation.participants.filter(
    (participant) => participant.userId !== userId && legsOf(participant).length > 0,
  );
  const sharing = others.some((participant) =>
    legsOf(participant).some(({ screenshare }) => screenshare.sharing === true && !isOver(screenshare)),
  );
  const people = conversation.participants.filter(
    (participant) =>
      participant.userId !== userId && ['customer', 'external'].includes(participant.purpose ?? ''),
  );
  const named = [...people, ...others].find((participant) => (participant.name ?? '') !== '');
  const isStated = people.length > 0 || others.length > 0;
  return { ...(named?.name ? { name: named.name } : {}), sharing: isStated ? sharing : undefined };
}

export function wasConnected(screenshare: Screenshare): boolean {
  if ((screenshare.connectedTime ?? null) !== null) return true;
  // `connected` proves nothing where the same snapshot says it is over.
  if (screenshare.state === 'connected' && !isOver(screenshare)) return true;
  return (screenshare.segments ?? []).some((segment) => segment.type?.toLowerCase() === 'interact');
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
