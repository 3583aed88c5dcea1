import { produce, type Draft } from 'immer';
import { epoch } from '../../domain/clocks/time.ts';
import { clocksOf } from '../../domain/communication/clock-offsets.ts';
import type { Communication, ReducerContext } from '../../domain/communication/communication.ts';
import { isUnidentified, matchOf } from '../../domain/communication/match.ts';
import { isFinal, mergeWrapup } from '../../domain/communication/merge.ts';
import { updateObservations } from '../../domain/communication/observations.ts';
import { updateOnAir, updatePeers } from '../../domain/communication/on-air.ts';
import { mergeLegs, ownList, statedLegs } from '../../domain/communication/other-legs.ts';
import { hasEnded, legStateOf } from '../../domain/communication/phase.ts';
import {
  alertsSince,
  isOwn,
  snapshotOf,
  statedAround,
  statedBy,
  wasConnected,
  type Snapshot,
} from '../../domain/communication/snapshot.ts';
import type { Conversation, Participant, Screenshare } from '../../domain/model/screenshare.ts';

/**
 * The product's reducer as one would write it with immer: all communications of a conversation before a snapshot →
 * all of them after it, by changing a draft. Facts that come late, which the product must not believe, are left out
 * here; for a day in order both come to the same.
 */
export function reduceWithImmer(
  known: readonly Communication[],
  conversation: Conversation,
  context: ReducerContext,
): readonly Communication[] {
  const snapshot = snapshotOf(conversation, known, context);
  const statesPeers = snapshot.peer.sharing !== undefined;
  return produce(known, (draft) => {
    const changed = new Set<string>();
    for (const participant of conversation.participants) {
      if (!isOwn(participant, snapshot)) continue;
      const about = { participant, snapshot, statesPeers };
      const stated = statedBy(participant, snapshot);
      for (const one of stated) {
        const match = matchOf(one, draft, stated);
        if (match.kind === 'unclear') continue;
        if (match.kind === 'known') change(match.communication as Draft<Communication>, one, about);
        else draft.push(begun(one, about) as Draft<Communication>);
        changed.add(match.kind === 'known' ? match.communication.key : one.key);
      }
    }
    for (const [at, before] of known.entries()) {
      const around = changed.has(before.key) ? null : statedAround(before, snapshot);
      const one = draft[at];
      if (around && one)
        change(one, around.stated, { participant: around.participant, snapshot, statesPeers });
    }
  });
}

interface About {
  readonly participant: Participant;
  readonly snapshot: Snapshot;
  readonly statesPeers: boolean;
}

/** The first fact about it counts as a change of what it states by itself. */
function begun(stated: Communication, about: About): Communication {
  return produce(stated, (draft) => {
    change(draft, stated, about, true);
  });
}

/** What only this reducer decides, whatever the snapshot states. */
const decidedHere: ReadonlySet<string> = new Set([
  ...['key', 'communicationId', 'media', 'screenshare', 'participantWrapup', 'endTime', 'peerSharing'],
  ...['answered', 'onAir', 'peers', 'gone', 'firstSeenAt', 'lastSeenAt', 'revisions', 'wrapupRequired'],
  'observations',
]);

function change(
  draft: Draft<Communication>,
  stated: Communication,
  { participant, snapshot, statesPeers }: About,
  isNew = false,
): void {
  const { context } = snapshot;
  const before = isNew ? undefined : ({ ...draft } as Communication);
  if (!isNew) mergeScreenshare(draft.screenshare, stated.screenshare);
  for (const [name, value] of Object.entries(stated)) {
    if (!decidedHere.has(name)) Object.assign(draft, { [name]: value as unknown });
  }
  if (stated.participantWrapup) {
    draft.participantWrapup = draft.participantWrapup
      ? mergeWrapup(draft.participantWrapup, stated.participantWrapup)
      : stated.participantWrapup;
  }
  const required = stated.wrapupRequired ?? draft.wrapupRequired ?? participant.wrapupExpected;
  if (required !== undefined && required !== null) draft.wrapupRequired = required;
  const alertedAt =
    draft.screenshare.startAlertingTime ??
    draft.alertedAt ??
    (legStateOf(stated) === 'alerting' ? alertsSince(participant, context) : undefined);
  if (alertedAt !== undefined) draft.alertedAt = alertedAt;
  if (isEarlier(stated.endTime, draft.endTime)) draft.endTime = stated.endTime as string;
  const clocks = clocksOf(before, draft, context);
  if (clocks) draft.clocks = clocks;

  const legs = mergeLegs(
    before?.otherLegs,
    statedLegs(participant, stated.screenshare, ownList[stated.media]),
  );
  const otherLegs = draft.endTime === undefined ? legs : [];
  if (otherLegs.length > 0 || before?.otherLegs) draft.otherLegs = [...otherLegs];
  if (!isUnidentified(stated)) {
    draft.communicationId = stated.communicationId;
    draft.media = stated.media;
  }
  const observations = updateObservations(draft.observations ?? [], draft, snapshot, context);
  if (observations.length > 0)
    draft.observations = [...observations] as NonNullable<Draft<Communication>['observations']>;
  if (statesPeers) draft.peerSharing = stated.peerSharing;
  draft.answered = draft.answered || stated.answered || wasConnected(draft.screenshare);
  draft.onAir = updateOnAir(draft.onAir, draft, context) as Draft<Communication>['onAir'];
  if (!hasEnded(draft)) {
    draft.peers = updatePeers(draft.peers, draft.screenshare, context) as Draft<Communication>['peers'];
  }
  draft.gone = false;
  draft.lastSeenAt = context.receivedAt;
  draft.revisions += 1;
}

const isEarlier = (stated: string | undefined, known: string | undefined): boolean =>
  stated !== undefined && (epoch(stated) ?? Infinity) < (epoch(known) ?? Infinity);

/** Absent and null never erase. */
function assign(draft: object, stated: object): void {
  for (const [name, value] of Object.entries(stated) as [string, unknown][]) {
    if ((value !== null && value !== undefined) || !(name in draft)) Object.assign(draft, { [name]: value });
  }
}

function mergeScreenshare(draft: Draft<Screenshare>, stated: Screenshare): void {
  const { wrapup, afterCallWork, segments, ...rest } = stated;
  assign(draft, rest);
  if (wrapup) draft.wrapup = draft.wrapup ? mergeWrapup(draft.wrapup, wrapup) : wrapup;
  else if (wrapup === null) draft.wrapup ??= null;
  const work = draft.afterCallWork;
  const goesBack =
    (isFinal(work?.state) && !isFinal(afterCallWork?.state)) ||
    (work?.state === 'pending' && afterCallWork?.state === 'notApplicable');
  if (work && afterCallWork && goesBack) draft.afterCallWork = { ...afterCallWork, ...work };
  else if (work && afterCallWork) assign(work, afterCallWork);
  else if (afterCallWork !== undefined) draft.afterCallWork ??= afterCallWork;
  const isLonger = segments && !(draft.segments && draft.segments.length > segments.length);
  if (isLonger) draft.segments = segments;
  else if (segments === null) draft.segments ??= null;
}
