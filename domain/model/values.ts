/**
 * The vocabularies of the Genesys Cloud models, as known today. What a newer server sends besides is kept and shown
 * as sent.
 */

export const communicationStates = [
  'alerting',
  'dialing',
  'contacting',
  'offering',
  'connected',
  'disconnected',
  'terminated',
  'none',
] as const;
export type KnownCommunicationState = (typeof communicationStates)[number];

export const disconnectTypes = [
  'endpoint',
  'client',
  'system',
  'timeout',
  'transfer',
  'transfer.conference',
  'transfer.consult',
  'transfer.forward',
  'transfer.noanswer',
  'transfer.notavailable',
  'transport.failure',
  'error',
  'peer',
  'other',
  'spam',
  'uncallable',
] as const;
export type KnownDisconnectType = (typeof disconnectTypes)[number];

export const afterCallWorkStates = ['unknown', 'notApplicable', 'skipped', 'pending', 'complete'] as const;
export type KnownAfterCallWorkState = (typeof afterCallWorkStates)[number];

/** `participant.wrapupPrompt`: the queue's after-call-work policy. */
export const wrapupPolicies = [
  'optional',
  'mandatory',
  'timeout',
  'forcedTimeout',
  'agentRequested',
] as const;
export type KnownWrapupPolicy = (typeof wrapupPolicies)[number];

/** The code the server assigns when after-call work ran out without one. */
export const timeoutWrapupCode = 'ININ-WRAP-UP-TIMEOUT';
/** And the one for after-call work that was skipped. */
export const skippedWrapupCode = 'ININ-WRAP-UP-SKIPPED';

export function isKnown<Known extends string>(known: readonly Known[], value: unknown): value is Known {
  return (known as readonly unknown[]).includes(value);
}

/** Something with named fields: neither nothing nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
