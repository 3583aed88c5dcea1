import type { Participant, Screenshare } from '../model/screenshare.ts';
import type { Communication, Observation, ReducerContext } from './communication.ts';
import { endOfSpan } from './on-air.ts';
import { hasEnded, isOver } from './phase.ts';
import { hasLeft, isOwn, legsOf, onlyPresent, type Snapshot } from './snapshot.ts';

/**
 * Who could see the agent's screen, by name where the server names them, who else followed the conversation, and what
 * was recorded. The wire has no time for most of it: it is dated by when it was heard of.
 */

type Observed = Omit<Observation, 'from' | 'to'>;
type Leg = Pick<Communication, 'screenshare' | 'endTime' | 'media'>;

/** Who rings cannot see anything yet. */
function isConnected(leg: Screenshare): boolean {
  return !isOver(leg) && (leg.state ?? 'connected') === 'connected';
}

function isSameRoom(one: Screenshare, other: Screenshare): boolean {
  return !one.context || !other.context || one.context === other.context;
}

/** As a supervisor's client joins a conversation: each field names the participant it is about. */
const followings = [
  ['listens', 'monitoredParticipantId'],
  ['coaches', 'coachedParticipantId'],
  ['joined', 'bargedParticipantId'],
] as const;

function isHow(
  how: Observation['how'],
  participant: Participant,
  leg: Leg,
  own: ReadonlySet<string>,
): boolean {
  switch (how) {
    case 'share':
      return legsOf(participant).some(
        ({ media, screenshare }) =>
          media === leg.media && isConnected(screenshare) && isSameRoom(screenshare, leg.screenshare),
      );
    case 'screen':
      return (participant.screenMonitorings ?? []).some(isConnected);
    case 'listens':
    case 'coaches':
    case 'joined': {
      const [, field] = followings.find(([name]) => name === how) ?? followings[0];
      return own.has(participant[field] ?? '');
    }
    case 'screenRecording':
      return participant.screenRecordingState?.toLowerCase() === 'active';
    case 'recording':
      return false;
  }
}

const byOthers = ['share', 'screen', 'listens', 'coaches', 'joined'] as const;

/** Everything a snapshot says of it. `isOnAir`: there is something to see. */
function observedIn(snapshot: Snapshot, leg: Leg, isOnAir: boolean): Observed[] {
  const { conversation } = snapshot;
  const own = conversation.participants.filter((participant) => isOwn(participant, snapshot));
  const ownIds = new Set(own.flatMap(({ id }) => (id ? [id] : [])));
  const people = conversation.participants
    .filter((participant) => !own.includes(participant) && !hasLeft(participant, conversation))
    .flatMap((participant) =>
      byOthers
        .filter((how) => (how !== 'share' || isOnAir) && isHow(how, participant, leg, ownIds))
        .map((how): Observed => ({
          how,
          ...onlyPresent({
            participantId: participant.id,
            name: participant.name === '' ? undefined : participant.name,
            purpose: participant.purpose,
          }),
        })),
    );
  const isScreenRecorded = own.some((participant) => isHow('screenRecording', participant, leg, ownIds));
  const isRecorded = conversation.recordingState?.toLowerCase() === 'active';
  return [
    ...people,
    ...(isScreenRecorded ? [{ how: 'screenRecording' } as const] : []),
    ...(isRecorded ? [{ how: 'recording' } as const] : []),
  ];
}

/** An event may leave out anything: only what it does say ends something that is not in it any more. */
function saysOtherwise({ how, participantId }: Observed, snapshot: Snapshot): boolean {
  const { conversation } = snapshot;
  if (how === 'recording') return (conversation.recordingState ?? null) !== null;
  if (how === 'screenRecording')
    return conversation.participants.some(
      (participant) => isOwn(participant, snapshot) && (participant.screenRecordingState ?? null) !== null,
    );
  const participant = conversation.participants.find(({ id }) => id === participantId);
  if (!participant) return false;
  if (hasLeft(participant, conversation)) return true;
  if (how === 'share') return (participant.screenshares ?? participant.videos ?? null) !== null;
  if (how === 'screen') return (participant.screenMonitorings ?? null) !== null;
  const [, field] = followings.find(([name]) => name === how) ?? followings[0];
  return (participant[field] ?? null) !== null;
}

function isSame(one: Observed, other: Observed): boolean {
  return one.how === other.how && one.participantId === other.participantId;
}

/** What was known, and what a snapshot says now of a leg as it stands after that snapshot. */
export function updateObservations(
  known: readonly Observation[],
  leg: Leg,
  snapshot: Snapshot,
  context: ReducerContext,
): readonly Observation[] {
  const isEnded = hasEnded(leg);
  const isOnAir = leg.screenshare.sharing === true && !isEnded;
  const found = isEnded ? [] : observedIn(snapshot, leg, isOnAir);
  const before = known.map((one): Observation => {
    if (one.to !== undefined) return one;
    const still = found.find((other) => isSame(one, other));
    // Whoever was named once keeps the name.
    if (still) return { ...one, ...still };
    const isOver = isEnded || (one.how === 'share' && !isOnAir) || saysOtherwise(one, snapshot);
    return isOver ? { ...one, to: endOfSpan(one.from, leg, context) } : one;
  });
  const isOpen = (other: Observed): boolean =>
    before.some((one) => one.to === undefined && isSame(one, other));
  const begun = found.filter((other) => !isOpen(other)).map((one) => ({ ...one, from: context.serverTime }));
  return [...before, ...begun];
}
