import type { Submission } from '../../domain/submissions.ts';
import type { Command } from '../../domain/feed.ts';
import type { Communication } from '../../domain/communication/communication.ts';

/** Only an organisation with communication-based after-call work keeps it without participant times. */
function levelOf(communication: Communication | undefined): 'participant' | 'communication' {
  const state = communication?.screenshare.afterCallWork?.state;
  // Open or closed: a code that comes after the end belongs where the work was.
  const isKept = state === 'pending' || state === 'complete' || state === 'skipped';
  return isKept && communication?.startAcwTime === undefined ? 'communication' : 'participant';
}

/** What a submission asks of the server, as its communication stands now. */
export function commandOf(submission: Submission, communication: Communication | undefined): Command {
  if (submission.kind === 'skip') return { kind: 'skip' };
  return {
    kind: 'wrapUp',
    level: levelOf(communication),
    code: submission.code ?? '',
    notes: submission.notes,
  };
}
