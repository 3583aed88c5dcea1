import type { Screenshare, Wrapup } from '../model/screenshare.ts';
import { afterCallWorkStates, communicationStates, isKnown } from '../model/values.ts';
import type { Phase } from '../state.ts';
import type { Communication } from './communication.ts';
import { unreachable } from '../toolbox/result.ts';

/** Where a communication stands by what the server said; no clock, no guesses. */

/** The part of a communication that decides its phase. */
export type PhaseFacts = Pick<
  Communication,
  | 'screenshare'
  | 'answered'
  | 'gone'
  | 'policy'
  | 'wrapupRequired'
  | 'wrapupSkipped'
  | 'participantWrapup'
  | 'otherLegs'
  | 'startAcwTime'
  | 'endAcwTime'
  | 'endTime'
>;

/** A leg is over when any of its fields says so; a snapshot may contradict itself. */
export function isOver(screenshare: Screenshare): boolean {
  // Set once the leg disconnects, where the server gives reasons at all.
  const { disconnectReasons } = screenshare;
  return (
    isEnd(screenshare.state) ||
    (screenshare.disconnectType ?? null) !== null ||
    (screenshare.disconnectedTime ?? null) !== null ||
    (Array.isArray(disconnectReasons) && disconnectReasons.length > 0)
  );
}

/** A word for a state in which nothing goes on any more, of a leg or of its participant. */
export function isEnd(state: string | null | undefined): boolean {
  return state === 'disconnected' || state === 'terminated';
}

/** By the leg's own word, or by its participant's or conversation's. */
export function hasEnded({ screenshare, endTime }: Pick<PhaseFacts, 'screenshare' | 'endTime'>): boolean {
  return endTime !== undefined || isOver(screenshare);
}

/** How far the leg is. */
type LegState = 'alerting' | 'connecting' | 'connected' | 'over';

export function legStateOf(communication: PhaseFacts): LegState {
  if (communication.gone || hasEnded(communication)) return 'over';
  const { state } = communication.screenshare;
  // Without a state we know, only an explicit fact makes it more than on its way.
  if (!isKnown(communicationStates, state)) return showsContact(communication) ? 'connected' : 'connecting';
  switch (state) {
    case 'alerting':
    case 'offering':
      return 'alerting';
    case 'dialing':
    case 'contacting':
      return 'connecting';
    case 'connected':
      return 'connected';
    case 'disconnected':
    case 'terminated':
      return 'over';
    case 'none':
      return showsContact(communication) ? 'connected' : 'connecting';
    default:
      return unreachable(state);
  }
}

function showsContact({ screenshare, answered }: PhaseFacts): boolean {
  return answered || (screenshare.connectedTime ?? null) !== null || screenshare.sharing === true;
}

/** On air now: an explicit fact of a communication that is not over. */
export function isSharing(communication: PhaseFacts): boolean {
  return communication.screenshare.sharing === true && legStateOf(communication) !== 'over';
}

/** The wrap-up the server has, at whichever level it keeps it. */
export function serverWrapup(communication: PhaseFacts): Wrapup | undefined {
  const own = communication.screenshare.wrapup;
  if (own?.code) return own;
  return communication.participantWrapup?.code ? communication.participantWrapup : undefined;
}

/** How far after-call work is, by the server's word. */
export type AfterCallWorkProgress = 'none' | 'due' | 'done' | 'skipped';

/** What the communication level says for sure; null where it leaves it to the participant level. */
function progressOfLeg(state: string | null | undefined): AfterCallWorkProgress | null {
  if (!isKnown(afterCallWorkStates, state)) return null;
  switch (state) {
    case 'complete':
      return 'done';
    case 'skipped':
      return 'skipped';
    case 'notApplicable':
      return 'none';
    case 'pending':
      return 'due';
    case 'unknown':
      return null;
    default:
      return unreachable(state);
  }
}

/**
 * Communication level (`afterCallWork.state`) is more exact than participant level (`startAcwTime`, `endAcwTime`)
 * and wins where it says something.
 */
export function afterCallWorkOf(communication: PhaseFacts): AfterCallWorkProgress {
  const { screenshare } = communication;
  if (communication.gone || legStateOf(communication) !== 'over' || !communication.answered) return 'none';
  if (communication.wrapupSkipped === true) return 'skipped';
  const stated = progressOfLeg(screenshare.afterCallWork?.state);
  // The participant's end is the later word where the work is the participant's.
  if (stated === 'due' && communication.startAcwTime !== undefined && communication.endAcwTime !== undefined)
    return 'done';
  // Not applicable to a communication that went on; the participant's own work may have begun since.
  if (stated !== null && (stated !== 'none' || communication.startAcwTime === undefined)) return stated;
  if ((communication.endAcwTime ?? null) !== null) return 'done';
  const wrapup = serverWrapup(communication);
  const saved = wrapup?.provisional === true ? undefined : wrapup;
  if ((saved?.endTime ?? null) !== null) return 'done';
  if (communication.policy === 'agentRequested' && screenshare.afterCallWorkRequired !== true) return 'none';
  if (communication.wrapupRequired === false && communication.startAcwTime === undefined) return 'none';
  if (saved && communication.startAcwTime === undefined) return 'done';
  const isExpected =
    communication.wrapupRequired === true ||
    communication.startAcwTime !== undefined ||
    communication.policy !== undefined;
  const isElsewhere = (communication.otherLegs ?? []).length > 0;
  const hasBegun = communication.startAcwTime !== undefined || !isElsewhere;
  return isExpected && hasBegun ? 'due' : 'none';
}

/** Over, and no after-call work is open: nothing more can come of it. */
export function isSettled(communication: Communication): boolean {
  return legStateOf(communication) === 'over' && afterCallWorkOf(communication) !== 'due';
}

/** A code must be chosen before it can be finished. */
export function codeRequired(communication: Communication): boolean {
  return communication.policy !== 'optional';
}

/** The phases a communication can be in by itself; the status has more (`state.ts`). */
export type CommunicationPhase = Exclude<Phase, 'starting' | 'conflict'>;

/** Whatever the agent decided about it, and however long ago it was. */
export function phaseOf(facts: PhaseFacts): CommunicationPhase {
  if (isSharing(facts)) return 'sharing';
  const legState = legStateOf(facts);
  switch (legState) {
    case 'alerting':
    case 'connecting':
      return legState;
    case 'connected':
      return 'viewing';
    case 'over':
      return facts.answered ? phaseOfWork(facts) : 'missed';
    default:
      return unreachable(legState);
  }
}

function phaseOfWork(facts: PhaseFacts): CommunicationPhase {
  const work = afterCallWorkOf(facts);
  switch (work) {
    case 'due':
      return 'wrapUp';
    case 'done':
    case 'skipped':
      return 'wrappedUp';
    case 'none':
      return 'idle';
    default:
      return unreachable(work);
  }
}
