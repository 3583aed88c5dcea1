import { epoch } from '../clocks/time.ts';
import { isObject } from '../model/values.ts';
import {
  type Conversation,
  type Participant,
  type Screenshare,
  screenshareFields,
  type Video,
} from '../model/screenshare.ts';
import type { Communication, ReducerContext } from './communication.ts';
import { isOver } from './phase.ts';

/** What one fact says by itself, before it meets what is known. */

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
  const isSpokenOf = people.length > 0 || others.length > 0;
  return { ...(named?.name ? { name: named.name } : {}), sharing: isSpokenOf ? sharing : undefined };
}

/** Only what is there, so that a later fact without it erases nothing. */
export function present<Shape extends object>(
  shape: Shape,
): { [Name in keyof Shape]?: NonNullable<Shape[Name]> } {
  return Object.fromEntries(
    Object.entries(shape).filter(([, value]) => value !== null && value !== undefined),
  ) as { [Name in keyof Shape]?: NonNullable<Shape[Name]> };
}

export function wasConnected(screenshare: Screenshare): boolean {
  if ((screenshare.connectedTime ?? null) !== null) return true;
  // Said of what is over, it is a word the same snapshot contradicts, and no proof.
  if (screenshare.state === 'connected' && !isOver(screenshare)) return true;
  return (screenshare.segments ?? []).some((segment) => segment.type?.toLowerCase() === 'interact');
}

/** Everything a participant can be connected by, as the model names it. */
const mediaLists = [
  ...['calls', 'callbacks', 'chats', 'cobrowsesessions', 'emails', 'messages', 'internalMessages'],
  ...['screenMonitorings', 'screenshares', 'socialExpressions', 'videos'],
];

/** Whether another medium than this leg connects the participant; undefined where the fact names none. */
function isParticipantLive(participant: Participant, leg: Screenshare): boolean | undefined {
  const others = mediaLists
    .flatMap((name) => (Array.isArray(participant[name]) ? (participant[name] as unknown[]) : []))
    .filter(isObject)
    .filter((medium) => medium !== leg && ((leg.id ?? null) === null || medium['id'] !== leg.id));
  if (others.length > 0) return others.some(saysItIsLive);
  return (participant.endTime ?? null) === null ? undefined : false;
}

function saysItIsLive(medium: Readonly<Record<string, unknown>>): boolean {
  return typeof medium['state'] === 'string' && medium['state'] !== 'none' && !isOver(medium);
}

/** What one fact alone says about one leg. */
export function communicationFrom(
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
    ...present({
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
      participantLive: isParticipantLive(participant, leg.screenshare),
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

/** Where nobody says how long it is let ring, and how late an event of it may come; ms. */
const ringsAtMostMs = 60_000;
const lateAtMostMs = 5000;

/**
 * When a leg that rings now began to: only a full reading says. Its participant began with it, or long before
 * (a share within a call): then it is taken to have begun when it was heard.
 */
export function ringsSince(participant: Participant, { serverTime }: ReducerContext): string {
  const { startTime, alertingTimeoutMs } = participant;
  const start = epoch(startTime);
  const rings = start === null ? -1 : (epoch(serverTime) ?? 0) - start;
  const couldRing = rings >= 0 && rings <= (alertingTimeoutMs ?? ringsAtMostMs) + lateAtMostMs;
  return couldRing && startTime ? startTime : serverTime;
}

/** The legs of a participant that are screen sharing, in whichever of the two lists the wire has them. */

export interface Leg {
  readonly media: 'screenshare' | 'video';
  readonly screenshare: Screenshare;
}

/** Today's screen sharing arrives as a video leg; it becomes the one record, nothing of it lost. */
function fromVideo(video: Video): Screenshare {
  const { sharingScreen, ...rest } = video;
  const sharing = sharingScreen ?? rest.sharing;
  // Never undefined: the database could not keep that, and what is folded onto it later would differ.
  return sharing === undefined ? rest : { ...rest, sharing };
}

export function legsOf(
  participant: Participant,
  isFollowed: (leg: Screenshare) => boolean = () => false,
): Leg[] {
  const own = (participant.screenshares ?? [])
    // Real lists hold entries that say nothing at all.
    .filter((screenshare) => screenshareFields.some((name) => (screenshare[name] ?? null) !== null))
    .map((screenshare): Leg => ({ media: 'screenshare', screenshare }));
  // A video leg counts once it speaks of screen sharing at all (most video calls never do), to its end.
  const videos = (participant.videos ?? [])
    .filter((video) => typeof video.sharingScreen === 'boolean' || isFollowed(video))
    .map((video): Leg => ({ media: 'video', screenshare: fromVideo(video) }));
  return [...own, ...videos];
}
