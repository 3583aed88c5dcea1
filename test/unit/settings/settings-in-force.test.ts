import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ok } from '../../../domain/toolbox/result.ts';
import type { OrganisationPolicy } from '../../../domain/organisation-policy.ts';
import { defaultStopKey, type SettingsChange } from '../../../domain/settings.ts';
import { ownSettings, type Preferences, type PreferencesFile } from '../../../electron/shell/preferences.ts';
import { createStateStore, emptyModel } from '../../../electron/tracker/state.ts';
import {
  createSettings,
  applyAppearance,
  settingsAtStart,
} from '../../../electron/program/settings-in-force.ts';

const nativeTheme = vi.hoisted(() => ({ themeSource: 'system' }));
vi.mock('electron/main', () => ({ nativeTheme }));
vi.mock('electron-store', () => ({ default: vi.fn() }));

const inForce = ok({ notKept: '' });
const refused = (words: string): object => ({
  ok: false,
  reason: expect.stringContaining(words) as string,
});

beforeEach(() => {
  nativeTheme.themeSource = 'system';
});

interface Given {
  readonly policy?: OrganisationPolicy;
  readonly own?: SettingsChange;
  /** Keys of other programs. */
  readonly taken?: readonly string[];
  /** A key of ours works whatever program is in front. */
  readonly hearsEveryProgram?: boolean;
  /** Why preferences cannot be kept. */
  readonly problem?: string;
}

function keeper({
  policy = { kind: 'none' },
  own = {},
  taken = [],
  problem,
  hearsEveryProgram = true,
}: Given = {}) {
  let kept: Preferences = {
    ...own,
    widgetPlaces: [],
    widgetPlace: null,
    account: null,
    toldAboutTray: false,
    toldAboutWayland: false,
    toldKeepDays: null,
    policyDeletions: {},
    stopKeyChosen: false,
    toldTooOld: [],
  };
  const preferences: PreferencesFile = {
    get: () => kept,
    set: (change) => {
      kept = { ...kept, ...change };
    },
    setAside: null,
    stopKeyMoved: false,
    problem: () => problem ?? null,
  };
  const start = settingsAtStart(preferences, policy);
  const store = createStateStore(
    emptyModel({ kind: 'simulator', demo: true }, applyAppearance(start.values, 'de-CH'), start),
    () => 0,
  );
  const settings = createSettings({
    preferences,
    policy,
    store,
    isFree: (accelerator) => !taken.includes(accelerator),
    hearsEveryProgram,
    systemLocale: 'de-CH',
    platform: 'linux',
  });
  return { settings, own: () => ownSettings(kept), state: () => store.app.getState() };
}

describe('a change', () => {
  it('is in force, kept, and told to the windows at once', () => {
    const { settings, own, state } = keeper();
    expect(settings.change({ theme: 'dark', language: 'en' })).toEqual(inForce);
    expect(settings.get().theme).toBe('dark');
    expect(own().theme).toBe('dark');
    expect(state().settings.values.theme).toBe('dark');
    expect(state().appearance).toEqual({ theme: 'dark', locale: 'de-CH' });
    expect(nativeTheme.themeSource).toBe('dark');
  });

  it('to high contrast is dark for the system, and the system’s language is the system’s', () => {
    const { settings, state } = keeper({ own: { theme: 'light', language: 'en' } });
    expect(nativeTheme.themeSource).toBe('light');
    settings.change({ theme: 'contrast', language: 'system' });
    expect(nativeTheme.themeSource).toBe('dark');
    expect(state().appearance).toEqual({ theme: 'contrast', locale: 'de-CH' });
  });

  it('that cannot be kept is in force and says so', () => {
    const { settings } = keeper({ problem: 'disk full' });
    expect(settings.change({ notifications: false })).toEqual({
      ok: true,
      value: { notKept: expect.stringContaining('disk full') as string },
    });
    expect(settings.get().notifications).toBe(false);
  });
});

describe('a lock', () => {
  const policy: OrganisationPolicy = {
    kind: 'read',
    file: 'p',
    locked: { notifications: true, theme: 'dark' },
  };

  it('goes before what the person chose, which is kept for later', () => {
    const { settings, own, state } = keeper({ policy, own: { notifications: false } });
    expect(settings.get().notifications).toBe(true);
    expect(own().notifications).toBe(false);
    expect(state().settings.locked).toEqual(['theme', 'notifications']);
    expect(nativeTheme.themeSource).toBe('dark');
  });

  it('refuses a change, and everything that came with it', () => {
    const { settings } = keeper({ policy });
    const before = settings.get();
    expect(settings.change({ notifications: false, alertVolume: 5 })).toEqual(
      refused('Your organisation has set this'),
    );
    expect(settings.get()).toEqual(before);
  });

  it('does not refuse what is so already', () => {
    const { settings } = keeper({ policy });
    expect(settings.change({ notifications: true, alertVolume: 5 })).toEqual(inForce);
    expect(settings.get().alertVolume).toBe(5);
  });

  it('under an unreadable policy is on nearly everything, and the reason is in the state', () => {
    const { settings, state } = keeper({ policy: { kind: 'unreadable', file: '/etc/p', reason: 'bad' } });
    expect(state().settings.policyProblem).toMatch(/\/etc\/p.*bad/);
    expect(settings.change({ stopKey: null })).toEqual(refused('until your organisation’s policy'));
    expect(settings.change({ theme: 'light' })).toEqual(inForce);
  });
});

describe('the stop key', () => {
  it('is refused by name while another program has it', () => {
    const { settings } = keeper({ taken: ['Alt+Shift+S'] });
    expect(settings.change({ stopKey: 'Alt+Shift+S' })).toEqual(refused('Alt+Shift+S'));
    expect(settings.get().stopKey).toBe(defaultStopKey);
    expect(settings.change({ stopKey: null })).toEqual(inForce);
    expect(settings.get().stopKey).toBeNull();
  });

  it('works everywhere only once the system gave it to us', () => {
    const { settings, state } = keeper();
    expect(state().settings.stopKeyReach).toBe('untried');
    settings.reportStopKey(defaultStopKey, true);
    expect(state().settings).toMatchObject({ stopKeyReach: 'everywhere', stopKeyProblem: '' });
    settings.change({ stopKey: 'F9' });
    expect(state().settings.stopKeyReach).toBe('untried');
    settings.change({ stopKey: null });
    expect(state().settings).toMatchObject({ stopKeyReach: 'off', stopKeyProblem: '' });
    expect(keeper({ own: { stopKey: null } }).state().settings.stopKeyReach).toBe('off');
  });

  it('that could not be had when it was wanted is a problem until it can, or is changed', () => {
    const { settings, state } = keeper();
    settings.reportStopKey(defaultStopKey, false);
    expect(state().settings.stopKeyProblem).toContain('Ctrl+Alt+Shift+9');
    expect(state().settings.stopKeyReach).toBe('window');
    settings.reportStopKey(defaultStopKey, true);
    expect(state().settings.stopKeyProblem).toBe('');
    settings.reportStopKey(defaultStopKey, false);
    settings.change({ stopKey: 'F9' });
    expect(state().settings.stopKeyProblem).toBe('');
  });

  it.each([true, false])('on Wayland is never said to work, whether it was given (%s) or not', (got) => {
    const { settings, state } = keeper({ hearsEveryProgram: false });
    settings.reportStopKey(defaultStopKey, got);
    expect(state().settings.stopKeyReach).toBe('window');
    expect(state().settings.stopKeyProblem).toMatch(/Wayland.*only while the Sharelight window/);
    expect(state().settings.stopKeyProblem).not.toContain('Ctrl');
  });
});
