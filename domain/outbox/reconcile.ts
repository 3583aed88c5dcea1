import { isOpen, type Submission, type Draft } from '../submissions.ts';
import type { Communication } from '../communication/communication.ts';
import { afterCallWorkOf, serverWrapup } from '../communication/phase.ts';
import { timeoutWrapupCode } from '../model/values.ts';
import type { Wrapup } from '../model/screenshare.ts';
import { say } from '../words/say.ts';

type Words = Pick<Draft, 'code' | 'name' | 'notes'>;
type Told = NonNullable<Submission['theirs']>;

/** The topic names the code where REST gives its id; either one is it. */
export function sameCode(a: Pick<Told, 'code' | 'name'>, b: Pick<Told, 'code' | 'name'>): boolean {
  return (
    a.code === b.code || (a.name !== null && a.name === b.code) || (b.name !== null && b.name === a.code)
  );
}

/**
 * What is known comes from
 * - `news`: an event, which may leave out what did not change
 * - `reading`: a full reading, where what is not told is not there
 * - `hearsay`: an event, where no reading is to be had
 */
export type Evidence = 'news' | 'reading' | 'hearsay';

/** Whose words the server has; null while that cannot be told. */
function whose(words: Words, wrapup: Wrapup, by: Evidence): 'ours' | 'theirs' | null {
  const told = theirsOf(wrapup);
  if (!sameCode(words, told)) return 'theirs';
  if (told.notes === null && words.notes !== '') return by === 'reading' ? 'theirs' : null;
  return (told.notes ?? '') === words.notes ? 'ours' : 'theirs';
}

function theirsOf(wrapup: Wrapup): Told {
  return { code: wrapup.code ?? null, name: wrapup.name ?? null, notes: wrapup.notes ?? null };
}

/** The agent saw this very version and chose their own. */
function isOverruled({ theirs }: Submission, told: Told): boolean {
  return theirs !== null && sameCode(theirs, told) && (theirs.notes ?? '') === (told.notes ?? '');
}

/**
 * What the facts say about a submission that is still open: confirmed, in conflict, or nothing yet (the same
 * object). A 202 is not success; only this is.
 */
export function reconcile(
  submission: Submission,
  communication: Communication | undefined,
  by: Evidence = 'news',
): Submission {
  if (!communication || !isOpen(submission)) return submission;
  const wrapup = serverWrapup(communication);
  const work = afterCallWorkOf(communication);
  const confirmed: Submission = { ...submission, state: 'confirmed', problem: null };

  if (submission.kind === 'skip' && (work === 'skipped' || (work === 'done' && !wrapup))) return confirmed;
  if (!wrapup) {
    const skippedElsewhere = work === 'skipped' && submission.theirs === null;
    return skippedElsewhere
      ? conflict(submission, { code: null, name: say('wrappedUp.skipped') })
      : submission;
  }
  if (submission.kind === 'wrapUp') {
    const owner = whose(submission, wrapup, by);
    // Nothing follows from the code alone: another client may have chosen the same, without our notes.
    if (owner === null && by !== 'hearsay') return submission;
    if (owner === 'ours' || (owner === null && submission.mayHaveArrived)) return confirmed;
  }
  // A code on an open after-call work is only an earlier save; ours will replace it.
  const closed = work === 'done' || work === 'skipped' || wrapup.code === timeoutWrapupCode;
  return closed && !isOverruled(submission, theirsOf(wrapup)) ? conflict(submission, wrapup) : submission;
}

/** The server has the code of this submission, and only a reading can say whose notes. */
export function isUnclear(submission: Submission, communication: Communication | undefined): boolean {
  const wrapup = communication && serverWrapup(communication);
  return wrapup !== undefined && submission.kind === 'wrapUp' && whose(submission, wrapup, 'news') === null;
}

/**
 * It was accepted a while ago, and what the server has shows nothing of it: closed without any code, the
 * agent has to know; otherwise it is said again.
 */
export function withoutEffect(submission: Submission, communication: Communication | undefined): Submission {
  const again: Submission = { ...submission, state: 'waiting' };
  if (!communication || submission.kind !== 'wrapUp') return again;
  const isClosed = afterCallWorkOf(communication) === 'done' && !serverWrapup(communication);
  return isClosed && !isOverruled(submission, theirsOf({})) ? conflict(submission, {}) : again;
}

/**
 * The facts show what an earlier submission of the agent brought about. Events arrive late and out of order:
 * until the server was read after a later one was sent, nothing follows from them for that one.
 */
export function isEcho(
  submission: Submission,
  submissions: readonly Submission[],
  communication: Communication | undefined,
): boolean {
  return submissions
    .filter(({ key, order }) => key === submission.key && order < submission.order)
    .map((earlier): Submission => ({ ...earlier, state: 'accepted', mayHaveArrived: true }))
    .some((earlier) => reconcile(earlier, communication, 'hearsay').state === 'confirmed');
}

function conflict(submission: Submission, wrapup: Wrapup): Submission {
  return { ...submission, state: 'conflict', theirs: theirsOf(wrapup), problem: say('status.conflict') };
}

/**
 * What the server closed a wrap-up with while the agent was still writing: the agent sees both and chooses.
 * Null while it is open, when nothing was written or just that, or when an open submission says it already.
 */
export function closedOver(
  draft: Draft,
  communication: Communication,
  submission: Submission | undefined,
): Submission['theirs'] {
  const written = draft.code !== null || draft.notes !== '';
  if (!written || (submission && isOpen(submission))) return null;
  const work = afterCallWorkOf(communication);
  if (work === 'skipped') return { code: null, name: say('wrappedUp.skipped'), notes: null };
  const wrapup = serverWrapup(communication) ?? {};
  return work === 'done' && whose(draft, wrapup, 'reading') !== 'ours' ? theirsOf(wrapup) : null;
}
