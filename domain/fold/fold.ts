import type { Conversation, Participant, Screenshare, Video } from '../model/screenshare.ts';
import type { Communication, OnAir, PeerCount } from './communication.ts';
import { epoch, isOver, isSettled, stageOf, type Stage } from './phase.ts';

/** What the fold needs to know besides the fact itself. */
export interface FoldContext {
  /** The local agent. */
  readonly userId: string;
  /** ISO-8601, this machine's clock: stamps first and last seen. */
  readonly receivedAt: string;
  /** ISO-8601, the server's clock as estimated: stamps what the wire has no time for (sharing, peers). */
  readonly serverTime: string;
}

export function communicationKey(
  conversationId: string,
  participantId: string,
  communicationId: string,
): string {
  return [conversationId, participantId, communicationId].join('/');
}

interface Leg {
  readonly media: 'screenshare' | 'video';
  readonly screenshare: Screenshare;
}

/** Today's screen sharing arrives as a video leg; it becomes the one record, nothing of it lost. */
function fromVideo(video: Video): Screenshare {
  const { sharingScreen, ...rest } = video;
  return { ...rest, sharing: sharingScreen ?? rest.sharing };
}

function legsOf(participant: Participant): Leg[] {
  const own = (participant.screenshares ?? []).map((screenshare): Leg => ({
    media: 'screenshare',
    screenshare,
  }));
  // A video leg counts only when it speaks of screen sharing at all: most video calls never do.
  const videos = (participant.videos ?? [])
    .filter((video) => typeof video.sharingScreen === 'boolean')
    .map((video): Leg => ({ media: 'video', screenshare: fromVideo(video) }));
  return [...own, ...videos];
}

/** Order of a life; a fact from an earlier stage than we know is late and changes no status. */
const rank: Record<Stage, number> = { connecting: 0, alerting: 0, connected: 1, over: 2 };

/** Fields that say how it stands now; a late fact may not touch them. */
const standing = new Set(['state', 'sharing', 'peerCount']);

/**
 * Lays a newer snapshot over an older one. Absent and null never erase: one source carries fields the
 * other does not have (the topic has no segments, REST has no wrapupExpected).
 */
function lay<Shape extends object>(older: Shape, newer: Shape, keep: ReadonlySet<string> = new Set()): Shape {
  const merged = { ...older } as Record<string, unknown>;
  for (const [name, value] of Object.entries(newer)) {
    if (value === null || value === undefined) {
      if (!(name in merged)) merged[name] = value;
    } else if (!keep.has(name) || (merged[name] ?? null) === null) {
      merged[name] = value;
    }
  }
  return merged as Shape;
}

function layScreenshare(older: Screenshare, newer: Screenshare, late: boolean): Screenshare {
  const merged = lay(older, newer, late ? standing : undefined);
  if (older.wrapup && newer.wrapup) merged.wrapup = lay(older.wrapup, newer.wrapup);
  if (older.afterCallWork && newer.afterCallWork) {
    // Complete and skipped are final; a late `pending` does not reopen it.
    const final = older.afterCallWork.state === 'complete' || older.afterCallWork.state === 'skipped';
    merged.afterCallWork = lay(
      older.afterCallWork,
      newer.afterCallWork,
      final ? new Set(['state']) : undefined,
    );
  }
  const longer = (newer.segments?.length ?? 0) >= (older.segments?.length ?? 0);
  if (older.segments && !longer) merged.segments = older.segments;
  return merged;
}

/** Ends a span: at the disconnect when the server dates it inside the span, else when we heard of it. */
function endOfSpan(from: string, screenshare: Screenshare, context: FoldContext): string {
  const told = isOver(screenshare) ? screenshare.disconnectedTime : undefined;
  const at = epoch(told);
  const inside = at !== null && at >= (epoch(from) ?? 0) && at <= (epoch(context.serverTime) ?? Infinity);
  return inside && told ? told : context.serverTime;
}

function followOnAir(
  spans: readonly OnAir[],
  screenshare: Screenshare,
  context: FoldContext,
): readonly OnAir[] {
  const last = spans.at(-1);
  const open = last !== undefined && last.to === undefined;
  const sharing = screenshare.sharing === true && !isOver(screenshare);
  if (sharing && !open) return [...spans, { from: context.serverTime }];
  if (!sharing && open && (screenshare.sharing === false || isOver(screenshare))) {
    return [...spans.slice(0, -1), { from: last.from, to: endOfSpan(last.from, screenshare, context) }];
  }
  return spans;
}

function followPeers(
  peers: readonly PeerCount[],
  screenshare: Screenshare,
  context: FoldContext,
): readonly PeerCount[] {
  const count = screenshare.peerCount;
  if (typeof count !== 'number' || peers.at(-1)?.count === count) return peers;
  return [...peers, { at: context.serverTime, count }];
}

