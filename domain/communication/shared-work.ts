import type { Communication } from './communication.ts';

/** After-call work is one for all legs of a participant, unless the organisation keeps it for each communication. */

type Leveled = Pick<Communication, 'screenshare' | 'startAcwTime'>;

/**
 * Only an organisation with communication-based after-call work keeps it without participant times. Open or closed:
 * a code that comes after the end belongs where the work was.
 */
export function workLevelOf({ screenshare, startAcwTime }: Leveled): 'participant' | 'communication' {
  const state = screenshare.afterCallWork?.state;
  const isOwn = state === 'pending' || state === 'complete' || state === 'skipped';
  return isOwn && startAcwTime === undefined ? 'communication' : 'participant';
}

/** What is decided about one is decided about the other. */
export function isSameWork(one: Communication, other: Communication): boolean {
  if (one.key === other.key) return true;
  return (
    one.conversationId === other.conversationId &&
    one.participantId === other.participantId &&
    workLevelOf(one) === 'participant' &&
    workLevelOf(other) === 'participant'
  );
}

/** What the keys of all communications of its participant begin with. */
export function participantPrefix(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}
