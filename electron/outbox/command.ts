import type { Decision } from '../../domain/decisions.ts';
import type { Command } from '../../domain/feed.ts';
import type { Communication } from '../../domain/fold/communication.ts';

function levelOf(communication: Communication | undefined): 'participant' | 'communication' {
  // Only an organisation with communication-based after-call work keeps it without participant times.
  const own = communication?.screenshare.afterCallWork?.state === 'pending';
  return own && communication.startAcwTime === undefined ? 'communication' : 'participant';
}

/** What a decision asks of the server, as its communication stands now. */
export function commandOf(decision: Decision, communication: Communication | undefined): Command {
  if (decision.kind === 'skip') return { kind: 'skip' };
  return {
    kind: 'wrapUp',
    level: levelOf(communication),
    code: decision.code ?? '',
    notes: decision.notes,
  };
}
