import { z } from 'zod';
import { archiveOrigin } from './archive/archive-settings.ts';
import { archiveMasks } from './archive/archive-settings.ts';
import { regionIds } from './regions.ts';
import {
  alertSounds,
  clientIdForm,
  longestHold,
  longestRecommended,
  longestKeepDays,
  longestReminder,
  mostReminders,
  onTopChoices,
  type SettingKey,
  type SettingsChange,
  themes,
} from './settings.ts';
import { isAccelerator } from './accelerator.ts';
import { longestSnippet, mostSnippets, snippetName } from './snippets.ts';
import { areKeysFor, changeableIds, type ChangedShortcuts } from './shortcuts.ts';
import { textSizes } from './text-size.ts';
import { languageIds, say } from './words/say.ts';

export const clientIdSchema = z.string().regex(clientIdForm);
export const keepDaysSchema = z.int().min(1).max(longestKeepDays);

const snippetsSchema = z
  .array(z.strictObject({ name: z.string().regex(snippetName), text: z.string().min(1).max(longestSnippet) }))
  .max(mostSnippets)
  .readonly();
const keysSchema = z.string().max(60).nullable();
const shortcutsSchema = z
  .partialRecord(z.enum(changeableIds), keysSchema)
  .refine((changed) =>
    changeableIds.every((id) => typeof changed[id] !== 'string' || areKeysFor(id, changed[id])),
  )
  .transform((changed) => changed as ChangedShortcuts);

/** Some of the settings; an unknown key or a wrong value is an error. */
export const settingsChangeSchema = z.strictObject({
  theme: z.enum(themes).exactOptional(),
  textSize: z.literal(textSizes).exactOptional(),
  onTop: z.enum(onTopChoices).exactOptional(),
  startAtLogin: z.boolean().exactOptional(),
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
  holdSeconds: z.int().min(0).max(longestHold).exactOptional(),
  shareFrame: z.boolean().exactOptional(),
  limitOnTop: z.boolean().exactOptional(),
  limitSound: z.enum(['none', ...alertSounds]).exactOptional(),
  recommendedSeconds: z.int().min(10).max(longestRecommended).nullable().exactOptional(),
  stopKey: z.string().refine(isAccelerator).nullable().exactOptional(),
  shortcuts: shortcutsSchema.exactOptional(),
  region: z.enum(regionIds).nullable().exactOptional(),
  clientId: clientIdSchema.or(z.literal('')).exactOptional(),
  keepDays: keepDaysSchema.nullable().exactOptional(),
  'archive.url': z
    .string()
    .max(300)
    .refine((text) => text === '' || archiveOrigin(text) !== null, { error: () => say('archive.address') })
    .transform((text) => archiveOrigin(text) ?? '')
    .exactOptional(),
  'archive.mask': z.enum(archiveMasks).exactOptional(),
  'updates.enabled': z.boolean().exactOptional(),
  snippets: snippetsSchema.exactOptional(),
} satisfies Record<SettingKey, z.ZodType>) satisfies z.ZodType<SettingsChange>;
