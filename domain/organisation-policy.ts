import { z } from 'zod';
import {
  clientIdForm,
  defaultSettings,
  settingKeys,
  type SettingKey,
  type Settings,
  type SettingsChange,
} from './settings.ts';
import { regionIds } from './regions.ts';
import { settingsChangeSchema } from './settings-schema.ts';
import { keyKeepings, type KeyKeeping } from './program-info.ts';
import type { SettingsState } from './state.ts';
import { say } from './words/say.ts';
import { reasonOf } from './toolbox/result.ts';

/**
 * What an organisation decides for its people, in `policy.json` of the system's configuration folder, or the registry:
 * `{ "locked": { "notifications": true, "region": "eu_central_1" } }`. Keys and values are those of the
 * settings; a locked one has this value and cannot be changed at this machine.
 */
const policySchema = z.strictObject({
  locked: settingsChangeSchema.extend({
    // A person may have none of these yet; an organisation that locks none would lock everybody out.
    region: z.enum(regionIds, { error: () => say('settings.policy.region') }).exactOptional(),
    clientId: z
      .string({ error: () => say('settings.policy.clientId') })
      .regex(clientIdForm, { error: () => say('settings.policy.clientId') })
      .exactOptional(),
    // No setting of a person's: it is changed for one database at a time, with `changeKeyKeeping`.
    keyKeeping: z.enum(keyKeepings).exactOptional(),
  }),
});

export type OrganisationPolicy =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'read';
      readonly file: string;
      readonly locked: SettingsChange;
      readonly keyKeeping?: KeyKeeping;
    }
  /** There is one that cannot be read. `reason` in one line. */
  | { readonly kind: 'unreadable'; readonly file: string; readonly reason: string };

/** Reads the text of `file`; strict, because a misspelt lock that locks nothing would go unnoticed. */
export function parsePolicy(file: string, text: string): OrganisationPolicy {
  let json: unknown;
  try {
    // Editors of Windows put a mark of order first.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { kind: 'unreadable', file, reason: reasonOf(error) };
  }
  const parsed = policySchema.safeParse(json);
  if (parsed.success) {
    const { keyKeeping, ...locked } = parsed.data.locked;
    return { kind: 'read', file, locked, ...(keyKeeping === undefined ? {} : { keyKeeping }) };
  }
  const issue = parsed.error.issues[0];
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  return { kind: 'unreadable', file, reason: `${where}${issue?.message ?? ''}` };
}

/** Why a locked setting cannot be changed. Where the policy cannot be read nobody knows who set what. */
export function lockedWords({ policyProblem }: Pick<SettingsState, 'policyProblem'>): string {
  return say(policyProblem === '' ? 'settings.locked' : 'settings.locked.unread');
}

/** The later one protects better. */
const byStrength: readonly KeyKeeping[] = ['file', 'system', 'passphrase'];

/** Whether a key kept like this is kept as well as the organisation wants, or better: a policy only ever tightens. */
export function isKeptWell(how: KeyKeeping, wanted: KeyKeeping | null): boolean {
  return wanted === null || byStrength.indexOf(how) >= byStrength.indexOf(wanted);
}

/** How well the organisation wants keys to be kept, at least; null: as each person chose. */
export function keyKeepingUnder(policy: OrganisationPolicy): KeyKeeping | null {
  return policy.kind === 'read' ? (policy.keyKeeping ?? null) : null;
}

/** Why a key may not be kept like this, in words; null when it may. */
export function keyKeepingRefusal(
  how: KeyKeeping,
  settings: Pick<SettingsState, 'policyProblem' | 'keyKeeping'>,
): string | null {
  const { policyProblem, keyKeeping } = settings;
  const isFree = policyProblem === '' && isKeptWell(how, keyKeeping);
  return isFree ? null : lockedWords(settings);
}

/** What only a person's own eyes and ears depend on: no organisation is harmed, a person may be. */
const personal: readonly SettingKey[] = ['theme', 'language', 'alertVolume', 'alertRepeats'];
/** Changing these would sign the agent out: they stay as they are. */
const unchanged: readonly SettingKey[] = ['region', 'clientId'];

/**
 * The settings in force, and which cannot be changed. Under a policy that cannot be read everything that
 * keeps a share from going unnoticed has its default, and nothing but the personal can be changed.
 */
export function underPolicy(
  own: Settings,
  policy: OrganisationPolicy,
): { readonly values: Settings; readonly locked: readonly SettingKey[] } {
  switch (policy.kind) {
    case 'none':
      return { values: own, locked: [] };
    case 'read': {
      const locked = settingKeys.filter((key) => key in policy.locked);
      return { values: { ...own, ...policy.locked }, locked };
    }
    case 'unreadable': {
      const locked = settingKeys.filter((key) => !personal.includes(key));
      const theirs = Object.fromEntries([...personal, ...unchanged].map((key) => [key, own[key]]));
      return { values: { ...defaultSettings, ...theirs }, locked };
    }
  }
}
