/** What the settings say about the program and its database. */

export interface ProgramInfo {
  readonly version: string;
  /** Names and versions of what it runs on: `Electron 45.4.1`, `Chromium …`, `Node …`, the system. */
  readonly runtime: readonly string[];
  /** Why this program is not for work, in words; empty for the one that ships. */
  readonly caveats: readonly string[];
  /** The folder with the licences of everything in it; null where it was not packaged. */
  readonly licenceFolder: string | null;
  readonly dataFolder: string;
  readonly logFolder: string;
  /** The system can keep windows out of captures of the screen. */
  readonly hidesFromCapture: boolean;
}

/** Whether a capture of our own display, as a share makes one, shows a window that is to be hidden. */
export type CaptureTest =
  | { readonly result: 'hidden' | 'visible' }
  /** Why nobody knows, in words. */
  | { readonly result: 'unknown'; readonly reason: string };

/** How the key of the database is kept: the desktop's key store, a file, or a passphrase asked at each start. */
export const keyKeepings = ['system', 'passphrase', 'file'] as const;
export type KeyKeeping = (typeof keyKeepings)[number];

/** How it is to be kept from now on. */
export type KeyKeepingChoice =
  | { readonly how: 'system' }
  | { readonly how: 'file' }
  | { readonly how: 'passphrase'; readonly passphrase: string };

export interface DatabaseInfo {
  readonly records: number;
  readonly facts: number;
  readonly quarantined: number;
  readonly key: KeyKeeping;
  /** When the newest backup was made, epoch ms; null when there is none yet. */
  readonly lastBackupAt: number | null;
  /** Why the last attempt made none, in words; empty when all is well. */
  readonly backupProblem: string;
}

/** What became of a notification, and why, in words; `reason` is empty when it was shown. */
export interface NotificationResult {
  readonly status: 'shown' | 'suppressed' | 'failed';
  readonly reason: string;
}
