import { dayMs } from '../clocks/time.ts';
import { daysBetween } from '../words/time-words.ts';
import { say } from '../words/say.ts';

/** What a person wants deleted. A record goes with its whole conversation, since its facts are the conversation's. */
export type Deletion =
  | { readonly kind: 'one'; readonly key: string }
  /** Epoch ms; since is included, until is not. */
  | { readonly kind: 'range'; readonly since: number | null; readonly until: number }
  | { readonly kind: 'all' };

/** What deleting would do, before it is done. */
export interface DeletionPlan {
  readonly records: number;
  /** They are kept: still going on, or a wrap-up of theirs is not sent yet. */
  readonly staying: number;
}

export interface DeletionResult {
  readonly records: number;
  readonly facts: number;
  readonly staying: number;
}

/** The same, for the person. */
export interface DeletionReport extends DeletionResult {
  /** Why backups on this machine still hold it, in words; empty when none does. */
  readonly backupsProblem: string;
}

/**
 * Runs one short step of a deletion while no record is between being read and being written, and is told which
 * records are gone: a change of a deleted record must not bring it back.
 */
export type InTurn = (step: () => Promise<readonly string[]>) => Promise<void>;

/** How many records are deleted next because of their age, and when (epoch ms); null when none ever will. */
export interface NextExpiry {
  readonly at: number;
  readonly records: number;
}

/** When a record that happened at `at` is old enough to be deleted, epoch ms; null where records are kept forever. */
export function deletionDue(at: number, keepDays: number | null): number | null {
  return keepDays === null ? null : at + keepDays * dayMs;
}

/** `Deleted in 3 days`, `Deleted tomorrow`, `Deleted today`; '' for what is kept forever. */
export function expiryWords(at: number | null, now: number): string {
  if (at === null) return '';
  // What is overdue is deleted as soon as the server can be reached.
  return say('review.expiry', { days: Math.max(0, daysBetween(now, at)) });
}
