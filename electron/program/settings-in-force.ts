import { nativeTheme } from 'electron/main';
import {
  keyKeepingUnder,
  lockedWords,
  underPolicy,
  type OrganisationPolicy,
} from '../../domain/organisation-policy.ts';
import {
  settingKeys,
  type SettingKey,
  type Settings,
  type SettingsChange,
  type Theme,
} from '../../domain/settings.ts';
import { acceleratorWords } from '../../domain/shortcut.ts';
import type { Appearance, SettingsState, StopKeyReach } from '../../domain/state.ts';
import { ok, refused, type Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import { ownSettings, type PreferencesFile } from '../shell/preferences.ts';
import type { StateStore } from '../tracker/state.ts';

export interface SettingsInForce {
  /** In force now. */
  readonly get: () => Settings;
  /** Puts a change in force. `notKept`: why only until the program ends, in words; empty when it is kept. */
  readonly change: (change: SettingsChange) => Result<{ readonly notKept: string }>;
  /** Whether the stop key could be had when it was wanted. */
  readonly reportStopKey: (stopKey: string, got: boolean) => void;
}

interface SettingsParts {
  readonly preferences: PreferencesFile;
  readonly policy: OrganisationPolicy;
  readonly store: StateStore;
  /** Whether no other program has this key. */
  readonly isFree: (accelerator: string) => boolean;
  /** Whether a key of ours works whatever program is in front. */
  readonly hearsEveryProgram: boolean;
  /** The system's language, as a BCP 47 tag. */
  readonly systemLocale: string;
  readonly platform: NodeJS.Platform;
}

/** The settings as a program starts with them. */
export function settingsAtStart(preferences: PreferencesFile, policy: OrganisationPolicy): SettingsState {
  const inForce = underPolicy(ownSettings(preferences.get()), policy);
  return {
    ...inForce,
    keyKeeping: keyKeepingUnder(policy),
    policyProblem: policyProblem(policy),
    ...untriedStopKey(inForce.values),
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

/** How pages are to look and speak; puts the system's part of it (menus, frames) in force as well. */
export function applyAppearance({ theme }: Settings, systemLocale: string): Appearance {
  nativeTheme.themeSource = themeSource(theme);
  return { theme, locale: systemLocale };
}

/** High contrast is drawn by our own pages; the system's part of it is dark. */
function themeSource(theme: Theme): 'system' | 'light' | 'dark' {
  return theme === 'contrast' ? 'dark' : theme;
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Changes of the settings, under the organisation's policy, kept in the preferences and shown in the windows. */
export function createSettings(parts: SettingsParts): SettingsInForce {
  const { preferences, policy, store } = parts;
  const state = (): SettingsState => store.model.getState().settings;

  function changed(change: SettingsChange): SettingKey[] {
    return settingKeys.filter((key) => key in change && !same(change[key], state().values[key]));
  }

  function keysOf(stopKey: string): string {
    return acceleratorWords(stopKey, parts.platform === 'darwin');
  }

  return {
    get: () => state().values,
    change: (change) => {
      if (changed(change).some((key) => state().locked.includes(key))) return refused(lockedWords(state()));
      const { stopKey } = change;
      const wanted = typeof stopKey === 'string' && changed(change).includes('stopKey') ? stopKey : null;
      if (wanted !== null && !parts.isFree(wanted))
        return refused(say('settings.stopKey.taken', { keys: keysOf(wanted) }));

      preferences.set(change);
      const inForce = underPolicy(ownSettings(preferences.get()), policy);
      const again = stopKey === undefined ? {} : untriedStopKey(inForce.values);
      store.update((model) => ({
        settings: { ...model.settings, ...inForce, ...again },
        appearance: applyAppearance(inForce.values, parts.systemLocale),
      }));
      const problem = preferences.problem();
      return ok({ notKept: problem === null ? '' : say('settings.notKept', { reason: problem }) });
    },
    reportStopKey: (stopKey, got) => {
      // Having it proves nothing where other programs' keys never reach us.
      const isEverywhere = got && parts.hearsEveryProgram;
      const stopKeyReach: StopKeyReach = isEverywhere ? 'everywhere' : 'window';
      const stopKeyProblem = isEverywhere
        ? ''
        : parts.hearsEveryProgram
          ? say('settings.stopKey.missed', { keys: keysOf(stopKey) })
          : say('settings.stopKey.wayland');
      store.update((model) => ({ settings: { ...model.settings, stopKeyReach, stopKeyProblem } }));
    },
  };
}
