import type { StatusChoice } from './model/screenshare.ts';

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
  /** What was typed to find the code, see `lettersOf`; absent where it was picked without. */
  readonly letters?: string;
  /** What the agent's status is to be set to when this work ends; main keeps it beside the words. */
  readonly nextStatus?: StatusChoice;
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
/** Some of its reports cut them there. */
export const notesWarnedAt = 1024;

export type SubmissionKind = 'wrapUp' | 'skip';

/**
 * - `waiting`: durable here, not sent (or sent without an answer)
 * - `accepted`: the server answered 202, which promises nothing yet
 * - `confirmed`: a later fact shows it
 * - `conflict`: the server has something else; the agent sees both and chooses
 * - `failed`: the server refused it for good; visible, can be tried again or let go
 * - `dropped`: the agent took it back, decided something newer, or chose the server's version
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
  /** See `Draft.letters`. */
  readonly letters?: string;
  /** What the agent's status is still to be set to when this work ends. */
  readonly nextStatus?: StatusChoice;
  readonly state: SubmissionState;
  readonly attempts: number;
  /** Who chose its code where the agent did not press: it was chosen when time ran out, or is the queue's own. */
  readonly origin?: 'limit' | 'default';
  /** The first try went off after the server's limit. */
  readonly afterLimit?: true;
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

/** As it begins. `now`: epoch ms; until the database gives it its place it is the last one. */
export function newSubmission(
  id: string,
  about: Pick<Submission, 'key' | 'conversationId' | 'participantId' | 'communicationId'>,
  kind: SubmissionKind,
  words: Pick<Submission, 'code' | 'name' | 'notes' | 'state' | 'problem' | 'theirs' | 'origin'> & {
    readonly letters: string | undefined;
    readonly nextStatus: StatusChoice | undefined;
  },
  now: number,
): Submission {
  const { key, conversationId, participantId, communicationId } = about;
  const { code, name, notes, letters, nextStatus, ...outcome } = words;
  const at = new Date(now).toISOString();
  return {
    id,
    order: now,
    key,
    conversationId,
    participantId,
    communicationId,
    kind,
    code: kind === 'skip' ? null : code,
    name: kind === 'skip' ? null : name,
    notes,
    ...(letters === undefined || kind === 'skip' ? {} : { letters }),
    ...(nextStatus === undefined ? {} : { nextStatus }),
    ...outcome,
    attempts: 0,
    mayHaveArrived: false,
    createdAt: at,
    updatedAt: at,
  };
}

/** How long before the server's limit a submission has to be sent, ms: one slow round trip. */
export const sendAheadMs = 2500;

/** It never left this machine: the agent took it back, or pressed again with other words. */
export function isTakenBack({ state, attempts, mayHaveArrived, theirs }: Submission): boolean {
  return state === 'dropped' && attempts === 0 && !mayHaveArrived && theirs === null;
}

/**
 * How a wrap-up stands that somebody wrote or decided. `sent` is only what this agent sent from here: time that ran
 * out is `timedOut`, and what another client or the server wrote is `elsewhere`.
 */
export const recordWrapupStates = [
  'draft',
  'waiting',
  'sent',
  'conflict',
  'skipped',
  'timedOut',
  'elsewhere',
] as const;
export type RecordWrapupState = (typeof recordWrapupStates)[number];

/** `open`: due, and nobody has written it; `missed`: the share was never answered, so there was nothing to write. */
export const wrapupOutcomes = [...recordWrapupStates, 'open', 'missed'] as const;
export type WrapupOutcome = (typeof wrapupOutcomes)[number];

export function isOpen(submission: Submission): boolean {
  return submission.state === 'waiting' || submission.state === 'accepted';
}
