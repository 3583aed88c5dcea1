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
