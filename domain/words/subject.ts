import type { Communication } from '../communication/communication.ts';
import { say } from './say.ts';

/** `Ana L. · Billing`: who and where, as far as the server names them. */
export function subjectWords(communication: Communication): string {
  const parts = [communication.peerName, communication.queueName].filter(
    (part) => part !== undefined && part !== '',
  );
  return parts.length > 0 ? parts.join(' · ') : say('prompt.subjectUnknown');
}
