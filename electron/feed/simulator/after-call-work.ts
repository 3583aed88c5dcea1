import { ActRefused } from './acts.ts';
import { close, customerOf, disconnect, enter, requireConnected } from './conversations.ts';
import { codesOf, TIMEOUT_CODE } from './directory.ts';
import type { DisconnectType, WrapupInput } from './wire-types.ts';
import {
  agentOf,
  planAfter,
  remember,
  type AppliedWrapup,
  type Moment,
  type Party,
  type SimConversation,
  type SimWrapup,
} from './world.ts';

/**
 * The rules of after-call work. The communication always carries its own wrap-up and after-call work; the
 * participant mirrors them unless the organisation works per communication.
 */

/** The agent's part ends, alerting or connected. @throws ActRefused when it has ended already */
export function end(moment: Moment, type: DisconnectType): void {
  const { conversation } = moment;
  const agent = agentOf(conversation);
  if (conversation.phase === 'alerting') {
    disconnect(moment, agent, type);
    agent.leg.afterCallWork.state = 'notApplicable';
    close(moment);
    return;
  }
  requireConnected(conversation);
  disconnect(moment, agent, type);
  disconnect(moment, customerOf(conversation), type === 'peer' ? 'client' : 'peer');
  if (!beginAfterCallWork(moment)) {
    close(moment);
    return;
  }
  enter(moment, 'wrapUp');
  if (conversation.timeoutMs !== null) planAfter(moment, conversation.timeoutMs, { do: 'endAcw' });
}

/**
 * Whether this wrap-up may be taken.
 * @throws ActRefused: never connected, no after-call work by policy, code missing or not the queue's
 */
export function checkWrapup(conversation: SimConversation, agent: Party, input: WrapupInput): void {
  requireWrapupPossible(conversation, agent);
  if (input.code === undefined || input.code === '') {
    if (conversation.policy === 'optional' || input.provisional === true) return;
    throw new ActRefused(
      'A wrap-up code is required.',
      'conversation.error.wrapup.code.required',
      'wrapup.code',
    );
  }
  if (!codesOf(conversation.queueId, conversation.codesAtLeast).some(({ id }) => id === input.code)) {
    throw new ActRefused(
      `The wrap-up code ${input.code} is not valid for this queue.`,
      'invalid.value',
      'wrapup.code',
    );
  }
}

/** @throws ActRefused where the policy wants a code */
export function checkSkip(conversation: SimConversation, agent: Party): void {
  requireWrapupPossible(conversation, agent);
  if (['mandatory', 'timeout', 'forcedTimeout'].includes(conversation.policy)) {
    throw new ActRefused(
      'Wrap-up is mandatory and cannot be skipped.',
      'conversation.error.wrapup.code.required',
      'wrapupSkipped',
    );
  }
}

/**
 * Asks for after-call work, or takes the request back.
 * @throws ActRefused unless connected, in a queue that is set to Agent Requested
 */
export function requestAfterCallWork(conversation: SimConversation, required: boolean): void {
  requireConnected(conversation);
  if (conversation.policy !== 'agentRequested') {
    throw new ActRefused('After-call work can be requested only where the queue is set to Agent Requested.');
  }
  agentOf(conversation).leg.afterCallWorkRequired = required;
}

interface Taken {
  by: AppliedWrapup['by'];
  /** Which endpoint it came through. */
  scope: 'participant' | 'communication';
  input: WrapupInput;
}

/** Takes a wrap-up that was checked. Ends after-call work, unless its time is forced or it is provisional. */
export function submitWrapup(moment: Moment, agent: Party, taken: Taken): void {
  writeWrapup(moment, agent, taken);
  if (taken.input.provisional === true) return;
  record(moment, agent, taken);
  const isForced = moment.conversation.policy === 'forcedTimeout';
  if (isWrappingUp(moment, agent) && !isForced) closeAfterWork(moment, false);
}

/** Takes a skip that was checked; while still connected it is remembered for the end. */
export function skipWrapup(moment: Moment, agent: Party): void {
  if (moment.conversation.phase === 'over' || agent.wrapupSkipped) return;
  agent.wrapupSkipped = true;
  agent.wrapup = null;
  agent.leg.wrapup = null;
  record(moment, agent, { by: 'client', scope: 'participant', input: {} }, true);
  if (isWrappingUp(moment, agent)) closeAfterWork(moment, true);
}

/**
 * The time for after-call work is up. A code that was chosen but not saved is kept; without one the system
 * writes its own. @throws ActRefused when no after-call work is pending
 */
export function timeUp(moment: Moment): void {
  const { conversation } = moment;
  if (conversation.phase !== 'wrapUp') throw new ActRefused('No after-call work is pending');
  const agent = agentOf(conversation);
  const chosen = agent.leg.wrapup;
  if (chosen?.code) {
    const { code, notes, tags } = chosen;
    const input = { code, notes, tags };
    if (chosen.provisional) record(moment, agent, { by: 'system', scope: 'participant', input });
  } else if (conversation.policy !== 'optional') {
    writeSystemCode(moment, agent);
  }
  closeAfterWork(moment, false);
}

