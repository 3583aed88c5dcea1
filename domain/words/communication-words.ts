import { roleOf, type Communication } from '../communication/communication.ts';
import {
  afterCallWorkOf,
  legStateOf,
  isSharing,
  type CommunicationPhase,
  type PhaseFacts,
} from '../communication/phase.ts';
import {
  afterCallWorkStates,
  communicationStates,
  disconnectTypes,
  isKnown,
  wrapupPolicies,
  type KnownAfterCallWorkState,
  type KnownCommunicationState,
  outboundPrefix,
  systemCodeOf,
} from '../model/values.ts';
import { isCodeId } from '../model/code-names.ts';
import { unreachable } from '../toolbox/result.ts';
import { plainLine } from './plain-line.ts';
import { joinClauses, say } from './say.ts';

/**
 * What is so about a communication, clause by clause: the one source of these words for the card, the tray,
 * review and the table of all cells. A value of a newer server is shown as sent.
 */

/** The word for each phase, as on the card. */
export function phaseTitle(phase: CommunicationPhase): string {
  return say(phase === 'connecting' ? 'status.dialing' : `status.${phase}`);
}

/** The state alone, in words. */
export function stateWords(state: string): string {
  return isKnown(communicationStates, state) ? say(`state.${state}`) : say('status.unknownState', { state });
}

/** How something that was answered ended. */
export function endedWords(type: string | null): string {
  if (type === null) return say('ended.none');
  return isKnown(disconnectTypes, type) ? say(`ended.${type}`) : say('ended.asSent', { type });
}

/** Why something was never answered. */
export function missedWords(type: string | null): string {
  if (type === null) return say('missed.none');
  return isKnown(disconnectTypes, type) ? say(`missed.${type}`) : say('missed.asSent', { type });
}

/** States in which nothing has ended yet; beside an end they are a contradiction. */
const isLive: Readonly<Record<KnownCommunicationState, boolean>> = {
  alerting: true,
  dialing: true,
  contacting: true,
  offering: true,
  connected: true,
  disconnected: false,
  terminated: false,
  none: false,
};

/** The state that is stated beside an end although it is none; what ended out of sight has ended. */
function liveStateThoughEnded({ screenshare: { state }, gone }: PhaseFacts): string | null {
  return !gone && isKnown(communicationStates, state) && isLive[state] ? state : null;
}

export const saysLiveThoughEnded = (facts: PhaseFacts): boolean => liveStateThoughEnded(facts) !== null;

/** How it ended, or why it was missed; a snapshot that contradicts itself is quoted. */
export function endingWords(facts: PhaseFacts): string {
  const { screenshare, answered, gone } = facts;
  const type = screenshare.disconnectType ?? null;
  const ending = gone ? say('ended.gone') : answered ? endedWords(type) : missedWords(type);
  const state = liveStateThoughEnded(facts);
  return state === null ? ending : say('odd.stateThoughEnded', { state: stateWords(state), ending });
}

/** What goes on while it is not over. */
export function liveWords(facts: PhaseFacts): string {
  const { state } = facts.screenshare;
  // The title says it.
  if (isSharing(facts)) return '';
  if (legStateOf(facts) === 'connected') return say('live.connected');
  if (!isKnown(communicationStates, state)) return say('live.none');
  return state === 'disconnected' || state === 'terminated' ? stateWords(state) : say(`live.${state}`);
}

/** Where after-call work stands, once it may have begun; empty when nothing is said about it. */
export function workWords(facts: PhaseFacts): string {
  const stated = facts.screenshare.afterCallWork?.state;
  const work = afterCallWorkOf(facts);
  switch (work) {
    case 'due':
      return dueWords(facts.policy);
    case 'done':
      return say('work.done');
    case 'skipped':
      return say('work.skipped');
    case 'none':
      if (stated === 'notApplicable') return say('work.notApplicable');
      if (facts.policy === 'agentRequested') return say('work.notRequested');
      return stated === 'unknown' ? say('work.notSaid') : '';
    default:
      return unreachable(work);
  }
}

