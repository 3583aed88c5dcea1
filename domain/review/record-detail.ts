import type { Submission, Draft } from '../submissions.ts';
import type { Communication } from '../communication/communication.ts';

/** Everything the database has about one record. */
export interface RecordDetail {
  readonly communication: Communication;
  readonly draft: Draft | null;
  /** In the order they were decided. */
  readonly submissions: readonly Submission[];
  /** Facts kept about it; 0 in a file somebody exported. */
  readonly facts: number;
}

/** A received fact as it was kept. */
export interface ReceivedFact {
  readonly number: number;
  readonly source: string;
  readonly subject: string;
  /** ISO-8601, this machine's clock. */
  readonly receivedAt: string;
  /** As it arrived. */
  readonly body: string;
  /** Why it could not be understood, or null. */
  readonly refusal: string | null;
}
export interface FactPage {
  readonly facts: readonly ReceivedFact[];
  /** Number to go on after; null at the end. */
  readonly next: number | null;
}