function peerOf(conversation: Conversation, userId: string): { name?: string; sharing: boolean } {
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
  return { ...(named?.name ? { name: named.name } : {}), sharing };
}

/** Only what is there, so that a later fact without it erases nothing. */
function present<Shape extends object>(shape: Shape): { [Name in keyof Shape]?: NonNullable<Shape[Name]> } {
  return Object.fromEntries(
    Object.entries(shape).filter(([, value]) => value !== null && value !== undefined),
  ) as { [Name in keyof Shape]?: NonNullable<Shape[Name]> };
}

function wasConnected(screenshare: Screenshare): boolean {
  if ((screenshare.connectedTime ?? null) !== null || screenshare.state === 'connected') return true;
  return (screenshare.segments ?? []).some((segment) => segment.type?.toLowerCase() === 'interact');
}

function foldLeg(
  before: Communication | undefined,
  leg: Leg,
  participant: Participant,
  conversation: Conversation,
  context: FoldContext,
): Communication {
  const participantId = participant.id ?? 'unknown';
  const communicationId = leg.screenshare.id ?? participantId;
  const incoming: Communication = {
    key: communicationKey(conversation.id, participantId, communicationId),
    conversationId: conversation.id,
    participantId,
    communicationId,
    media: leg.media,
    screenshare: leg.screenshare,
    peerSharing: false,
    answered: false,
    onAir: [],
    peers: [],
    gone: false,
    firstSeenAt: context.receivedAt,
    lastSeenAt: context.receivedAt,
    revisions: 0,
  };
  const known = before ?? incoming;
  const late = before !== undefined && !before.gone && rank[stageOf(incoming)] < rank[stageOf(before)];
  const screenshare = before ? layScreenshare(before.screenshare, leg.screenshare, late) : leg.screenshare;
  const peer = peerOf(conversation, context.userId);
  const alertedAt = screenshare.startAlertingTime ?? known.alertedAt ?? participant.startTime ?? undefined;

  return {
    ...known,
    ...present({
      queueId: participant.queueId,
      queueName: participant.queueName,
      policy: participant.wrapupPrompt,
      wrapupRequired: participant.wrapupRequired ?? participant.wrapupExpected,
      wrapupTimeoutMs: participant.wrapupTimeoutMs,
      wrapupSkipped: participant.wrapupSkipped,
      startAcwTime: participant.startAcwTime,
      endAcwTime: participant.endAcwTime,
      alertingTimeoutMs: participant.alertingTimeoutMs,
      peerName: peer.name,
      alertedAt: alertedAt ?? (stageOf(incoming) === 'alerting' ? context.serverTime : undefined),
    }),
    ...(participant.wrapup
      ? {
          participantWrapup: known.participantWrapup
            ? lay(known.participantWrapup, participant.wrapup)
            : participant.wrapup,
        }
      : {}),
    screenshare,
    peerSharing: late ? known.peerSharing : peer.sharing,
    answered: known.answered || wasConnected(screenshare),
    onAir: followOnAir(known.onAir, screenshare, context),
    peers: isOver(screenshare) ? known.peers : followPeers(known.peers, screenshare, context),
    gone: false,
    lastSeenAt: context.receivedAt,
    revisions: known.revisions + 1,
  };
}

/**
 * Folds one conversation snapshot into the communications of the local agent.
 *
 * `known` are the communications we already have of this conversation. Returns every communication the
 * snapshot speaks about, oldest participant first; communications it does not mention are left alone
 * (a partial snapshot proves nothing about them).
 */
export function foldConversation(
  known: readonly Communication[],
  conversation: Conversation,
  context: FoldContext,
): Communication[] {
  const byKey = new Map(known.map((communication) => [communication.key, communication]));
  return conversation.participants
    .filter((participant) => participant.userId === context.userId)
    .flatMap((participant) =>
      legsOf(participant).map((leg) => {
        const participantId = participant.id ?? 'unknown';
        const key = communicationKey(conversation.id, participantId, leg.screenshare.id ?? participantId);
        return foldLeg(byKey.get(key), leg, participant, conversation, context);
      }),
    );
}

/** The server answers "not found" for a conversation we hold as open: it ended out of our sight. */
export function foldMissing(known: readonly Communication[], context: FoldContext): Communication[] {
  return known
    .filter((communication) => !isSettled(communication))
    .map((communication) => ({
      ...communication,
      gone: true,
      onAir: communication.onAir.map((span) =>
        span.to === undefined ? { ...span, to: context.serverTime } : span,
      ),
      revisions: communication.revisions + 1,
    }));
}
