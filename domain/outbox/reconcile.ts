import { isOpen, type Decision, type Draft } from '../decisions.ts';
import type { Communication } from '../fold/communication.ts';
import { afterCallWorkOf, serverWrapup } from '../fold/phase.ts';
import { timeoutWrapupCode } from '../model/values.ts';
import type { Wrapup } from '../model/screenshare.ts';
import { say } from '../words/say.ts';

/** The topic names the code where REST gives its id; either one is ours. */
function isOurs(decision: Decision, wrapup: Wrapup): boolean {
  const sameCode = wrapup.code === decision.code || (decision.name !== null && wrapup.code === decision.name);
  const notes = wrapup.notes ?? null;
  // An event may leave the notes out; that proves ours only when there are none or they were sent.
  const sameNotes =
    notes === null ? decision.notes === '' || decision.attempts > 0 : notes === decision.notes;
  return sameCode && sameNotes;
}

function theirsOf(wrapup: Wrapup): NonNullable<Decision['theirs']> {
  return { code: wrapup.code ?? null, name: wrapup.name ?? null, notes: wrapup.notes ?? null };
}

function sameTheirs(a: Decision['theirs'], b: NonNullable<Decision['theirs']>): boolean {
  return a !== null && a.code === b.code && a.notes === b.notes;
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

  if (decision.kind === 'skip') {
    if (work === 'skipped') return confirmed;
    return wrapup ? conflict(decision, wrapup) : work === 'done' ? confirmed : decision;
  }
  if (!wrapup) {
    const skippedElsewhere = work === 'skipped' && decision.theirs === null;
    return skippedElsewhere ? conflict(decision, { code: null, name: say('wrappedUp.skipped') }) : decision;
  }
  if (isOurs(decision, wrapup)) return confirmed;
  // Before it was sent, a code on an open after-call work is only an earlier save; ours will replace it.
  const closed = work === 'done' || wrapup.code === timeoutWrapupCode;
  if (!closed) return decision;
  // The agent saw this very version and chose their own.
  return sameTheirs(decision.theirs, theirsOf(wrapup)) ? decision : conflict(decision, wrapup);
}

function conflict(decision: Decision, wrapup: Wrapup): Decision {
  return { ...decision, state: 'conflict', theirs: theirsOf(wrapup), problem: say('status.conflict') };
}

/**
 * What the server closed a wrap-up with while the agent was still writing: the agent sees both and chooses.
 * Null while it is open, when nothing was written, or when an open decision says the agent's word already.
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
  const wrapup = serverWrapup(communication);
  return work === 'done' ? theirsOf(wrapup ?? {}) : null;
}
