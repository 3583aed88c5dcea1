import type { WrapupInput } from './wire-types.ts';
import type { Party, SimConversation, SimWrapup } from './world.ts';

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
