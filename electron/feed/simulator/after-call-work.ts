import { ActRefused } from './acts.ts';
import { finishAfterCallWork, writeWrapup } from './acw.ts';
import { queueById, TIMEOUT_CODE } from './directory.ts';
import { close, closeAfterWork, requireConnected } from './conversations.ts';
import type { WrapupInput } from './wire-types.ts';
import {
  agentOf,
  remember,
  type AppliedWrapup,
  type Party,
  type SimConversation,
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
