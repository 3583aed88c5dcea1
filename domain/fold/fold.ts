import type { CloudOffset } from '../clocks/cloud.ts';
import { epoch } from '../clocks/epoch.ts';
import type { Conversation, Participant, Screenshare, Video } from '../model/screenshare.ts';
import { screenshareFields } from '../model/screenshare.ts';
import { communicationStates, isKnown } from '../model/values.ts';
import type { Communication, OnAir, PeerCount } from './communication.ts';
import { isFinal, layScreenshare, layWrapup } from './lay.ts';
import { clocksOf } from './clocks.ts';
import { isUnidentified, matchOf } from './match.ts';
import { isOver, isSettled, stageOf } from './phase.ts';

/** What the fold needs to know besides the fact itself. */
export interface FoldContext {
  /** The local agent. */
  readonly userId: string;
  /** ISO-8601, this machine's clock: stamps first and last seen. */
  readonly receivedAt: string;
  /** ISO-8601, the server's clock as estimated: stamps what the wire has no time for (sharing, peers). */
  readonly serverTime: string;
  /** What that estimate rests on; absent before the first answer of the server. */
  readonly cloud?: CloudOffset;
}

interface Leg {
  readonly media: 'screenshare' | 'video';
  readonly screenshare: Screenshare;
}

/** Today's screen sharing arrives as a video leg; it becomes the one record, nothing of it lost. */
function fromVideo(video: Video): Screenshare {
  const { sharingScreen, ...rest } = video;
  const sharing = sharingScreen ?? rest.sharing;
  // Never undefined: the memory could not keep that, and what is folded onto it later would differ.
  return sharing === undefined ? rest : { ...rest, sharing };
}

function legsOf(participant: Participant, isFollowed: (leg: Screenshare) => boolean = () => false): Leg[] {
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

/** The server finished its after-call work. */
function isFinished({ screenshare, wrapupSkipped, endAcwTime }: Communication): boolean {
  return wrapupSkipped === true || endAcwTime !== undefined || isFinal(screenshare.afterCallWork?.state);
}

/**
 * Order is not guaranteed on the wire: a fact from an earlier time of a life than we know is late. A fact
 * without a state (or with a word of a newer server) says nothing about its time while it is not over.
 */
function isLate(known: Communication, told: Communication): boolean {
  const is = stageOf(told);
  if (isOver(known.screenshare)) return is !== 'over' || (isFinished(known) && !isFinished(told));
  if (known.gone || stageOf(known) !== 'connected') return false;
  const { state } = told.screenshare;
  return (
    (is === 'alerting' || is === 'connecting') && isKnown(communicationStates, state) && state !== 'none'
  );
}

/** Clocks may be set back; a later moment is never before an earlier one. */
function notBefore(earliest: string | undefined, iso: string): string {
  return earliest !== undefined && (epoch(iso) ?? 0) < (epoch(earliest) ?? 0) ? earliest : iso;
}

/** Ends a span: at the disconnect when the server dates it inside the span, else when we heard of it. */
function endOfSpan(from: string, screenshare: Screenshare, context: FoldContext): string {
  const told = isOver(screenshare) ? screenshare.disconnectedTime : undefined;
  const at = epoch(told);
  const inside = at !== null && at >= (epoch(from) ?? 0) && at <= (epoch(context.serverTime) ?? Infinity);
  return inside && told ? told : notBefore(from, context.serverTime);
}

function followOnAir(
  spans: readonly OnAir[],
  screenshare: Screenshare,
  context: FoldContext,
): readonly OnAir[] {
  const last = spans.at(-1);
  const open = last !== undefined && last.to === undefined;
  const sharing = screenshare.sharing === true && !isOver(screenshare);
  if (sharing && !open) return [...spans, { from: notBefore(last?.to, context.serverTime) }];
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
  if ((screenshare.connectedTime ?? null) !== null) return true;
  // Said of what is over, it is a word the same snapshot contradicts, and no proof.
  if (screenshare.state === 'connected' && !isOver(screenshare)) return true;
  return (screenshare.segments ?? []).some((segment) => segment.type?.toLowerCase() === 'interact');
}

/** What one fact alone says about one leg. */
function toldOf(
  leg: Leg,
  participant: Participant,
  conversation: Conversation,
  context: FoldContext,
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
    }),
    peerSharing: peer.sharing,
    answered: wasConnected(leg.screenshare),
    onAir: [],
    peers: [],
    gone: false,
    firstSeenAt: context.receivedAt,
    lastSeenAt: context.receivedAt,
    revisions: 0,
  };
}

