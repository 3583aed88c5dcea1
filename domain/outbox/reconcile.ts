import { isOpen, type Decision, type Draft } from '../decisions.ts';
import type { Communication } from '../fold/communication.ts';
import { afterCallWorkOf, serverWrapup } from '../fold/phase.ts';
import { timeoutWrapupCode } from '../model/values.ts';
import type { Wrapup } from '../model/screenshare.ts';
import { say } from '../words/say.ts';

type Words = Pick<Draft, 'code' | 'name' | 'notes'>;
type Told = NonNullable<Decision['theirs']>;

/** The topic names the code where REST gives its id; either one is it. */
export function sameCode(a: Pick<Told, 'code' | 'name'>, b: Pick<Told, 'code' | 'name'>): boolean {
  return (
    a.code === b.code || (a.name !== null && a.name === b.code) || (b.name !== null && b.name === a.code)
  );
}

/** @param sent ours were sent, so that an event without notes may still show them */
function isOurs(words: Words, sent: boolean, wrapup: Wrapup): boolean {
  const told = theirsOf(wrapup);
  const sameNotes = told.notes === null ? words.notes === '' || sent : told.notes === words.notes;
  return sameCode(words, told) && sameNotes;
}

function theirsOf(wrapup: Wrapup): Told {
  return { code: wrapup.code ?? null, name: wrapup.name ?? null, notes: wrapup.notes ?? null };
}

/** The agent saw this very version and chose their own. */
function isOverruled({ theirs }: Decision, told: Told): boolean {
  return theirs !== null && sameCode(theirs, told) && (theirs.notes ?? '') === (told.notes ?? '');
}

/**
 * What the facts say about a decision that is still open: confirmed, in conflict, or nothing yet (the same
 * object). A 202 is not success; only this is.
 */
export function reconcile(decision: Decision, communication: Communication | undefined): Decision {
  if (!communication || (decision.state !== 'waiting' && decision.state !== 'accepted')) return decision;
  const wrapup = serverWrapup(communication);
  const work = afterCallWorkOf(communication);
  const confirmed: Decision = { ...decision, state: 'confirmed', problem: null };

  if (decision.kind === 'skip' && (work === 'skipped' || (work === 'done' && !wrapup))) return confirmed;
  if (!wrapup) {
    const skippedElsewhere = work === 'skipped' && decision.theirs === null;
    return skippedElsewhere ? conflict(decision, { code: null, name: say('wrappedUp.skipped') }) : decision;
  }
  if (decision.kind === 'wrapUp' && isOurs(decision, decision.attempts > 0, wrapup)) return confirmed;
  // A code on an open after-call work is only an earlier save; ours will replace it.
  const closed = work === 'done' || work === 'skipped' || wrapup.code === timeoutWrapupCode;
  return closed && !isOverruled(decision, theirsOf(wrapup)) ? conflict(decision, wrapup) : decision;
}

/**
 * The facts show what an earlier decision of the agent brought about. Events arrive late and out of order:
 * until the server was read after a later one was sent, nothing follows from them for that one.
 */
export function isEcho(
  decision: Decision,
  decisions: readonly Decision[],
  communication: Communication | undefined,
): boolean {
  return decisions
    .filter(({ key, order }) => key === decision.key && order < decision.order)
    .map((earlier): Decision => ({ ...earlier, state: 'accepted', attempts: Math.max(1, earlier.attempts) }))
    .some((earlier) => reconcile(earlier, communication).state === 'confirmed');
}

function conflict(decision: Decision, wrapup: Wrapup): Decision {
  return { ...decision, state: 'conflict', theirs: theirsOf(wrapup), problem: say('status.conflict') };
}

/**
 * What the server closed a wrap-up with while the agent was still writing: the agent sees both and chooses.
 * Null while it is open, when nothing was written or just that, or when an open decision says it already.
 */
export function closedOver(
  draft: Draft,
  communication: Communication,
  decision: Decision | undefined,
): Decision['theirs'] {
  const written = draft.code !== null || draft.notes !== '';
  if (!written || (decision && isOpen(decision))) return null;
  const work = afterCallWorkOf(communication);
  if (work === 'skipped') return { code: null, name: say('wrappedUp.skipped'), notes: null };
  const wrapup = serverWrapup(communication) ?? {};
  return work === 'done' && !isOurs(draft, false, wrapup) ? theirsOf(wrapup) : null;
}
