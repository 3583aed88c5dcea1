import { nativeTheme } from 'electron/main';
import {
  archiveWordsUnder,
  defaultCodesUnder,
  shareGateUnder,
  keyKeepingUnder,
  lockedWords,
  snippetsUnder,
  underPolicy,
  updatesUrlUnder,
  type OrganisationPolicy,
} from '../../domain/organisation-policy.ts';
import {
  settingKeys,
  type SettingKey,
  type Settings,
  type SettingsChange,
  type Theme,
} from '../../domain/settings.ts';
import { acceleratorWords } from '../../domain/accelerator.ts';
import { conflictOf, keysOf, shortcutIds, shortcutTable, type ShortcutId } from '../../domain/shortcuts.ts';
import type { Appearance, SettingsState, StopKeyReach } from '../../domain/state.ts';
import { stepTextSize, type TextSizeStep } from '../../domain/text-size.ts';
import { done, ok, refused, type Result } from '../../domain/toolbox/result.ts';
import { chooseLanguage } from '../../domain/words/choose-language.ts';
import { say, speakIn, wordsLanguage, type LanguageId } from '../../domain/words/say.ts';
import { buildInfo } from '../build-info.ts';
import { ownSettings, type PreferencesFile } from '../shell/preferences.ts';
import type { StateStore } from '../tracker/state.ts';

export interface SettingsInForce {
  /** In force now. */
  readonly get: () => Settings;
  /** Puts a change in force. `notKept`: why only until the program ends, in words; empty when it is kept. */
  readonly change: (change: SettingsChange) => Promise<Result<{ readonly notKept: string }>>;
  /** Makes everything in the windows larger or smaller. */
  readonly stepTextSize: (step: TextSizeStep) => Promise<Result>;
  /** Whether a key that is to work from any program could be had when it was wanted. */
  readonly reportKey: (id: ShortcutId, keys: string, got: boolean) => void;
  /** The same of the stop key. */
  readonly reportStopKey: (stopKey: string, got: boolean) => void;
}

/** What the system says about words and times. */
export interface SystemLanguages {
  /** What the person reads, the best first. */
  readonly preferred: readonly string[];
  /** How times are written in a language, as BCP 47. */
  readonly timesIn: (language: LanguageId) => string;
}

interface SettingsParts {
  readonly preferences: PreferencesFile;
  readonly policy: OrganisationPolicy;
  /** `--archive`. */
  readonly archive?: string | null;
  readonly store: StateStore;
  /** Whether no other program has this key. */
  readonly isFree: (accelerator: string) => boolean;
  /** Whether a key of ours works whatever program is in front. */
  readonly hearsEveryProgram: boolean;
  readonly system: SystemLanguages;
  readonly platform: NodeJS.Platform;
  /** Has the system start the program at login, or no more; it refuses where it cannot. */
  readonly setStartAtLogin: (on: boolean) => Result;
}

/** What was chosen, with what the command line gives for this run. */
function chosen(preferences: PreferencesFile, archive: string | null): Settings {
  return { ...ownSettings(preferences.get()), ...(archive === null ? {} : { 'archive.url': archive }) };
}

/** The settings as a program starts with them. `archive`: `--archive`. */
export function settingsAtStart(
  preferences: PreferencesFile,
  policy: OrganisationPolicy,
  archive: string | null = null,
): SettingsState {
  const inForce = underPolicy(chosen(preferences, archive), policy);
  return {
    ...inForce,
    keyKeeping: keyKeepingUnder(policy),
    snippets: snippetsUnder(policy),
    defaultCodes: defaultCodesUnder(policy),
    archiveWords: archiveWordsUnder(policy),
    updatesUrl: updatesUrlUnder(policy, buildInfo.updates),
    shareGate: shareGateUnder(policy),
    policyProblem: policyProblem(policy),
    ...untriedStopKey(inForce.values),
    keyProblems: {},
  };
}

function untriedStopKey({ stopKey }: Settings): Pick<SettingsState, 'stopKeyReach' | 'stopKeyProblem'> {
  return { stopKeyReach: stopKey === null ? 'off' : 'untried', stopKeyProblem: '' };
}

/** Empty when there is no policy, or it could be read. */
export function policyProblem(policy: OrganisationPolicy): string {
  if (policy.kind !== 'unreadable') return '';
  return say('settings.policyUnreadable', { file: policy.file, reason: policy.reason });
}