function identityOf({
  communicationId,
  media,
}: Communication): Pick<Communication, 'communicationId' | 'media'> {
  return { communicationId, media };
}

function foldLeg(
  before: Communication | undefined,
  told: Communication,
  participant: Participant,
  context: FoldContext,
): Communication {
  const known = before ?? told;
  const late = isLate(known, told);
  const screenshare = layScreenshare(known.screenshare, told.screenshare, late);
  const [below, above] = late ? [told, known] : [known, told];
  const receipt = stageOf(told) === 'alerting' ? context.serverTime : undefined;

  return {
    ...below,
    ...above,
    ...(below.participantWrapup && above.participantWrapup
      ? { participantWrapup: layWrapup(below.participantWrapup, above.participantWrapup) }
      : {}),
    ...present({
      // The topic's expectation stands only while nobody has said what is required.
      wrapupRequired: above.wrapupRequired ?? below.wrapupRequired ?? participant.wrapupExpected,
      alertedAt: screenshare.startAlertingTime ?? known.alertedAt ?? participant.startTime ?? receipt,
      clocks: clocksOf(before, { ...above, screenshare }, context),
    }),
    key: known.key,
    ...(isUnidentified(told) ? identityOf(known) : identityOf(told)),
    screenshare,
    answered: known.answered || told.answered || wasConnected(screenshare),
    onAir: followOnAir(known.onAir, screenshare, context),
    peers: isOver(screenshare) ? known.peers : followPeers(known.peers, screenshare, context),
    gone: false,
    firstSeenAt: known.firstSeenAt,
    lastSeenAt: context.receivedAt,
    revisions: known.revisions + 1,
  };
}

/**
 * Folds one conversation snapshot into the communications of the local agent.
 *
 * `known` are the communications we already have of this conversation. Returns every communication the
 * snapshot speaks about, oldest participant first; communications it does not mention are left alone
 * (a partial snapshot proves nothing about them). So are those of a participant with several legs where
 * the snapshot does not say which of them it means (`match.ts`).
 */
export function foldConversation(
  known: readonly Communication[],
  conversation: Conversation,
  context: FoldContext,
): Communication[] {
  const records = new Map(known.map((communication) => [communication.key, communication]));
  const changed = new Map<string, Communication>();
  for (const participant of conversation.participants) {
    if (participant.userId !== context.userId) continue;
    const isFollowed = ({ id }: Screenshare): boolean =>
      known.some(
        ({ participantId, communicationId }) => participantId === participant.id && communicationId === id,
      );
    const told = legsOf(participant, isFollowed).map((leg) =>
      toldOf(leg, participant, conversation, context),
    );
    for (const one of told) {
      const match = matchOf(one, [...records.values()], told);
      if (match.kind === 'unclear') continue;
      // A snapshot may name a leg twice; the second is folded into the first.
      const before = match.kind === 'known' ? match.communication : undefined;
      const folded = foldLeg(before, one, participant, context);
      records.set(folded.key, folded);
      changed.set(folded.key, folded);
    }
  }
  return [...changed.values()];
}

/** The snapshot speaks of one leg of the agent without saying which; only a full reading can tell. */
export function isUnclear(
  known: readonly Communication[],
  conversation: Conversation,
  context: FoldContext,
): boolean {
  return conversation.participants
    .filter(({ userId }) => userId === context.userId)
    .some((participant) => {
      const told = legsOf(participant).map((leg) => toldOf(leg, participant, conversation, context));
      return told.some((one) => matchOf(one, known, told).kind === 'unclear');
    });
}

/** The server answers "not found" for a conversation we hold as open: it ended out of our sight. */
export function foldMissing(known: readonly Communication[], context: FoldContext): Communication[] {
  return known
    .filter((communication) => !isSettled(communication))
    .map((communication) => ({
      ...communication,
      gone: true,
      onAir: communication.onAir.map((span) =>
        span.to === undefined ? { ...span, to: notBefore(span.from, context.serverTime) } : span,
      ),
      revisions: communication.revisions + 1,
    }));
}
