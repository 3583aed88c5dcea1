import type { ArchiveMask } from './archive/archive-settings.ts';
import type { RegionId } from './regions.ts';
import type { Snippet } from './snippets.ts';
import { defaultStopKey } from './accelerator.ts';
import type { ChangedShortcuts } from './shortcuts.ts';
import type { TextSize } from './text-size.ts';
import type { LanguageId } from './words/say.ts';

/**
 * What a person may choose. Plain values: pages start faster without the schemas, which are in
 * `settings-schema.ts`.
 */

export const themes = ['system', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof themes)[number];

/** When the widget stays above other windows. */
export const onTopChoices = ['always', 'whenItMatters', 'never'] as const;
export type OnTop = (typeof onTopChoices)[number];

/** What an agent hears when a screen share alerts: `assets/sounds/<name>.wav`. */
export const alertSounds = ['chime', 'bell', 'pulse'] as const;
export type AlertSound = (typeof alertSounds)[number];

export interface Settings {
  readonly theme: Theme;
  readonly textSize: TextSize;
  readonly onTop: OnTop;
  /** Starts in the tray when the person logs in. */
  readonly startAtLogin: boolean;
  readonly language: 'system' | LanguageId;
  readonly notifications: boolean;
  /** Minutes on air after which a reminder comes, each once a share. */
  readonly stillSharingMinutes: readonly number[];
  readonly alertSound: 'none' | AlertSound;
  /** 0 to 100. */
  readonly alertVolume: number;
  /** The alert sounds again and again until it is answered, over or silenced; else once. */
  readonly alertRepeats: boolean;
  /** How long a wrap-up can be taken back before it is sent, in seconds; 0: it is sent at once. */
  readonly holdSeconds: number;
  /** While sharing, a frame around every display. */
  readonly shareFrame: boolean;
  /** While the server's limit of after-call work runs the widget is on top: to its end, or in its last 20 s only. */
  readonly limitOnTop: boolean;
  /** What is heard when 20 s of that limit are left. */
  readonly limitSound: 'none' | AlertSound;
  /** Seconds after which a wrap-up without a limit of the server is nudged; null: never. */
  readonly recommendedSeconds: number | null;
  /** Stops sharing from any program, as an accelerator; null: only inside the window. */
  readonly stopKey: string | null;
  /** What a person changed of the other keys, see `shortcuts.ts`. */
  readonly shortcuts: ChangedShortcuts;
  /** Where the account lives, and as which OAuth client it is asked for; proposed at each sign-in. */
  readonly region: RegionId | null;
  readonly clientId: string;
  /** Records older than this many days are deleted; null: never. */
  readonly keepDays: number | null;
  /** Where finished records go, see `archiveOrigin`; empty: nowhere. */
  readonly 'archive.url': string;
  /** What is masked in them first. */
  readonly 'archive.mask': ArchiveMask;
  /** Newer versions of the program are looked for, where somebody has said where. */
  readonly 'updates.enabled': boolean;
  /** The person's own. */
  readonly snippets: readonly Snippet[];
}
export type SettingKey = keyof Settings;
/** Some of the settings. */
export type SettingsChange = Partial<Settings>;

export const defaultSettings: Settings = {
  theme: 'system',
  textSize: 100,
  onTop: 'whenItMatters',
  startAtLogin: false,
  language: 'system',
  notifications: true,
  stillSharingMinutes: [5, 15, 30, 60],
  alertSound: 'chime',
  alertVolume: 60,
  alertRepeats: true,
  holdSeconds: 5,
  shareFrame: false,
  limitOnTop: false,
  limitSound: 'none',
  recommendedSeconds: null,
  stopKey: defaultStopKey,
  shortcuts: {},
  region: null,
  clientId: '',
  keepDays: null,
  'archive.url': '',
  'archive.mask': 'people',
  'updates.enabled': true,
  snippets: [],
};
export const settingKeys = Object.keys(defaultSettings) as SettingKey[];

export const longestHold = 10;
/** An hour: as long as a limit of the server can be. */
export const longestRecommended = 3600;

/** Ten years. */
export const longestKeepDays = 3650;

/** Genesys makes them UUIDs; other servers may not. It stands in an address a person may see. */
export const clientIdForm = /^[\w.:@-]{1,128}$/;

/** Minutes; a day: whoever shares for longer has been reminded often enough. */
export const longestReminder = 1440;
export const mostReminders = 10;

/** `5, 15, 30` as typed → sorted minutes without repeats; `null` when it cannot be read or is out of bounds. */
export function readMinutes(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const minutes = [...new Set(parts.map(Number))].sort((a, b) => a - b);
  const inBounds = minutes.every((minute) => minute > 0 && minute <= longestReminder);
  return inBounds && minutes.length <= mostReminders ? minutes : null;
}
