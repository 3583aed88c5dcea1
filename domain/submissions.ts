/**
 * What the agent decides about a wrap-up, and its way to the server. A submission is durable before it is
 * shown as accepted, sent when the server can be reached, and confirmed only by a later fact.
 */

/** Words the agent is still writing, durable as they are typed. A blank one is kept nowhere. */
export interface Draft {
  /** Key of the communication. */
  readonly key: string;
  readonly code: string | null;
  /** Name of the code, so that the draft reads well without a network. */
  readonly name: string | null;
  readonly notes: string;
  /** Counts up with each change in the window; an older one never replaces a newer one. */
  readonly revision: number;
  /** ISO-8601, this machine's clock. */
  readonly updatedAt: string;
}

/** Nothing is written in it: that is no draft. */
export function isBlank({ code, notes }: Pick<Draft, 'code' | 'notes'>): boolean {
  return code === null && notes === '';
}

/** Genesys accepts notes up to this many characters. */
export const notesLimit = 10_000;

export type SubmissionKind = 'wrapUp' | 'skip';

/**
 * - `waiting`: durable here, not sent (or sent without an answer)
 * - `accepted`: the server answered 202, which promises nothing yet
 * - `confirmed`: a later fact shows it
 * - `conflict`: the server has something else; the agent sees both and chooses
 * - `failed`: the server refused it for good; visible, can be tried again or let go
 * - `dropped`: the agent chose the server's version
 */
export type SubmissionState = 'waiting' | 'accepted' | 'confirmed' | 'conflict' | 'failed' | 'dropped';

export interface Submission {
  readonly id: string;
  /** Submissions are sent in this order; given by the local database. */
  readonly order: number;
  readonly key: string;
  readonly conversationId: string;
  readonly participantId: string;
  readonly communicationId: string;
  readonly kind: SubmissionKind;
  readonly code: string | null;
  readonly name: string | null;
  readonly notes: string;
  readonly state: SubmissionState;
  readonly attempts: number;
  /** One of the tries may have reached the server: it was accepted, or the answer did not come. */
  readonly mayHaveArrived: boolean;
  /** ISO-8601, this machine's clock. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Why it waits, failed or conflicts, in words for the agent. */
  readonly problem: string | null;
  /** On a conflict: what the server has. */
  readonly theirs: {
    readonly code: string | null;
    readonly name: string | null;
    readonly notes: string | null;
  } | null;
}

export function isOpen(submission: Submission): boolean {
  return submission.state === 'waiting' || submission.state === 'accepted';
}
