/** Copies of a database, and what can be done when the database itself cannot be used. */

export interface Backup {
  /** Name of its file; how it is asked for. */
  readonly name: string;
  /** When it was made, epoch ms. */
  readonly at: number;
  readonly facts: number;
  readonly records: number;
}

/** One that was just made, and proven. */
export interface MadeBackup extends Backup {
  /** What is wrong with what can be made anew, in the database as in its copy; absent when nothing is. */
  readonly derivedFault?: string;
}

/** What was taken over from a damaged file: newer than the copy, and every row proven by its checksum. */
export interface Salvage {
  readonly facts: number;
  readonly records: number;
  readonly drafts: number;
  readonly submissions: number;
}

/** What became of a restore. */
export interface Restored {
  /** The copy's moment, epoch ms; null when there was none and an empty database took its place. */
  readonly at: number | null;
  /** Folder (absolute) where what was replaced is kept. */
  readonly kept: string;
  /** False when the copy was damaged too, and only what of it could be read was taken. */
  readonly copyWhole: boolean;
  readonly records: number;
  /** Null when nothing of the damaged file could be read. */
  readonly saved: Salvage | null;
}
