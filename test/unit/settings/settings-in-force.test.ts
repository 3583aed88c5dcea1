import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ok } from '../../../domain/toolbox/result.ts';
import type { OrganisationPolicy } from '../../../domain/organisation-policy.ts';
import { type SettingsChange } from '../../../domain/settings.ts';
import { defaultStopKey } from '../../../domain/accelerator.ts';
import { say, speakIn } from '../../../domain/words/say.ts';
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
afterEach(() => speakIn('en'));

interface Given {
  readonly policy?: OrganisationPolicy;
  readonly own?: SettingsChange;
  /** Keys of other programs. */
  readonly taken?: readonly string[];
  /** A key of ours works whatever program is in front. */
  readonly hearsEveryProgram?: boolean;
  /** Why preferences cannot be kept. */
  readonly problem?: string;
  /** Why the system starts nothing at login. */
  readonly barred?: string;
  /** What the person reads. */
  readonly preferred?: readonly string[];
}

function keeper({
  policy = { kind: 'none' },
  own = {},
  taken = [],
  problem,
  hearsEveryProgram = true,
  barred = '',
  preferred = ['en'],
}: Given = {}) {
  let kept: Preferences = {
    ...own,
    widgetPlaces: [],
    settingsPlaces: [],
    reviewPlaces: [],
    account: null,
    demoChosen: false,
    toldAboutTray: false,
    toldAboutWayland: false,
    toldKeepDays: null,
    policyDeletions: {},
    gateAccepted: {},
    toldTooOld: [],
    toldArchive: null,
  };
  const preferences: PreferencesFile = {
    get: () => kept,
    set: (change) => {
      kept = { ...kept, ...change };
    },
    startWriting: () => undefined,
    settled: () => Promise.resolve(),
    setAside: null,
    problem: () => problem ?? null,
  };
  const started: boolean[] = [];
  const start = settingsAtStart(preferences, policy);
  const system = { preferred, timesIn: (language: string) => `${language}-CH` };
  void applyAppearance(start.values, system);
  const store = createStateStore(
    emptyModel(
      { kind: 'simulator', demo: true },
      { theme: 'system', language: 'en', locale: 'en-CH' },
      start,
    ),
    () => 0,
  );
  const settings = createSettings({
    preferences,
    policy,
    store,
    isFree: (accelerator) => !taken.includes(accelerator),
    hearsEveryProgram,
    system,
    platform: 'linux',
    setStartAtLogin: (on) => (barred === '' ? (started.push(on), ok(null)) : { ok: false, reason: barred }),
  });
  return { settings, started, own: () => ownSettings(kept), state: () => store.app.getState() };
}

