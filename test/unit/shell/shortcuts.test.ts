import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppState, StateSource } from '../../../domain/state.ts';
import { isFree, startChosenKeys, startShortcuts } from '../../../electron/shell/shortcuts.ts';
import { systemClock } from '../../../electron/system-clock.ts';
import { stateWith } from '../renderer/states.ts';

/** What the system gives: it says yes to everything nobody else has. */
const desktop = vi.hoisted(() => ({ ours: new Set<string>(), others: new Set<string>(), asked: 0 }));
vi.mock('electron/main', () => ({
  app: {},
  globalShortcut: {
    isRegistered: (key: string) => desktop.ours.has(key),
    register: (key: string) => {
      desktop.asked += 1;
      if (desktop.others.has(key)) return false;
      desktop.ours.add(key);
      return true;
    },
    unregister: (key: string) => desktop.ours.delete(key),
  },
}));

const key = 'Control+Alt+Shift+9';

beforeEach(() => {
  desktop.ours.clear();
  desktop.others.clear();
  desktop.asked = 0;
});

describe('whether a key is free', () => {
  it('is tried where trying is nobody’s business, and the key is given back', () => {
    expect(isFree(key, false)).toBe(true);
    expect(desktop.ours.size).toBe(0);
    desktop.others.add(key);
    expect(isFree(key, false)).toBe(false);
    // Ours is no other program's.
    desktop.others.clear();
    desktop.ours.add(key);
    expect(isFree(key, false)).toBe(true);
    expect(desktop.ours.has(key)).toBe(true);
  });

  it('is not tried where the desktop would ask the person', () => {
    desktop.others.add(key);
    expect(isFree(key, true)).toBe(true);
    expect(desktop.asked).toBe(0);
  });
});

describe('the stop key', () => {
  function follow(phase: 'idle' | 'sharing'): { reports: unknown[][]; stop: () => void } {
    const quiet = stateWith('Not sharing');
    const state = {
      ...quiet,
      status: { ...quiet.status, phase, key: phase === 'sharing' ? 'a' : null },
      settings: {
        ...quiet.settings,
        stopKeyReach: 'untried' as const,
        values: { ...quiet.settings.values, stopKey: key },
      },
    };
    const source: StateSource = { getState: () => state, subscribe: () => () => undefined };
    const reports: unknown[][] = [];
    const stop = startShortcuts({
      source,
      stop: () => undefined,
      onStopKey: (...report) => reports.push(report),
      clock: systemClock,
    });
    return { reports, stop };
  }

  it.each([
    ['an X11 session', 'x11', 1],
    ['a Wayland session', 'wayland', 0],
  ])('is only looked for while nothing is shared: in %s', (_where, session, asked) => {
    vi.stubEnv('XDG_SESSION_TYPE', session);
    vi.stubEnv('WAYLAND_DISPLAY', undefined);
    const { reports, stop } = follow('idle');
    expect(reports).toEqual([[key, true]]);
    expect(desktop).toMatchObject({ asked, ours: new Set() });
    stop();
    vi.unstubAllEnvs();
  });

  it('is ours while something is shared, and only then', () => {
    const { reports, stop } = follow('sharing');
    expect(reports).toEqual([[key, true]]);
    expect(desktop.ours).toEqual(new Set([key]));
    stop();
    expect(desktop.ours.size).toBe(0);
  });
});

describe('keys a person chose', () => {
  const show = 'CommandOrControl+Alt+K';
  const answer = 'CommandOrControl+Alt+L';

  function follow(hearsEveryProgram = true) {
    const quiet = stateWith('Not sharing');
    const settings = {
      ...quiet.settings,
      values: { ...quiet.settings.values, shortcuts: { showWidget: show, answerAnywhere: answer } },
    };
    let state: AppState = { ...quiet, settings };
    let tell = (): void => undefined;
    const source: StateSource = {
      getState: () => state,
      subscribe: (listener) => {
        tell = () => {
          listener(state, state);
        };
        return () => undefined;
      },
    };
    const reports: unknown[][] = [];
    const nothing = (): void => undefined;
    const stop = startChosenKeys({
      source,
      actions: { showWidget: nothing, answerAnywhere: nothing, declineAnywhere: nothing },
      onKey: (...report) => reports.push(report),
      clock: systemClock,
      hearsEveryProgram,
    });
    const become = (change: Partial<AppState>): void => {
      state = { ...state, ...change };
      tell();
    };
    return { reports, stop, become, state: () => state };
  }

  it('are ours while there is something for them to do, and only then', () => {
    const { reports, stop, become, state } = follow();
    expect(desktop.ours).toEqual(new Set([show]));
    become({ status: { ...state().status, phase: 'alerting', key: 'a' } });
    expect(desktop.ours).toEqual(new Set([show, answer]));
    become({ status: { ...state().status, phase: 'idle', key: null } });
    expect(desktop.ours).toEqual(new Set([show]));
    expect(reports).toEqual([
      ['showWidget', show, true],
      ['answerAnywhere', answer, true],
    ]);
    const { settings } = state();
    become({ settings: { ...settings, values: { ...settings.values, shortcuts: {} } } });
    expect(desktop.ours.size).toBe(0);
    stop();
  });

  it('are tried once where another program has them, and never where no program hears them', () => {
    desktop.others.add(show);
    const taken = follow();
    taken.become({});
    expect(taken.reports).toEqual([['showWidget', show, false]]);
    taken.stop();
    const asked = desktop.asked;
    expect(follow(false).reports).toEqual([['showWidget', show, false]]);
    expect(desktop.asked).toBe(asked);
  });
});
