import type { RegionId } from './regions.ts';
import type { LanguageId } from './words/say.ts';

/**
 * What a person may choose. Plain values: pages start faster without the schemas, which are in
 * `settings-schema.ts`.
 */

export const themes = ['system', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof themes)[number];

/** What an agent hears when a screen share alerts: `assets/sounds/<name>.wav`. */
export const alertSounds = ['chime', 'bell', 'pulse'] as const;
export type AlertSound = (typeof alertSounds)[number];

export interface Settings {
  readonly theme: Theme;
  readonly language: 'system' | LanguageId;
  readonly notifications: boolean;
  /** Minutes on air after which a reminder comes, each once a share. */
  readonly stillSharingMinutes: readonly number[];
  readonly alertSound: 'none' | AlertSound;
  /** 0 to 100. */
  readonly alertVolume: number;
  /** The alert sounds again and again until it is answered, over or silenced; else once. */
  readonly alertRepeats: boolean;
  /** Stops sharing from any program, as an accelerator; null: only inside the window. */
  readonly stopKey: string | null;
  /** Where the account lives, and as which OAuth client it is asked for; proposed at each sign-in. */
  readonly region: RegionId | null;
  readonly clientId: string;
  /** Records older than this many days are deleted; null: never. */
  readonly keepDays: number | null;
}
export type SettingKey = keyof Settings;
/** Some of the settings. */
export type SettingsChange = Partial<Settings>;

/**
 * Three modifiers and a digit: no browser, office suite, editor, chat or desktop that is common uses it, and no
 * keyboard layout makes a character of it (on Windows, Ctrl+Alt stands for AltGr).
 */
export const defaultStopKey = 'CommandOrControl+Alt+Shift+9';
/** The default before that. It is “Save as” nearly everywhere, so whoever has it stored gets the new one, once. */
export const formerStopKey = 'CommandOrControl+Shift+S';
export const defaultSettings: Settings = {
  theme: 'system',
  language: 'system',
  notifications: true,
  stillSharingMinutes: [5, 15, 30, 60],
  alertSound: 'chime',
  alertVolume: 60,
  alertRepeats: true,
  stopKey: defaultStopKey,
  region: null,
  clientId: '',
  keepDays: null,
};
export const settingKeys = Object.keys(defaultSettings) as SettingKey[];

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
