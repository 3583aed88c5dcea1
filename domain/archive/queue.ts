import type { ArchiveMask } from './archive-settings.ts';
import type { Outcome } from './wire.ts';

/** What the local database knows about the archive: which records are in it, and which lines are on their way. */

export interface ArchiveCounts {
  /** Records the archive has, also those that were deleted here since. */
  readonly archived: number;
  /** Records that are still to be sent, or looked at. */
  readonly waiting: number;
  readonly refused: number;
  readonly conflicts: number;
}

/** Of what the sign-in gave: with it records are masked and named. */
export interface ArchiveIdentity {
  readonly agentId: string;
  /** Base64url, see `sessionAnswerSchema`. */
  readonly maskKey: string;
}

/** How records become lines. */
export interface LineMaking extends ArchiveIdentity {
  readonly mask: ArchiveMask;
  /** Epoch ms of the server's clock: work too old to be filed is finished too; null where nobody knows it. */
  readonly now: number | null;
}

export interface QueuedLine {
  readonly seq: number;
  /** One line of JSON, as it goes out. */
  readonly text: string;
}

export interface LineOutcome {
  readonly seq: number;
  readonly outcome: Outcome;
  /** Empty where the archive gave none. */
  readonly reason: string;
}

/** A record that is refused, or of which the archive has another version. */
export interface ArchiveIssue {
  /** Key of the record here; empty once it is deleted here. */
  readonly record: string;
  /** Epoch ms: when the record happened; null once it is deleted here. */
  readonly at: number | null;
  readonly outcome: 'refused' | 'conflict';
  readonly reason: string;
}

/** A record as it leaves the desk. */
export interface LinePreview {
  /** The exact line. */
  readonly text: string;
  /** Its place among the finished records, for the next one. */
  readonly id: number;
  /** Epoch ms. */
  readonly at: number;
}

export interface ArchiveQueue {
  /**
   * From now on finished records are noted for the archive at `url`, those there are among them. Another archive than
   * the last gets all of them.
   * @param device names this desk where it has no name there yet
   */
  turnOn(url: string, device: string): Promise<ArchiveCounts>;
  /** Nothing is noted any more; what is known of the last archive stays. */
  turnOff(): Promise<void>;
  /** How this desk is called in the archive. */
  device(): Promise<string>;
  /**
   * The archive said who asks, and up to which number it has this desk's lines. Numbers go on from there. Where it has
   * less than it once acknowledged, or is another organisation's, everything is offered again under another name.
   */
  met(who: ArchiveIdentity, seq: number, device: string): Promise<void>;
  /** Makes lines of a few records that were noted; true while there are more. */
  fill(how: LineMaking): Promise<boolean>;
  /** The first lines that wait, as many as may go at once. From now on each may have arrived. */
  batch(records: number, bytes: number): Promise<readonly QueuedLine[]>;
  answered(outcomes: readonly LineOutcome[]): Promise<ArchiveCounts>;
  counts(): Promise<ArchiveCounts>;
  /** What was refused, and is still here, is to be sent once more: the archive may have been told to take it. */
  offerRefused(): Promise<ArchiveCounts>;
  /** The latest of them. */
  issues(): Promise<readonly ArchiveIssue[]>;
  /** The latest finished record before this id (null: of all) as it would be sent; null where there is none. */
  preview(how: LineMaking, before: number | null): Promise<LinePreview | null>;
}

/** Issues that are shown. */
export const mostIssues = 50;
