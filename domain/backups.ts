/** Backups of a database, and what came of restoring one. */

export interface Backup {
  /** Name of its file; how it is asked for. */
  readonly name: string;
  /** When it was made, epoch ms. */
  readonly at: number;
  readonly facts: number;
  readonly records: number;
}

/** One that was just made, and checked. */
export interface MadeBackup extends Backup {
  /** What is wrong with what can be rebuilt, in the database and so in its backup; absent when nothing is. */
  readonly derivedFault?: string;
}

/** What was taken over from a damaged file: newer than the backup, every row proven by its checksum. */
export interface Salvage {
  readonly facts: number;
  readonly records: number;
  readonly drafts: number;
  readonly submissions: number;
}

export interface Restored {
  /** When the backup was made, epoch ms; null when there was none and an empty database took its place. */
  readonly at: number | null;
  /** Folder (absolute) where what was replaced is kept. */
  readonly kept: string;
  /** False when the backup was damaged too, and only what could be read of it was taken. */
  readonly isBackupWhole: boolean;
  readonly records: number;
  /** Null when nothing of the damaged file could be read. */
  readonly saved: Salvage | null;
}
