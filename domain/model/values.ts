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
  'endpoint.dnd',
  'client',
  'system',
  'timeout',
  'transfer',
  'transfer.conference',
  'transfer.consult',
  'transfer.forward',
  'transfer.noanswer',
  'transfer.notavailable',
  'transfer.dnd',
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

/**
 * Codes the system assigns: nobody chose them.
 * - `timedOut`: after-call work ran out without one
 * - `skipped`: it was skipped
 * - `default`: what an optional wrap-up carries where nothing was chosen
 * - `deleted`: the wrap-up was deleted
 * - `outbound`: the outbound dialler closed it
 * - `other`: one this version does not know
 */
export type SystemCode = 'timedOut' | 'skipped' | 'default' | 'deleted' | 'outbound' | 'other';

const systemPrefix = 'ININ-';
export const outboundPrefix = `${systemPrefix}OUTBOUND-`;
export const timeoutWrapupCode = `${systemPrefix}WRAP-UP-TIMEOUT`;
const skippedWrapupCode = `${systemPrefix}WRAP-UP-SKIPPED`;
const deletedWrapupCode = `${systemPrefix}WRAP-UP-DELETED`;
/** It has an id like any other; events may give its name instead. */
const defaultWrapupCode = '7fb334b0-0e9e-11e4-9191-0800200c9a66';
const defaultWrapupName = 'DEFAULT WRAP-UP CODE';

const systemCodes: ReadonlyMap<string, SystemCode> = new Map([
  [timeoutWrapupCode, 'timedOut'],
  [skippedWrapupCode, 'skipped'],
  [deletedWrapupCode, 'deleted'],
  [defaultWrapupCode.toUpperCase(), 'default'],
  [defaultWrapupName, 'default'],
]);

/** Which of them a code is; null for one that somebody chose. */
export function systemCodeOf(code: string | null | undefined): SystemCode | null {
  const word = (code ?? '').trim().toUpperCase();
  if (word.startsWith(outboundPrefix)) return 'outbound';
  return systemCodes.get(word) ?? (word.startsWith(systemPrefix) ? 'other' : null);
}

export function isKnown<Known extends string>(known: readonly Known[], value: unknown): value is Known {
  return (known as readonly unknown[]).includes(value);
}

/** Something with named fields: neither nothing nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
