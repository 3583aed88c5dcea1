import { cloudMs, epoch } from '../clocks/time.ts';
import type { Screenshare, Wrapup } from '../model/screenshare.ts';
import { afterCallWorkStates, communicationStates, isKnown, wrapupPolicies } from '../model/values.ts';
import type { Communication } from './communication.ts';
import { acwBeginningOf } from './moments.ts';
import { unreachable } from '../toolbox/result.ts';

/** What stage a communication is at. Pure readings of facts; no clock, no guesses. */

/** The part of a communication that decides its stage. */
export type PhaseFacts = Pick<
  Communication,
  | 'screenshare'
  | 'answered'
  | 'gone'
  | 'policy'
  | 'wrapupRequired'
  | 'wrapupSkipped'
  | 'participantWrapup'
  | 'participantLive'
  | 'startAcwTime'
  | 'endAcwTime'
>;

/** A communication is over when any of its fields says so; a snapshot may contradict itself. */
export function isOver(screenshare: Screenshare): boolean {
  return (
    screenshare.state === 'disconnected' ||
    screenshare.state === 'terminated' ||
    (screenshare.disconnectType ?? null) !== null ||
    (screenshare.disconnectedTime ?? null) !== null
  );
}

export type Connection = 'alerting' | 'connecting' | 'connected' | 'over';

export function connectionOf(communication: PhaseFacts): Connection {
  if (communication.gone || isOver(communication.screenshare)) return 'over';
  const { state } = communication.screenshare;
  // An absent state, or a newer server's word: only explicit facts make it more than on its way.
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
  return communication.screenshare.sharing === true && connectionOf(communication) !== 'over';
}

/** The wrap-up the server has, at whichever level it keeps it. */
export function serverWrapup(communication: PhaseFacts): Wrapup | undefined {
  const own = communication.screenshare.wrapup;
  if (own?.code) return own;
  return communication.participantWrapup?.code ? communication.participantWrapup : undefined;
}

export type AfterCallWorkProgress = 'none' | 'due' | 'done' | 'skipped';

/** What the communication level says for sure; `null` when it leaves it to the participant level. */
function toldByCommunication(state: string | null | undefined): AfterCallWorkProgress | null {
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
 * Where after-call work stands by the server's word. Communication level (`afterCallWork.state`) is more
 * exact than participant level (`startAcwTime`, `endAcwTime`) and wins where it says something.
 */
export function afterCallWorkOf(communication: PhaseFacts): AfterCallWorkProgress {
  const { screenshare } = communication;
  if (communication.gone || connectionOf(communication) !== 'over' || !communication.answered) return 'none';
  if (communication.wrapupSkipped === true) return 'skipped';
  const told = toldByCommunication(screenshare.afterCallWork?.state);
  // Not applicable to a communication that went on; the participant's own work may have begun since.
  if (told !== null && (told !== 'none' || communication.startAcwTime === undefined)) return told;
  if ((communication.endAcwTime ?? null) !== null) return 'done';
  const wrapup = serverWrapup(communication);
  const saved = wrapup?.provisional === true ? undefined : wrapup;
  if ((saved?.endTime ?? null) !== null) return 'done';
  if (communication.policy === 'agentRequested' && screenshare.afterCallWorkRequired !== true) return 'none';
  if (communication.wrapupRequired === false && communication.startAcwTime === undefined) return 'none';
  if (saved && communication.startAcwTime === undefined) return 'done';
  const asked =
    communication.wrapupRequired === true ||
    communication.startAcwTime !== undefined ||
    communication.policy !== undefined;
  const hasBegun = communication.startAcwTime !== undefined || communication.participantLive !== true;
  return asked && hasBegun ? 'due' : 'none';
}

/** Nothing more can come of it by the server's word: over, and no after-call work is open. */
export function isSettled(communication: Communication): boolean {
  return connectionOf(communication) === 'over' && afterCallWorkOf(communication) !== 'due';
}

/** A code must be chosen before it can be finished. */
export function codeRequired(communication: Communication): boolean {
  return communication.policy !== 'optional';
}

/** Whether the policy sets a limit at all; a newer server's policy is taken at its word (its limit). */
function isTimed(policy: string | undefined): boolean {
  if (!isKnown(wrapupPolicies, policy)) return true;
  switch (policy) {
    case 'timeout':
    case 'forcedTimeout':
    case 'agentRequested':
      return true;
    case 'optional':
    case 'mandatory':
      return false;
    default:
      return unreachable(policy);
  }
}

/** When a timed after-call work ends, in epoch ms of the server's clock; null when it has no limit. */
export function acwDeadline(communication: Communication): number | null {
  const limit = communication.wrapupTimeoutMs;
  const start = acwStart(communication);
  return isTimed(communication.policy) && limit !== undefined && limit > 0 && start !== null
    ? start + limit
    : null;
}

/** When after-call work began, in epoch ms of the server's clock. */
export function acwStart(communication: Communication): number | null {
  const beginning = acwBeginningOf(communication);
  return beginning && cloudMs(beginning, communication.clocks);
}

/** When it must be answered by, in epoch ms of the server's clock. */
export function alertDeadline(communication: Communication): number | null {
  const start = epoch(communication.alertedAt);
  return start === null || communication.alertingTimeoutMs === undefined
    ? null
    : start + communication.alertingTimeoutMs;
}
