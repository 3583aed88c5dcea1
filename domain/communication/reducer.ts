import type { Conversation, Participant } from '../model/screenshare.ts';
import { communicationStates, isKnown } from '../model/values.ts';
import { clocksOf } from './clock-offsets.ts';
import type { Communication, OnAir, ReducerContext } from './communication.ts';
import { isUnidentified, matchOf, mayBeAnother } from './match.ts';
import { isFinal, mergeScreenshare, mergeWrapup } from './merge.ts';
import { notBefore, updateOnAir, updatePeers } from './on-air.ts';
import { updateObservations } from './observations.ts';
import { mergeLegs, ownList, statedLegs } from './other-legs.ts';
import { epoch } from '../clocks/time.ts';
import { hasEnded, legStateOf, isSettled } from './phase.ts';
import {
  alertsSince,
  isOwn,
  isShared,
  onlyPresent,
  snapshotOf,
  statedAround,
  statedBy,
  wasConnected,
  type Snapshot,
} from './snapshot.ts';

/**
 * Merges one snapshot of a conversation into the known communications of the local agent.
 *
 * Returns every communication the snapshot speaks about, oldest participant first. What it does not mention is
 * left alone, since a snapshot may be partial, unless its participant or the conversation has ended; so are the legs
 * of a participant that has several where it does not say which one it means (`match.ts`).
 */
export function reduceConversation(
  known: readonly Communication[],
  conversation: Conversation,
  context: ReducerContext,
): Communication[] {
  const records = new Map(known.map((communication) => [communication.key, communication]));
  const changed = new Map<string, Communication>();
  const snapshot = snapshotOf(conversation, known, context);
  for (const participant of conversation.participants) {
    if (!isOwn(participant, snapshot)) continue;
    const stated = statedBy(participant, snapshot);
    for (const one of stated) {
      const match = matchOf(one, [...records.values()], stated);
      if (match.kind === 'unclear') continue;
      // A snapshot may name a leg twice; the second is merged into the first.
      const before = match.kind === 'known' ? match.communication : undefined;
      const after = reduceLeg(before, one, participant, snapshot);
      records.set(after.key, after);
      changed.set(after.key, after);
    }
  }
  for (const before of known) {
    const around = changed.has(before.key) ? null : statedAround(before, snapshot);
    if (around) changed.set(before.key, reduceLeg(before, around.stated, around.participant, snapshot));
  }
  return [...changed.values()];
}

/** The server answers "not found" for a conversation we hold as open: it ended out of our sight. */
export function reduceMissing(known: readonly Communication[], context: ReducerContext): Communication[] {
  const ended = <Span extends OnAir>(span: Span): Span =>
    span.to === undefined ? { ...span, to: notBefore(span.from, context.serverTime) } : span;
  return known
    .filter((communication) => !isSettled(communication))
    .map((communication) => ({
      ...communication,
      gone: true,
      onAir: communication.onAir.map(ended),
      ...(communication.observations ? { observations: communication.observations.map(ended) } : {}),
      revisions: communication.revisions + 1,
    }));
}

/**
 * The snapshot does not say which leg of the agent it means, whether it is a new one, or what part the agent has in a
 * share; only a full reading does.
 */
export function isUnclear(
  known: readonly Communication[],
  conversation: Conversation,
  context: ReducerContext,
): boolean {
  const snapshot = snapshotOf(conversation, known, context);
  const own = conversation.participants.filter((participant) => isOwn(participant, snapshot));
  if (own.length === 0 && known.length === 0 && isShared(conversation)) return true;
  return own
    .map((participant) => statedBy(participant, snapshot))
    .some((stated) =>
      stated.some((one) => {
        const match = matchOf(one, known, stated);
        return match.kind === 'unclear' || (match.kind === 'known' && mayBeAnother(one, match.communication));
      }),
    );
}

