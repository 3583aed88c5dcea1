import { z } from 'zod';
import { regionIds } from './regions.ts';
import {
  alertSounds,
  clientIdForm,
  longestKeepDays,
  longestReminder,
  mostReminders,
  type SettingKey,
  type Settings,
  type SettingsChange,
  themes,
} from './settings.ts';
import { isAccelerator } from './shortcut.ts';
import { languageIds } from './words/say.ts';

export const clientIdSchema = z.string().regex(clientIdForm);
export const keepDaysSchema = z.int().min(1).max(longestKeepDays);

const shape = {
  theme: z.enum(themes),
  language: z.enum(['system', ...languageIds]),
  notifications: z.boolean(),
  stillSharingMinutes: z.array(z.number().positive().max(longestReminder)).max(mostReminders).readonly(),
  alertSound: z.enum(['none', ...alertSounds]),
  alertVolume: z.int().min(0).max(100),
  stopKey: z.string().refine(isAccelerator).nullable(),
  region: z.enum(regionIds).nullable(),
  clientId: clientIdSchema.or(z.literal('')),
  keepDays: keepDaysSchema.nullable(),
} satisfies Record<SettingKey, z.ZodType>;

export const settingsSchema = z.strictObject(shape) satisfies z.ZodType<Settings>;

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
  keepDays: shape.keepDays.exactOptional(),
} satisfies Record<SettingKey, z.ZodType>) satisfies z.ZodType<SettingsChange>;