describe('a change', () => {
  it('is in force, kept, and told to the windows at once', async () => {
    const { settings, own, state } = keeper();
    expect(await settings.change({ theme: 'dark', language: 'en' })).toEqual(inForce);
    expect(settings.get().theme).toBe('dark');
    expect(own().theme).toBe('dark');
    expect(state().settings.values.theme).toBe('dark');
    expect(state().appearance).toEqual({ theme: 'dark', language: 'en', locale: 'en-CH' });
    expect(nativeTheme.themeSource).toBe('dark');
  });

  it('to high contrast is dark for the system, and the system’s language is the system’s', async () => {
    const { settings, state } = keeper({
      own: { theme: 'light', language: 'en' },
      preferred: ['de-CH', 'en'],
    });
    expect(nativeTheme.themeSource).toBe('light');
    await settings.change({ theme: 'contrast', language: 'system' });
    expect(nativeTheme.themeSource).toBe('dark');
    expect(state().appearance).toEqual({ theme: 'contrast', language: 'de', locale: 'de-CH' });
  });

  it('of the language is spoken from then on, also by what was said already', async () => {
    const unreadable = { kind: 'unreadable', file: 'policy.json', reason: 'a comma' } as const;
    const { settings, state } = keeper({ policy: unreadable, own: { language: 'en' } });
    expect(state().status.title).toBe('Connecting');
    await settings.change({ language: 'de' });
    expect(state().status.title).toBe('Verbindung wird aufgebaut');
    expect(state().settings.policyProblem).toContain('Die Richtlinie Ihrer Organisation');
    expect(await settings.change({ notifications: false })).toEqual(refused('Sie können dies erst ändern'));
    await settings.change({ language: 'es' });
    expect(state().appearance).toMatchObject({ language: 'es', locale: 'es-CH' });
    await settings.change({ language: 'en' });
    expect(say('tray.quit')).toBe('Quit Sharelight');
  });

  it('that cannot be kept is in force and says so', async () => {
    const { settings } = keeper({ problem: 'disk full' });
    expect(await settings.change({ notifications: false })).toEqual({
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

  it('refuses a change, and everything that came with it', async () => {
    const { settings } = keeper({ policy });
    const before = settings.get();
    expect(await settings.change({ notifications: false, alertVolume: 5 })).toEqual(
      refused('Your organisation has set this'),
    );
    expect(settings.get()).toEqual(before);
  });

  it('does not refuse what is so already', async () => {
    const { settings } = keeper({ policy });
    expect(await settings.change({ notifications: true, alertVolume: 5 })).toEqual(inForce);
    expect(settings.get().alertVolume).toBe(5);
  });

  it('under an unreadable policy is on nearly everything, and the reason is in the state', async () => {
    const { settings, state } = keeper({ policy: { kind: 'unreadable', file: '/etc/p', reason: 'bad' } });
    expect(state().settings.policyProblem).toMatch(/\/etc\/p.*bad/);
    expect(await settings.change({ stopKey: null })).toEqual(refused('until your organisation’s policy'));
    expect(await settings.change({ theme: 'light' })).toEqual(inForce);
  });
});

describe('starting at login', () => {
  it('is asked of the system once it is chosen, and not said to be so where that fails', async () => {
    const { settings, started } = keeper();
    await settings.change({ startAtLogin: true });
    await settings.change({ startAtLogin: true, alertVolume: 5 });
    expect(started).toEqual([true]);
    const barred = keeper({ barred: 'read-only' });
    expect(await barred.settings.change({ startAtLogin: true })).toEqual(refused('read-only'));
    expect(barred.settings.get().startAtLogin).toBe(false);
  });
});

describe('other keys', () => {
  it('are refused by name where something else has them, here or in another program', async () => {
    const { settings, state } = keeper({ taken: ['CommandOrControl+Alt+K'] });
    expect(await settings.change({ shortcuts: { favourite: 'CommandOrControl+Enter' } })).toEqual(
      refused('Done or Save'),
    );
    expect(await settings.change({ shortcuts: { showWidget: 'CommandOrControl+Alt+K' } })).toEqual(
      refused('Ctrl+Alt+K'),
    );
    expect(await settings.change({ stopKey: 'CommandOrControl+Shift+R' })).toEqual(refused('Review records'));
    // Both at once: they change places.
    const swapped = { favourite: 'CommandOrControl+Enter', submit: 'CommandOrControl+D' };
    expect(await settings.change({ shortcuts: swapped })).toEqual(inForce);
    expect(state().settings.values.shortcuts).toEqual(swapped);
  });

  it('say why they do nothing, until they are changed', async () => {
    const { settings, state } = keeper({ hearsEveryProgram: false });
    await settings.change({ shortcuts: { showWidget: 'F8' } });
    settings.reportKey('showWidget', 'F8', false);
    expect(state().settings.keyProblems.showWidget).toMatch(/Wayland/);
    await settings.change({ shortcuts: {} });
    expect(state().settings.keyProblems).toEqual({});
  });
});

describe('the text size', () => {
  it('is stepped from what is in force, and not past what the organisation has set', async () => {
    const { settings, state } = keeper({ own: { textSize: 175 } });
    expect(await settings.stepTextSize('larger')).toMatchObject({ ok: true });
    expect(state().settings.values.textSize).toBe(200);
    const policy = { kind: 'read', file: 'p', locked: { textSize: 125 } } as const;
    expect(await keeper({ policy }).settings.stepTextSize('larger')).toEqual(refused('Your organisation'));
  });
});

describe('the stop key', () => {
  it('is refused by name while another program has it', async () => {
    const { settings } = keeper({ taken: ['Alt+Shift+S'] });
    expect(await settings.change({ stopKey: 'Alt+Shift+S' })).toEqual(refused('Alt+Shift+S'));
    expect(settings.get().stopKey).toBe(defaultStopKey);
    expect(await settings.change({ stopKey: null })).toEqual(inForce);
    expect(settings.get().stopKey).toBeNull();
  });

  it('works everywhere only once the system gave it to us', async () => {
    const { settings, state } = keeper();
    expect(state().settings.stopKeyReach).toBe('untried');
    settings.reportStopKey(defaultStopKey, true);
    expect(state().settings).toMatchObject({ stopKeyReach: 'everywhere', stopKeyProblem: '' });
    await settings.change({ stopKey: 'F9' });
    expect(state().settings.stopKeyReach).toBe('untried');
    await settings.change({ stopKey: null });
    expect(state().settings).toMatchObject({ stopKeyReach: 'off', stopKeyProblem: '' });
    expect(keeper({ own: { stopKey: null } }).state().settings.stopKeyReach).toBe('off');
  });

  it('that could not be had when it was wanted is a problem until it can, or is changed', async () => {
    const { settings, state } = keeper();
    settings.reportStopKey(defaultStopKey, false);
    expect(state().settings.stopKeyProblem).toContain('Ctrl+Alt+Shift+9');
    expect(state().settings.stopKeyReach).toBe('window');
    settings.reportStopKey(defaultStopKey, true);
    expect(state().settings.stopKeyProblem).toBe('');
    settings.reportStopKey(defaultStopKey, false);
    await settings.change({ stopKey: 'F9' });
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
