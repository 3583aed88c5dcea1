import { unreachable } from '../exhaustive.ts';
import type { Communication } from '../fold/communication.ts';
import { disconnectTypes, isKnown } from '../model/values.ts';
import { say } from './say.ts';

/** How a communication ended, in words; a type we do not know is shown as sent. */
export function endedWords(communication: Communication): string {
  if (communication.gone) return say('ended.gone');
  const type = communication.screenshare.disconnectType ?? null;
  if (type === null) return say('ended.none');
  return isKnown(disconnectTypes, type) ? say(`ended.${type}`) : say('ended.asSent', { type });
}

/** Why an alert was missed, in words. */
export function missedWords(communication: Communication): string {
  const type = communication.screenshare.disconnectType ?? null;
  if (!isKnown(disconnectTypes, type)) return say('missed.other', { reason: endedWords(communication) });
  switch (type) {
    case 'system':
    case 'timeout':
    case 'transfer.noanswer':
      return say('missed.timeout');
    case 'client':
    case 'endpoint':
      return say('missed.client');
    case 'peer':
      return say('missed.peer');
    case 'transfer':
    case 'transfer.conference':
    case 'transfer.consult':
    case 'transfer.forward':
    case 'transfer.notavailable':
    case 'transport.failure':
    case 'error':
    case 'other':
    case 'spam':
    case 'uncallable':
      return say('missed.other', { reason: endedWords(communication) });
    default:
      return unreachable(type);
  }
}

/** `Ana L. · Billing`: who and where, as far as the server names them. */
export function subjectWords(communication: Communication): string {
  const parts = [communication.peerName, communication.queueName].filter(
    (part) => part !== undefined && part !== '',
  );
  return parts.length > 0 ? parts.join(' · ') : say('prompt.subjectUnknown');
}
