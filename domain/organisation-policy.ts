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
import type { Snippet } from './snippets.ts';
import { say } from './words/say.ts';
import { updateAddress } from './updates.ts';
import { excessOf } from './toolbox/excess.ts';
import { reasonOf } from './toolbox/result.ts';

/** As long as anybody reads. */
const longestArchiveWords = 600;

/**
 * What an organisation decides for its people, in `policy.json` of the system's configuration folder, or the registry:
 * `{ "locked": { "notifications": true, "region": "eu_central_1" } }`. Keys and values are those of the
 * settings; a locked one has this value and cannot be changed at this machine.
 */
export const policySchema = z.strictObject({
  locked: settingsChangeSchema.extend({
    // A person may have none of these yet; an organisation that locks none would lock everybody out.
    region: z.enum(regionIds, { error: () => say('settings.policy.region') }).exactOptional(),
    clientId: z
      .string({ error: () => say('settings.policy.clientId') })
      .regex(clientIdForm, { error: () => say('settings.policy.clientId') })
      .exactOptional(),
    // No setting of a person's: it is changed for one database at a time, with `changeKeyKeeping`.
    keyKeeping: z.enum(keyKeepings).exactOptional(),
    // What agents are told beside our own words about what leaves their desk.
    'archive.words': z.string().min(1).max(longestArchiveWords).exactOptional(),
    // Where newer versions of the program lie; empty: nobody looks for them.
    'updates.url': z
      .string()
      .max(300)
      .refine((text) => text === '' || updateAddress(text) !== null, { error: () => say('updates.address') })
      .transform((text) => updateAddress(text) ?? '')
      .exactOptional(),
    // Before the first share of each day agents confirm that others may see their screen.
    shareGate: z.boolean().exactOptional(),
    // By id or name of the queue: id or name of the code that is filed at the server's limit where the agent chose none.
    defaultCodes: z.record(z.string().min(1), z.string().min(1)).exactOptional(),
  }),
});

export type OrganisationPolicy =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'read';
      readonly file: string;
      readonly locked: SettingsChange;
      readonly keyKeeping?: KeyKeeping;
      /** Beside each person's own; nothing is locked by them. */
      readonly snippets?: readonly Snippet[];
      readonly shareGate?: boolean;
      readonly defaultCodes?: Readonly<Record<string, string>>;
      readonly archiveWords?: string;
      readonly updatesUrl?: string;
    }
  /** There is one that cannot be read. `reason` in one line. */
  | { readonly kind: 'unreadable'; readonly file: string; readonly reason: string };

/** What a message repeats of the file, such as a misspelt name, may be long. */
const longestReason = 300;

/** Reads the text of `file`; strict, because a misspelt lock that locks nothing would go unnoticed. */
export function parsePolicy(file: string, text: string): OrganisationPolicy {
  let json: unknown;
  try {
    // Editors of Windows put a mark of order first.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { kind: 'unreadable', file, reason: reasonOf(error) };
  }
  return policyOf(file, json);
}

/** The same for what was read already. */
export function policyOf(file: string, json: unknown): OrganisationPolicy {
  if (excessOf(json) !== null) return { kind: 'unreadable', file, reason: say('settings.policy.tooMany') };
  const parsed = policySchema.safeParse(json);
  if (parsed.success) {
    const {
      keyKeeping,
      snippets,
      shareGate,
      defaultCodes,
      'archive.words': archiveWords,
      'updates.url': updatesUrl,
      ...locked
    } = parsed.data.locked;
    return {
      kind: 'read',
      file,
      locked,
      ...(keyKeeping === undefined ? {} : { keyKeeping }),
      ...(snippets === undefined ? {} : { snippets }),
      ...(shareGate === undefined ? {} : { shareGate }),
      ...(defaultCodes === undefined ? {} : { defaultCodes }),
      ...(archiveWords === undefined ? {} : { archiveWords }),
      ...(updatesUrl === undefined ? {} : { updatesUrl }),
    };
  }
  const issue = parsed.error.issues[0];
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  return { kind: 'unreadable', file, reason: `${where}${issue?.message ?? ''}`.slice(0, longestReason) };
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

/** See `policySchema`. */
export function defaultCodesUnder(policy: OrganisationPolicy): Readonly<Record<string, string>> {
  return policy.kind === 'read' ? (policy.defaultCodes ?? {}) : {};
}

/** See `domain/present/share-gate.ts`. */
export function shareGateUnder(policy: OrganisationPolicy): boolean {
  return policy.kind === 'read' && policy.shareGate === true;
}

/** How well the organisation wants keys to be kept, at least; null: as each person chose. */
export function keyKeepingUnder(policy: OrganisationPolicy): KeyKeeping | null {
  return policy.kind === 'read' ? (policy.keyKeeping ?? null) : null;
}

/** What the organisation has people write by a short name. */
export function snippetsUnder(policy: OrganisationPolicy): readonly Snippet[] {
  return policy.kind === 'read' ? (policy.snippets ?? []) : [];
}

/** What the organisation says about its archive; empty where it says nothing. */
export function archiveWordsUnder(policy: OrganisationPolicy): string {
  return policy.kind === 'read' ? (policy.archiveWords ?? '') : '';
}

/**
 * Where newer versions of the program lie; empty: nobody looks for them, as under a policy nobody can read.
 *
 * @param built the address this copy was built with; null: none
 */
export function updatesUrlUnder(policy: OrganisationPolicy, built: string | null): string {
  if (policy.kind === 'unreadable') return '';
  return (policy.kind === 'read' ? policy.updatesUrl : undefined) ?? built ?? '';
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
const personal: readonly SettingKey[] = [
  'theme',
  'textSize',
  'shortcuts',
  'language',
  'alertVolume',
  'alertRepeats',
  'snippets',
];
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