/** The system ends it, with a code nobody chose. @throws ActRefused when no after-call work is pending */
export function closeBySystem(moment: Moment, code: string): void {
  if (moment.conversation.phase !== 'wrapUp') throw new ActRefused('No after-call work is pending');
  writeSystemCode(moment, agentOf(moment.conversation), code);
  closeAfterWork(moment, false);
}

/** The administrator's last resort: everything ends at once, and what is pending gets the system's code. */
export function tearDown(moment: Moment): void {
  const { conversation } = moment;
  if (conversation.phase === 'wrapUp') {
    const agent = agentOf(conversation);
    if (!agent.leg.wrapup?.code) writeSystemCode(moment, agent);
    finishAfterCallWork(moment, false);
  }
  if (conversation.phase !== 'over') close(moment);
}

function writeSystemCode(moment: Moment, agent: Party, code = TIMEOUT_CODE): void {
  const input = { code, notes: agent.leg.wrapup?.notes ?? '' };
  const taken: Taken = { by: 'system', scope: 'participant', input };
  writeWrapup(moment, agent, taken);
  record(moment, agent, taken);
}

/** @throws ActRefused: never connected, no after-call work by policy */
export function requireWrapupPossible(conversation: SimConversation, agent: Party): void {
  if (agent.leg.connectedTime === null) {
    throw new ActRefused(
      'The participant has no communication that was connected.',
      'conversation.error.participant.no.active.conversations',
    );
  }
  const isOver = agent.endTime !== null && agent.leg.afterCallWork.state === 'notApplicable';
  if (conversation.policy === 'agentRequested' && isOver) {
    throw new ActRefused('After-call work was not requested for this communication.');
  }
}

function isWrappingUp({ conversation }: Moment, agent: Party): boolean {
  return conversation.phase === 'wrapUp' && agent === agentOf(conversation);
}

function record({ world, conversation, now }: Moment, agent: Party, taken: Taken, skipped = false): void {
  remember(world.wrapups, {
    at: new Date(now).toISOString(),
    conversationId: conversation.id,
    participantId: agent.id,
    communicationId: taken.scope === 'communication' ? agent.leg.id : null,
    by: taken.by,
    skipped,
    wrapup: taken.input,
  });
}

/** At the end of the interaction, where the policy wants it. Returns whether it is pending. */
function beginAfterCallWork(moment: Moment): boolean {
  const { conversation, now } = moment;
  const agent = agentOf(conversation);
  if (conversation.policy === 'agentRequested' && agent.leg.afterCallWorkRequired !== true) {
    // What was chosen meanwhile is kept only if after-call work was requested.
    agent.wrapup = null;
    agent.leg.wrapup = null;
    agent.leg.afterCallWork = { state: 'notApplicable', startTime: null, endTime: null };
    return false;
  }
  agent.leg.afterCallWork = { state: 'pending', startTime: now, endTime: null };
  if (!conversation.communicationBasedAcw) agent.startAcwTime = now;
  const isDone = agent.wrapupSkipped || agent.leg.wrapup?.provisional === false;
  if (!isDone || conversation.policy === 'forcedTimeout') return true;
  finishAfterCallWork(moment, agent.wrapupSkipped);
  return false;
}

function finishAfterCallWork(moment: Moment, skipped: boolean): void {
  const { world, conversation, now } = moment;
  const agent = agentOf(conversation);
  const { skipCode } = world.settings;
  // Captures of real traffic show a code of the system, and no word of a skip.
  const isMarked = skipped && skipCode === null;
  if (skipped && skipCode !== null)
    writeWrapup(moment, agent, { by: 'system', scope: 'participant', input: { code: skipCode } });
  const startTime = agent.leg.afterCallWork.startTime ?? now;
  agent.leg.state = 'terminated';
  agent.leg.afterCallWork = { state: isMarked ? 'skipped' : 'complete', startTime, endTime: now };
  if (!conversation.communicationBasedAcw) agent.endAcwTime = now;
  for (const wrapup of [agent.leg.wrapup, agent.wrapup]) {
    if (!wrapup) continue;
    wrapup.provisional = false;
    wrapup.durationSeconds = Math.round((now - startTime) / 1000);
    wrapup.endTime = now;
  }
}

/** Writes a wrap-up without ending anything. */
function writeWrapup({ conversation, now }: Moment, agent: Party, { scope, input }: Taken): void {
  const before = agent.leg.wrapup;
  const keepEnd = input.disableEndTimeUpdates === true || before?.endTime === null;
  const wrapup: SimWrapup = {
    code: input.code ?? null,
    notes: input.notes ?? '',
    tags: input.tags ?? [],
    durationSeconds: before?.durationSeconds ?? null,
    endTime: before ? (keepEnd ? before.endTime : now) : null,
    provisional: input.provisional ?? false,
  };
  agent.leg.wrapup = wrapup;
  if (scope === 'participant' || !conversation.communicationBasedAcw) agent.wrapup = { ...wrapup };
}

/** After-call work is over, by whatever way. */
function closeAfterWork(moment: Moment, skipped: boolean): void {
  finishAfterCallWork(moment, skipped);
  close(moment);
}
