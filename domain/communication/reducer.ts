import type { Conversation, Participant, Screenshare } from '../model/screenshare.ts';
import { communicationStates, isKnown } from '../model/values.ts';
import { clocksOf } from './clock-offsets.ts';
import type { Communication, ReducerContext } from './communication.ts';
import { isFinal, mergeScreenshare, mergeWrapup } from './merge.ts';
import { legsOf, peerOf, present, ringsSince, communicationFrom, wasConnected } from './snapshot.ts';
import { isUnidentified, matchOf, mayBeAnother } from './match.ts';
import { isOver, isSettled, connectionOf } from './phase.ts';
import { updateOnAir, updatePeers, notBefore } from './on-air.ts';

/** The server finished its after-call work. */
function isFinished({ screenshare, wrapupSkipped, endAcwTime }: Communication): boolean {
  return wrapupSkipped === true || endAcwTime !== undefined || isFinal(screenshare.afterCallWork?.state);
}

/**
 * Order is not guaranteed on the wire: a fact from an earlier time of a life than we know is late. A fact
 * without a state (or with a word of a newer server) says nothing about its time while it is not over. What
 * may be older proves an end all the same, and nothing else.
 */
function isLate(known: Communication, told: Communication, { overtaken }: ReducerContext): boolean {
  const is = connectionOf(told);
  if (isOver(known.screenshare)) return is !== 'over' || (isFinished(known) && !isFinished(told));
  if (known.gone) return false;
  if (overtaken && is !== 'over') return true;
  if (connectionOf(known) !== 'connected') return false;
  const { state } = told.screenshare;
  return (
    (is === 'alerting' || is === 'connecting') && isKnown(communicationStates, state) && state !== 'none'
  );
}

function identityOf({
  communicationId,
  media,
}: Communication): Pick<Communication, 'communicationId' | 'media'> {
  return { communicationId, media };
}

function reduceLeg(
  before: Communication | undefined,
  told: Communication,
  participant: Participant,
  context: ReducerContext,
  speaksOfPeers: boolean,
): Communication {
  const known = before ?? told;
  const late = isLate(known, told, context);
  const screenshare = mergeScreenshare(known.screenshare, told.screenshare, late);
  const [below, above] = late ? [told, known] : [known, told];
  const rings = connectionOf(told) === 'alerting' && (!late || before === undefined);

  return {
    ...below,
    ...above,
    ...(below.participantWrapup && above.participantWrapup
      ? { participantWrapup: mergeWrapup(below.participantWrapup, above.participantWrapup) }
      : {}),
    ...present({
      // The topic's expectation stands only while nobody has said what is required.
      wrapupRequired: above.wrapupRequired ?? below.wrapupRequired ?? participant.wrapupExpected,
      alertedAt:
        screenshare.startAlertingTime ??
        known.alertedAt ??
        (rings ? ringsSince(participant, context) : undefined),
      clocks: clocksOf(before, { ...above, screenshare }, context),
    }),
    key: known.key,
    ...(isUnidentified(told) ? identityOf(known) : identityOf(told)),
    screenshare,
    peerSharing: speaksOfPeers && !late ? told.peerSharing : known.peerSharing,
    answered: known.answered || told.answered || wasConnected(screenshare),
    onAir: updateOnAir(known.onAir, screenshare, context),
    peers: isOver(screenshare) ? known.peers : updatePeers(known.peers, screenshare, context),
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
export function reduceConversation(
  known: readonly Communication[],
  conversation: Conversation,
  context: ReducerContext,
): Communication[] {
  const records = new Map(known.map((communication) => [communication.key, communication]));
  const changed = new Map<string, Communication>();
  const speaksOfPeers = peerOf(conversation, context.userId).sharing !== undefined;
  for (const participant of conversation.participants) {
    if (participant.userId !== context.userId) continue;
    const isFollowed = ({ id }: Screenshare): boolean =>
      known.some(
        ({ participantId, communicationId }) => participantId === participant.id && communicationId === id,
      );
    const told = legsOf(participant, isFollowed).map((leg) =>
      communicationFrom(leg, participant, conversation, context),
    );
    for (const one of told) {
      const match = matchOf(one, [...records.values()], told);
      if (match.kind === 'unclear') continue;
      // A snapshot may name a leg twice; the second is folded into the first.
      const before = match.kind === 'known' ? match.communication : undefined;
      const folded = reduceLeg(before, one, participant, context, speaksOfPeers);
      records.set(folded.key, folded);
      changed.set(folded.key, folded);
    }
  }
  return [...changed.values()];
}

/** The snapshot speaks of a leg of the agent without saying which, or whether it is a new one; only a full reading can tell. */
export function isUnclear(
  known: readonly Communication[],
  conversation: Conversation,
  context: ReducerContext,
): boolean {
  return conversation.participants
    .filter(({ userId }) => userId === context.userId)
    .some((participant) => {
      const told = legsOf(participant).map((leg) =>
        communicationFrom(leg, participant, conversation, context),
      );
      return told.some((one) => {
        const match = matchOf(one, known, told);
        return match.kind === 'unclear' || (match.kind === 'known' && mayBeAnother(one, match.communication));
      });
    });
}

/** The server answers "not found" for a conversation we hold as open: it ended out of our sight. */
export function reduceMissing(known: readonly Communication[], context: ReducerContext): Communication[] {
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
