import { isBlank, isOpen, type Submission, type Draft } from '../submissions.ts';
import type { Communication } from '../communication/communication.ts';
import { afterCallWorkOf, serverWrapup, type AfterCallWorkProgress } from '../communication/phase.ts';
import { systemCodeOf } from '../model/values.ts';
import type { Wrapup } from '../model/screenshare.ts';
import { say } from '../words/say.ts';

/** What the facts say about a submission, or about words still being written. */

type Words = Pick<Draft, 'code' | 'name' | 'notes'>;
type ServerWords = NonNullable<Submission['theirs']>;

/** The topic names the code where REST gives its id; either one is it. */
export function sameCode(
  a: Pick<ServerWords, 'code' | 'name'>,
  b: Pick<ServerWords, 'code' | 'name'>,
): boolean {
  return (
    a.code === b.code || (a.name !== null && a.name === b.code) || (b.name !== null && b.name === a.code)
  );
}

/**
 * What is known comes from
 * - `event`: it may leave out what did not change
 * - `reading`: what it does not mention is not there
 * - `eventOnly`: an event, where no reading is possible
 */
export type Evidence = 'event' | 'reading' | 'eventOnly';

/** Whose words the server has; null while that cannot be decided. */
function whose(words: Words, wrapup: Wrapup, by: Evidence): 'ours' | 'theirs' | null {
  const server = wordsOf(wrapup);
  if (!sameCode(words, server)) return 'theirs';
  if (server.notes === null && words.notes !== '') return by === 'reading' ? 'theirs' : null;
  return (server.notes ?? '') === words.notes ? 'ours' : 'theirs';
}

function wordsOf(wrapup: Wrapup): ServerWords {
  return { code: wrapup.code ?? null, name: wrapup.name ?? null, notes: wrapup.notes ?? null };
}

/** The agent saw this very version and chose their own. */
function isOverruled({ theirs }: Submission, server: ServerWords): boolean {
  return theirs !== null && sameCode(theirs, server) && (theirs.notes ?? '') === (server.notes ?? '');
}

/**
 * What the facts say about a submission that is still open: confirmed, in conflict, or nothing yet (the same
 * object). A 202 is not success; only this is.
 */
export function reconcile(
  submission: Submission,
  communication: Communication | undefined,
  by: Evidence = 'event',
): Submission {
  if (!communication || !isOpen(submission)) return submission;
  const wrapup = serverWrapup(communication);
  const work = afterCallWorkOf(communication);
  const confirmed: Submission = { ...submission, state: 'confirmed', problem: null };

  const system = systemCodeOf(wrapup?.code);
  if (submission.kind === 'skip' && isSkipped(submission, work, wrapup)) return confirmed;
  if (!wrapup) {
    const skippedElsewhere = work === 'skipped' && submission.theirs === null;
    return skippedElsewhere ? conflict(submission, skipped()) : submission;
  }
  if (submission.kind === 'wrapUp') {
    const owner = whose(submission, wrapup, by);
    // Nothing follows from the code alone: another client may have chosen the same, without our notes.
    if (owner === null && by !== 'eventOnly') return submission;
    if (owner === 'ours' || (owner === null && submission.mayHaveArrived)) return confirmed;
  }
  // A code on an open after-call work is only an earlier save; ours will replace it.
  const closed = work === 'done' || work === 'skipped' || system === 'timedOut' || system === 'skipped';
  const server = wordsOf(wrapup);
  return closed && !isOverruled(submission, server) ? conflict(submission, server) : submission;
}

/**
 * The server closed it, and nobody chose a code. Its answer to a skip may also be a code of the system alone, before
 * it says that the work is over: the topic has no word for a skip.
 */
function isSkipped(
  { mayHaveArrived }: Submission,
  work: AfterCallWorkProgress,
  wrapup: Wrapup | undefined,
): boolean {
  if (work === 'skipped') return true;
  const isNobodys = !wrapup || systemCodeOf(wrapup.code) !== null;
  if (work === 'done') return isNobodys;
  return mayHaveArrived && wrapup !== undefined && isNobodys && wrapup.provisional !== true;
}

/** The server has the code of this submission, and only a reading can say whose notes. */
export function mustBeReadFirst(submission: Submission, communication: Communication | undefined): boolean {
  const wrapup = communication && serverWrapup(communication);
  return wrapup !== undefined && submission.kind === 'wrapUp' && whose(submission, wrapup, 'event') === null;
}

/**
 * It was accepted a while ago, and what the server has shows nothing of it: closed without any code, the
 * agent has to know; otherwise it is sent again.
 */
export function withoutEffect(submission: Submission, communication: Communication | undefined): Submission {
  const again: Submission = { ...submission, state: 'waiting' };
  if (!communication || submission.kind !== 'wrapUp') return again;
  const isClosed = afterCallWorkOf(communication) === 'done' && !serverWrapup(communication);
  const nothing = wordsOf({});
  return isClosed && !isOverruled(submission, nothing) ? conflict(submission, nothing) : again;
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
    .some((earlier) => reconcile(earlier, communication, 'eventOnly').state === 'confirmed');
}

const skipped = (): ServerWords => ({ code: null, name: say('wrappedUp.skipped'), notes: null });

function conflict(submission: Submission, theirs: ServerWords): Submission {
  return { ...submission, state: 'conflict', theirs, problem: say('status.conflict') };
}

export type DraftFate =
  | { readonly kind: 'stays' }
  /** Nothing is written in it, or nothing the server does not have: it would only hold on to its record. */
  | { readonly kind: 'goes' }
  /** The server closed the wrap-up with something else: the agent sees both and chooses. */
  | { readonly kind: 'conflict'; readonly theirs: ServerWords };

/** What becomes of a draft. `submission`: the latest about its communication; while it is open it comes first. */
export function fateOf(
  draft: Draft,
  communication: Communication,
  submission: Submission | undefined,
): DraftFate {
  if (isBlank(draft)) return { kind: 'goes' };
  if (submission && isOpen(submission)) return { kind: 'stays' };
  const work = afterCallWorkOf(communication);
  if (work === 'skipped') return { kind: 'conflict', theirs: skipped() };
  if (work !== 'done') return { kind: 'stays' };
  const wrapup = serverWrapup(communication) ?? {};
  return whose(draft, wrapup, 'reading') === 'ours'
    ? { kind: 'goes' }
    : { kind: 'conflict', theirs: wordsOf(wrapup) };
}
