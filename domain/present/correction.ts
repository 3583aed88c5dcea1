import type { Communication } from '../communication/communication.ts';
import { fileUntil } from '../communication/moments.ts';
import { afterCallWorkOf, serverWrapup } from '../communication/phase.ts';
import { isOpen } from '../submissions.ts';
import { ok, refused, type Result } from '../toolbox/result.ts';
import { say } from '../words/say.ts';
import { submissionFor, toServer, type Correction, type KnownState } from './known-state.ts';

/** Other people can, in the server's own pages. */
const othersCan = (): Result<never> => refused(say('correct.others'));

function theirsOf(communication: Communication): Correction['theirs'] {
  const { code = null, name = null, notes = null } = serverWrapup(communication) ?? {};
  return { code, name, notes };
}

/**
 * The correction of this wrap-up; refused with who can do it where the server surely takes none from here: too long ago,
 * or no longer known. Where the server itself refuses, that is said when it does. `now`: epoch ms, this machine's clock.
 */
export function correctionOf(model: KnownState, key: string, now: number): Result<Correction> {
  const communication = model.communications[key];
  if (!communication?.answered) return othersCan();
  const work = afterCallWorkOf(communication);
  const until = fileUntil(communication);
  if (until === null || until <= toServer(model, now)) return othersCan();
  const submission = submissionFor(model, key);
  if (submission && (isOpen(submission) || submission.state === 'conflict'))
    return refused(say('correct.underWay'));
  if (work !== 'done' && work !== 'skipped') return refused(say('correct.notOver'));
  return ok({ key, theirs: theirsOf(communication) });
}

/** It is being corrected now. */
export function isCorrecting({ correcting }: KnownState, key: string): boolean {
  return correcting?.key === key;
}