/** The first end that was stated, by time. */
function endOf(known: Communication, stated: Communication): Pick<Communication, 'endTime'> {
  const [first] = [known.endTime, stated.endTime]
    .filter((end) => end !== undefined)
    .sort((a, b) => (epoch(a) ?? Infinity) - (epoch(b) ?? Infinity));
  return first === undefined ? {} : { endTime: first };
}

function reduceLeg(
  before: Communication | undefined,
  stated: Communication,
  participant: Participant,
  snapshot: Snapshot,
): Communication {
  const { context, peer } = snapshot;
  const known = before ?? stated;
  const late = isLate(known, stated, context);
  const screenshare = mergeScreenshare(known.screenshare, stated.screenshare, late);
  const leg = { screenshare, ...endOf(known, stated) };
  const [earlier, later] = late ? [stated, known] : [known, stated];
  const alerts = legStateOf(stated) === 'alerting' && (!late || before === undefined);
  const { communicationId, media } = isUnidentified(stated) ? known : stated;
  const statesLegs = statedLegs(participant, stated.screenshare, ownList[stated.media]);
  const stays = late && before ? (before.otherLegs ?? []) : mergeLegs(before?.otherLegs, statesLegs);
  const otherLegs = leg.endTime === undefined ? stays : [];
  const { peerSharing, sharers } = peer.sharing !== undefined && !late ? stated : known;
  const { sharers: _before, ...facts } = { ...earlier, ...later };
  const observedBefore = before?.observations ?? [];
  const observations = late
    ? observedBefore
    : updateObservations(observedBefore, { ...leg, media }, snapshot, context);

  return {
    ...facts,
    ...(earlier.participantWrapup && later.participantWrapup
      ? { participantWrapup: mergeWrapup(earlier.participantWrapup, later.participantWrapup) }
      : {}),
    ...onlyPresent({
      // What the topic expects counts only while nobody has said what is required.
      wrapupRequired: later.wrapupRequired ?? earlier.wrapupRequired ?? participant.wrapupExpected,
      alertedAt:
        screenshare.startAlertingTime ??
        known.alertedAt ??
        (alerts ? alertsSince(participant, context) : undefined),
      clocks: clocksOf(before, { ...later, screenshare }, context),
      otherLegs: otherLegs.length > 0 || before?.otherLegs ? otherLegs : undefined,
      observations: observations.length > 0 ? observations : undefined,
      sharers,
    }),
    ...leg,
    key: known.key,
    communicationId,
    media,
    peerSharing,
    answered: known.answered || stated.answered || wasConnected(screenshare),
    onAir: updateOnAir(known.onAir, leg, context),
    peers: hasEnded(leg) ? known.peers : updatePeers(known.peers, screenshare, context),
    gone: false,
    firstSeenAt: known.firstSeenAt,
    lastSeenAt: context.receivedAt,
    revisions: known.revisions + 1,
  };
}

/**
 * Order is not guaranteed on the wire: a fact from an earlier time than what we know is late. A fact without a
 * state (or with a word of a newer server) says nothing about its time while it is not over. What may be older
 * still proves an end, and nothing else.
 */
function isLate(known: Communication, stated: Communication, { overtaken }: ReducerContext): boolean {
  const legState = legStateOf(stated);
  if (hasEnded(known)) return legState !== 'over' || (isFinished(known) && !isFinished(stated));
  if (known.gone) return false;
  if (overtaken && legState !== 'over') return true;
  if (legStateOf(known) !== 'connected') return false;
  const { state } = stated.screenshare;
  return (
    (legState === 'alerting' || legState === 'connecting') &&
    isKnown(communicationStates, state) &&
    state !== 'none'
  );
}

/** The server finished its after-call work. */
function isFinished({ screenshare, wrapupSkipped, endAcwTime }: Communication): boolean {
  return wrapupSkipped === true || endAcwTime !== undefined || isFinal(screenshare.afterCallWork?.state);
}