function dueWords(policy: string | undefined): string {
  if (policy === undefined) return say('work.due');
  return isKnown(wrapupPolicies, policy) ? say(`work.due.${policy}`) : say('work.due.asSent', { policy });
}

/** After-call work before there can be any: the word for it, null where it is none. */
const earlyWork: Readonly<Record<KnownAfterCallWorkState, 'open' | 'done' | 'skipped' | null>> = {
  pending: 'open',
  complete: 'done',
  skipped: 'skipped',
  unknown: null,
  notApplicable: null,
};

/** What does not fit, and what this version does not know, as sent. */
export function oddWords(facts: PhaseFacts): string[] {
  const { screenshare, answered, gone } = facts;
  const { state, sharing } = screenshare;
  const work = screenshare.afterCallWork?.state ?? null;
  const over = legStateOf(facts) === 'over';
  const odd: string[] = [];

  if (typeof state === 'string' && !isKnown(communicationStates, state)) odd.push(stateWords(state));
  else if (typeof state === 'string' && isSharing(facts) && state !== 'connected') {
    odd.push(say('odd.sharingThough', { state: stateWords(state) }));
  }
  if (over && sharing === true) odd.push(say(answered ? 'odd.sharedToTheEnd' : 'odd.sharedUnanswered'));

  if (work !== null && !isKnown(afterCallWorkStates, work)) odd.push(say('work.asSent', { state: work }));
  else if (work !== null && !gone && (!over || !answered)) {
    const early = earlyWork[work];
    if (early !== null) odd.push(say(over ? 'odd.workUnanswered' : 'odd.workEarly', { work: early }));
  }
  return odd;
}

/** A wrap-up code in words: its name, else what is known of it. What the system assigns is explained. */
export function codeWords(name: string | null | undefined, code: string | null | undefined): string {
  return systemWords(code) ?? systemWords(name) ?? nameOrCode(name, code);
}

function nameOrCode(name: string | null | undefined, code: string | null | undefined): string {
  if (name && !isCodeId(name)) return name;
  const id = code ?? name ?? null;
  if (id === null) return say('conflict.noCode');
  return isCodeId(id) ? say('code.unknown', { id }) : id;
}

/** Null for a code that somebody chose. */
function systemWords(code: string | null | undefined): string | null {
  const system = systemCodeOf(code);
  if (system === null || !code) return null;
  if (system === 'outbound') return say('code.outbound', { what: outboundWords(code) });
  return say(`code.${system}`, { code });
}

/** `ININ-OUTBOUND-NO-ANSWER` → `no answer`. */
function outboundWords(code: string): string {
  return code.trim().slice(outboundPrefix.length).replaceAll(/[-_]+/g, ' ').toLowerCase();
}

/** Nobody chose it: after-call work ran out without a code. */
export function isTimeoutCode(code: string | null | undefined): boolean {
  return systemCodeOf(code) === 'timedOut';
}

/** Names longer than this are no names: more of one is shown nowhere but in the record itself. In characters. */
const longestName = 200;

/** Cut for a list or a title. What is sent is kept whole elsewhere. */
export function shortened(words: string, most = longestName): string {
  const plain = plainLine(words.slice(0, 2 * most));
  if (plain.length <= most && words.length <= 2 * most) return plain;
  // Never half of a character that takes two.
  return `${plain.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** `Ana L. · Billing`: who and where, as far as the server names them. */
export function subjectWords(communication: Communication): string {
  const who = joinClauses([communication.peerName ?? '', communication.queueName ?? '']);
  return who === '' ? say('prompt.subjectUnknown') : who;
}

/** What the agent did in it: shared, only looked on, or did not answer (yet). */
export function partWords(communication: Communication): string {
  if (communication.answered)
    return say(roleOf(communication) === 'sharing' ? 'review.plain.shared' : 'review.plain.viewed');
  return say(legStateOf(communication) === 'over' ? 'review.plain.missed' : 'review.plain.ringing');
}
