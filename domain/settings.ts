import { z } from 'zod';
import { regionIds } from './regions.ts';
import { acceleratorSchema } from './shortcut.ts';
import { themes } from './state.ts';
import { languageIds } from './words/languages.ts';

/** What an agent hears when a screen share alerts: `assets/sounds/<name>.wav`. */
export const alertSounds = ['chime', 'bell', 'pulse'] as const;
export type AlertSound = (typeof alertSounds)[number];

/** Genesys makes them UUIDs; other servers may not. It stands in an address a person may see. */
export const clientIdSchema = z.string().regex(/^[\w.:@-]{1,128}$/);

/** A day: whoever shares for longer has been reminded often enough. */
const longestReminder = 1440;
const mostReminders = 10;

const shape = {
  theme: z.enum(themes),
  language: z.enum(['system', ...languageIds]),
  notifications: z.boolean(),
  /** Minutes on air after which a reminder comes, each once a share. */
  stillSharingMinutes: z.array(z.number().positive().max(longestReminder)).max(mostReminders),
  alertSound: z.enum(['none', ...alertSounds]),
  /** 0 to 100. */
  alertVolume: z.int().min(0).max(100),
  /** Stops sharing from any program; null: only inside the window. */
  stopKey: acceleratorSchema.nullable(),
  /** Where the account lives, and as which OAuth client it is asked for; proposed at each sign-in. */
  region: z.enum(regionIds).nullable(),
  clientId: clientIdSchema.or(z.literal('')),
};

export const settingsSchema = z.strictObject(shape);
export type Settings = z.infer<typeof settingsSchema>;
export type SettingKey = keyof Settings;
export const settingKeys = Object.keys(shape) as SettingKey[];

export const defaultStopKey = 'CommandOrControl+Shift+S';
export const defaultSettings: Settings = {
  theme: 'system',
  language: 'system',
  notifications: true,
  stillSharingMinutes: [5, 15, 30, 60],
  alertSound: 'chime',
  alertVolume: 60,
  stopKey: defaultStopKey,
  region: null,
  clientId: '',
};

/** Some of the settings; an unknown key or a wrong value is an error. */
export const settingsChangeSchema = z.strictObject({
  theme: shape.theme.exactOptional(),
  language: shape.language.exactOptional(),
  notifications: shape.notifications.exactOptional(),
  stillSharingMinutes: shape.stillSharingMinutes.exactOptional(),
  alertSound: shape.alertSound.exactOptional(),
  alertVolume: shape.alertVolume.exactOptional(),
  stopKey: shape.stopKey.exactOptional(),
  region: shape.region.exactOptional(),
  clientId: shape.clientId.exactOptional(),
} satisfies Record<SettingKey, z.ZodType>);
export type SettingsChange = z.infer<typeof settingsChangeSchema>;

/** `5, 15, 30` as typed → sorted minutes without repeats; `null` when it cannot be read or is out of bounds. */
export function readMinutes(text: string): number[] | null {
  const parts = text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number);
  const minutes = [...new Set(parts)].sort((a, b) => a - b);
  return shape.stillSharingMinutes.safeParse(minutes).success ? minutes : null;
}
