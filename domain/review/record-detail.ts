import type { Submission, Draft } from '../submissions.ts';
import type { Communication } from '../communication/communication.ts';

/** Everything the database has about one record. */
export interface RecordDetail {
  readonly communication: Communication;
  readonly draft: Draft | null;
  /** Oldest first. */
  readonly submissions: readonly Submission[];
  /** Of the codes in it, by `codeKey` of their ids, as far as a list has them. */
  readonly codeNames: Readonly<Record<string, string>>;
  /** How many facts there are about it; 0 in somebody's exported file. */
  readonly facts: number;
  /** Where they are in the journal; absent in somebody's exported file. */
  readonly chain?: FactChain;
  /** What the archive knows about it. */
  readonly archived?: {
    /** Whose record it is; null where it is one's own. */
    readonly agent: string | null;
    /** When the archive got what is shown, ISO-8601. */
    readonly receivedAt: string;
    /** How many versions it has, this one included. */
    readonly revisions: number;
    /** Versions that came with another content under the same number. */
    readonly conflicts: number;
  };
  /** While names are hidden: what was known before they were, and can no longer be seen from what is left. */
  readonly hidden?: {
    /** The agent's notes and those the server has are the same. */
    readonly sameNotes: boolean;
  };
}

/** The part of the journal in which the facts of a record are, among those of others. */
export interface FactChain {
  /** Numbers of its first and its last fact. */
  readonly first: number;
  readonly last: number;
  /** Hash of the chain just before the first of them, and at the last; 64 hex digits. */
  readonly before: string;
  readonly end: string;
}

/** Who reads it, and when. */
export interface Reader {
  /** Epoch ms, this machine's clock. */
  readonly now: number;
  readonly locale: string;
}

/** A fact as it was received. */
export interface ReceivedFact {
  readonly number: number;
  readonly source: string;
  readonly subject: string;
  /** ISO-8601, this machine's clock. */
  readonly receivedAt: string;
  readonly body: string;
  /** Why it could not be understood, or null. */
  readonly refusal: string | null;
}
export interface FactPage {
  readonly facts: readonly ReceivedFact[];
  /** Read on after this number; null at the end. */
  readonly next: number | null;
}
