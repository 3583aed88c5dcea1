import { z } from 'zod';
import { regionIds } from './regions.ts';
import {
  alertSounds,
  clientIdForm,
  longestKeepDays,
  longestReminder,
  mostReminders,
  type SettingKey,
  type SettingsChange,
  themes,
} from './settings.ts';
import { isAccelerator } from './shortcut.ts';
import { languageIds } from './words/say.ts';

export const clientIdSchema = z.string().regex(clientIdForm);
export const keepDaysSchema = z.int().min(1).max(longestKeepDays);

/** Some of the settings; an unknown key or a wrong value is an error. */
export const settingsChangeSchema = z.strictObject({
  theme: z.enum(themes).exactOptional(),
  language: z.enum(['system', ...languageIds]).exactOptional(),
  notifications: z.boolean().exactOptional(),
  stillSharingMinutes: z
    .array(z.number().positive().max(longestReminder))
    .max(mostReminders)
    .readonly()
    .exactOptional(),
  alertSound: z.enum(['none', ...alertSounds]).exactOptional(),
  alertVolume: z.int().min(0).max(100).exactOptional(),
  alertRepeats: z.boolean().exactOptional(),
  stopKey: z.string().refine(isAccelerator).nullable().exactOptional(),
  region: z.enum(regionIds).nullable().exactOptional(),
  clientId: clientIdSchema.or(z.literal('')).exactOptional(),
  keepDays: keepDaysSchema.nullable().exactOptional(),
} satisfies Record<SettingKey, z.ZodType>) satisfies z.ZodType<SettingsChange>;
