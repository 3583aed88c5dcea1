import { ActRefused } from './acts.ts';
import { close, customerOf, disconnect, enter, requireConnected } from './conversations.ts';
import { queueById, TIMEOUT_CODE } from './directory.ts';
import type { DisconnectType, WrapupInput } from './wire-types.ts';
import {
  agentOf,
  plan,
  remember,
  type AppliedWrapup,
  type Party,
  type SimConversation,
  type SimWrapup,
  type World,
} from './world.ts';

export type Scope = 'participant' | 'communication';

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
  if (!queueById(conversation.queueId)?.codes.some(({ id }) => id === input.code)) {
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
  if (
    conversation.policy === 'mandatory' ||
    conversation.policy === 'timeout' ||
    conversation.policy === 'forcedTimeout'
  ) {
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

/** Takes a wrap-up that was checked. Ends after-call work, unless its time is forced or it is provisional. */
export function submitWrapup(
  world: World,
  conversation: SimConversation,
  agent: Party,
  scope: Scope,
  input: WrapupInput,
  by: AppliedWrapup['by'],
  now: number,
): void {
  writeWrapup(conversation, agent, scope, input, now);
  if (input.provisional === true) return;
  record(world, conversation, agent, { by, scope, skipped: false, input }, now);
  if (isWrappingUp(conversation, agent) && conversation.policy !== 'forcedTimeout') {
    closeAfterWork(world, conversation, false, now);
  }
}

/** Takes a skip that was checked; while still connected it is remembered for the end. */
export function skipWrapup(
  world: World,
  conversation: SimConversation,
  agent: Party,
  by: AppliedWrapup['by'],
  now: number,
): void {
  if (conversation.phase === 'over' || agent.wrapupSkipped) return;
  agent.wrapupSkipped = true;
  agent.wrapup = null;
  agent.leg.wrapup = null;
  record(world, conversation, agent, { by, scope: 'participant', skipped: true, input: {} }, now);
  if (isWrappingUp(conversation, agent)) closeAfterWork(world, conversation, true, now);
}

/**
 * The time for after-call work is up. A code that was chosen but not saved is kept; without one the system
 * writes its own. @throws ActRefused when no after-call work is pending
 */
export function timeUp(world: World, conversation: SimConversation, now: number): void {
  if (conversation.phase !== 'wrapUp') throw new ActRefused('No after-call work is pending');
  const agent = agentOf(conversation);
  const chosen = agent.leg.wrapup;
  if (chosen?.code) {
    if (chosen.provisional) {
      const input = { code: chosen.code, notes: chosen.notes, tags: chosen.tags };
      record(world, conversation, agent, { by: 'system', scope: 'participant', skipped: false, input }, now);
    }
  } else if (conversation.policy !== 'optional') {
    writeSystemCode(world, conversation, agent, now);
  }
  closeAfterWork(world, conversation, false, now);
}

/** The administrator's last resort: everything ends at once, and what is pending gets the system's code. */
export function tearDown(world: World, conversation: SimConversation, now: number): void {
  const agent = agentOf(conversation);
  if (conversation.phase === 'wrapUp') {
    if (!agent.leg.wrapup?.code) writeSystemCode(world, conversation, agent, now);
    finishAfterCallWork(conversation, agent, false, now);
  }
  if (conversation.phase !== 'over') close(world, conversation, now);
}

function writeSystemCode(world: World, conversation: SimConversation, agent: Party, now: number): void {
  const input = { code: TIMEOUT_CODE, notes: agent.leg.wrapup?.notes ?? '' };
  writeWrapup(conversation, agent, 'participant', input, now);
  record(world, conversation, agent, { by: 'system', scope: 'participant', skipped: false, input }, now);
}

function requireWrapupPossible(conversation: SimConversation, agent: Party): void {
  if (agent.leg.connectedTime === null) {
    throw new ActRefused(
      'The participant has no communication that was connected.',
      'conversation.error.participant.no.active.conversations',
    );
  }
  const ended = agent.endTime !== null;
  if (
    conversation.policy === 'agentRequested' &&
    ended &&
    agent.leg.afterCallWork.state === 'notApplicable'
  ) {
    throw new ActRefused('After-call work was not requested for this communication.');
  }
}

function isWrappingUp(conversation: SimConversation, agent: Party): boolean {
  return conversation.phase === 'wrapUp' && agent === agentOf(conversation);
}

interface Taken {
  by: AppliedWrapup['by'];
  scope: Scope;
  skipped: boolean;
  input: WrapupInput;
}

function record(world: World, conversation: SimConversation, agent: Party, taken: Taken, now: number): void {
  remember(world.wrapups, {
    at: new Date(now).toISOString(),
    conversationId: conversation.id,
    participantId: agent.id,
    communicationId: taken.scope === 'communication' ? agent.leg.id : null,
    by: taken.by,
    skipped: taken.skipped,
    wrapup: taken.input,
  });
}

/**
 * After-call work of one participant. The communication always carries its own wrap-up and after-call work;
 * the participant mirrors them unless the organisation works per communication.
 */

/** The interaction has ended: begins after-call work where the policy wants it, and says whether it is pending. */
export function afterCallWorkAtEnd(conversation: SimConversation, agent: Party, now: number): boolean {
  if (conversation.policy === 'agentRequested' && agent.leg.afterCallWorkRequired !== true) {
    // What was chosen meanwhile is kept only if after-call work was requested.
    agent.wrapup = null;
    agent.leg.wrapup = null;
    agent.leg.afterCallWork = { state: 'notApplicable', startTime: null, endTime: null };
    return false;
  }
  agent.leg.afterCallWork = { state: 'pending', startTime: now, endTime: null };
  if (!conversation.communicationBasedAcw) agent.startAcwTime = now;
  const settled = agent.wrapupSkipped || agent.leg.wrapup?.provisional === false;
  if (!settled || conversation.policy === 'forcedTimeout') return true;
  finishAfterCallWork(conversation, agent, agent.wrapupSkipped, now);
  return false;
}

export function finishAfterCallWork(
  conversation: SimConversation,
  agent: Party,
  skipped: boolean,
  now: number,
): void {
  const startTime = agent.leg.afterCallWork.startTime ?? now;
  agent.leg.state = 'terminated';
  agent.leg.afterCallWork = { state: skipped ? 'skipped' : 'complete', startTime, endTime: now };
  if (!conversation.communicationBasedAcw) agent.endAcwTime = now;
  for (const wrapup of [agent.leg.wrapup, agent.wrapup]) {
    if (!wrapup) continue;
    wrapup.provisional = false;
    wrapup.durationSeconds = Math.round((now - startTime) / 1000);
    wrapup.endTime = now;
  }
}

/** Writes a wrap-up without ending anything. `scope` says which endpoint it came through. */
export function writeWrapup(
  conversation: SimConversation,
  agent: Party,
  scope: 'participant' | 'communication',
  input: WrapupInput,
  now: number,
): void {
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

/** The agent's part ends, alerting or connected. @throws ActRefused when it has ended already */
export function end(world: World, conversation: SimConversation, type: DisconnectType, now: number): void {
  const agent = agentOf(conversation);
  if (conversation.phase === 'alerting') {
    disconnect(world, agent, type, now);
    agent.leg.afterCallWork.state = 'notApplicable';
    close(world, conversation, now);
    return;
  }
  requireConnected(conversation);
  disconnect(world, agent, type, now);
  const customer = customerOf(conversation);
  disconnect(world, customer, type === 'peer' ? 'client' : 'peer', now);
  if (afterCallWorkAtEnd(conversation, agent, now)) {
    enter(world, conversation, 'wrapUp', now);
    if (conversation.timeoutMs !== null) {
      const timeUp = { do: 'endAcw', conversationId: conversation.id } as const;
      plan(world, now + conversation.timeoutMs, timeUp, conversation.id);
    }
  } else {
    close(world, conversation, now);
  }
}

/** After-call work is over, by whatever way. */
export function closeAfterWork(
  world: World,
  conversation: SimConversation,
  skipped: boolean,
  now: number,
): void {
  finishAfterCallWork(conversation, agentOf(conversation), skipped, now);
  close(world, conversation, now);
}