/** How pages are to look; puts the system's part of it (menus, frames) in force as well. Speaks the chosen language. */
export async function applyAppearance(chosen: Settings, system: SystemLanguages): Promise<Appearance> {
  const { theme } = chosen;
  nativeTheme.themeSource = themeSource(theme);
  await speakIn(chooseLanguage(chosen.language, system.preferred));
  const language = wordsLanguage();
  return { theme, language, locale: system.timesIn(language) };
}

/** High contrast is drawn by our own pages; the system's part of it is dark. */
function themeSource(theme: Theme): 'system' | 'light' | 'dark' {
  return theme === 'contrast' ? 'dark' : theme;
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Changes of the settings, under the organisation's policy, kept in the preferences and shown in the windows. */
export function createSettings(parts: SettingsParts): SettingsInForce {
  const { preferences, policy, store } = parts;
  /** Until the person sets another one. */
  let archive = parts.archive ?? null;
  const state = (): SettingsState => store.model.getState().settings;

  function changed(change: SettingsChange): SettingKey[] {
    return settingKeys.filter((key) => key in change && !same(change[key], state().values[key]));
  }

  function words(keys: string): string {
    return acceleratorWords(keys, parts.platform === 'darwin');
  }

  /** Why keys that are new cannot do what they are to do: they do something else, here or in another program. */
  function keyProblem(change: SettingsChange): string | null {
    const before = state().values;
    const after = { ...before, ...change };
    for (const id of shortcutIds) {
      for (const keys of keysOf(id, after).filter((each) => !keysOf(id, before).includes(each))) {
        const other = conflictOf(id, keys, after);
        if (other !== null)
          return say('shortcut.taken', { keys: words(keys), other: say(`shortcut.${other}`) });
        if (shortcutTable[id].place === 'anywhere' && !parts.isFree(keys))
          return say('settings.stopKey.taken', { keys: words(keys) });
      }
    }
    return null;
  }

  const apply: SettingsInForce['change'] = async (change) => {
    if (changed(change).some((key) => state().locked.includes(key))) return refused(lockedWords(state()));
    const { stopKey } = change;
    const problem = keyProblem(change);
    if (problem !== null) return refused(problem);

    const { startAtLogin } = change;
    if (startAtLogin !== undefined && changed(change).includes('startAtLogin')) {
      const set = parts.setStartAtLogin(startAtLogin);
      if (!set.ok) return refused(say('settings.startAtLogin.failed', { reason: set.reason }));
    }

    if (change['archive.url'] !== undefined) archive = null;
    preferences.set(change);
    const inForce = underPolicy(chosen(preferences, archive), policy);
    const appearance = await applyAppearance(inForce.values, parts.system);
    const again = stopKey === undefined ? {} : untriedStopKey(inForce.values);
    const keyProblems = change.shortcuts === undefined ? state().keyProblems : {};
    store.update((model) => ({
      settings: {
        ...model.settings,
        ...inForce,
        ...again,
        keyProblems,
        policyProblem: policyProblem(policy),
      },
      appearance,
    }));
    await preferences.settled();
    const unwritten = preferences.problem();
    return ok({ notKept: unwritten === null ? '' : say('settings.notKept', { reason: unwritten }) });
  };

  return {
    get: () => state().values,
    change: apply,
    stepTextSize: async (step) => {
      const reply = await apply({ textSize: stepTextSize(state().values.textSize, step) });
      if (!reply.ok) return reply;
      return reply.value.notKept === '' ? done : refused(reply.value.notKept);
    },
    reportKey: (id, keys, got) => {
      const problem = got
        ? ''
        : parts.hearsEveryProgram
          ? say('settings.stopKey.taken', { keys: words(keys) })
          : say('shortcut.wayland');
      if ((state().keyProblems[id] ?? '') === problem) return;
      store.update(({ settings }) => ({
        settings: { ...settings, keyProblems: { ...settings.keyProblems, [id]: problem } },
      }));
    },
    reportStopKey: (stopKey, got) => {
      // Having it proves nothing where other programs' keys never reach us.
      const isEverywhere = got && parts.hearsEveryProgram;
      const stopKeyReach: StopKeyReach = isEverywhere ? 'everywhere' : 'window';
      const stopKeyProblem = isEverywhere
        ? ''
        : parts.hearsEveryProgram
          ? say('settings.stopKey.missed', { keys: words(stopKey) })
          : say('settings.stopKey.wayland');
      store.update((model) => ({ settings: { ...model.settings, stopKeyReach, stopKeyProblem } }));
    },
  };
}
