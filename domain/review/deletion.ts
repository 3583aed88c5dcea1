import { daysBetween } from '../words/time-words.ts';
import { say } from '../words/say.ts';
/** What a person wants gone. A record goes with its whole conversation, for its facts are the conversation's. */
export type Deletion =
  | { readonly kind: 'one'; readonly key: string }
  /** Epoch ms; since is included, until is not. */
  | { readonly kind: 'range'; readonly since: number | null; readonly until: number }
  | { readonly kind: 'all' };

/** What deleting would do, before it is done. */
export interface DeletionPlan {
  readonly records: number;
  /** Still going on, or words about them still on their way: they stay. */
  readonly staying: number;
}

/** What became of it. */
export interface DeletionResult {
  readonly records: number;
  readonly facts: number;
  readonly staying: number;
}

/** The same, told to a person. */
export interface DeletionReport extends DeletionResult {
  /** Why copies on this machine still hold it, in words; empty when none does. */
  readonly copiesProblem: string;
}

/**
 * Runs one short step of a deletion when nobody is between reading a record and writing it, and hears which
 * records are gone: what was folded onto a deleted record must not bring it back.
 */
export type InTurn = (step: () => Promise<readonly string[]>) => Promise<void>;

/** How many records are deleted next because of their age, and when (epoch ms); null when none ever will. */
export interface NextExpiry {
  readonly at: number;
  readonly records: number;
}

const dayMs = 86_400_000;

/** From when on a record is deleted because of its age, epoch ms; null when records are kept for good. */
export function deletedAt(at: number, keepDays: number | null): number | null {
  return keepDays === null ? null : at + keepDays * dayMs;
}

/** `Deleted in 3 days`, `Deleted tomorrow`, `Deleted today`; '' for what is kept for good. */
export function expiryWords(at: number | null, now: number): string {
  if (at === null) return '';
  const days = daysBetween(now, at);
  // What is overdue is deleted as soon as the server is there.
  return say('review.expiry', { days: Math.max(0, days) });
}
