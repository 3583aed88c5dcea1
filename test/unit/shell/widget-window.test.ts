import { describe, expect, it, vi } from 'vitest';
import { fitted, mustBeSeenNow, reasonsToShow, staysOnTop } from '../../../electron/shell/widget-window.ts';
import { stateWith } from '../renderer/states.ts';

vi.mock('electron/main', () => ({}));

const area = { x: 0, y: 30, width: 800, height: 570 };
const at = (y: number, height: number): { x: number; y: number; width: number; height: number } => ({
  x: 100,
  y,
  width: 320,
  height,
});

describe('a window that is to be as high as its content', () => {
  it('grows downwards where there is room, upwards near the lower edge', () => {
    expect(fitted(at(40, 150), { width: 320, height: 300 }, area)).toEqual(at(40, 300));
    expect(fitted(at(434, 150), { width: 320, height: 300 }, area)).toEqual(at(284, 300));
    expect(fitted(at(284, 300), { width: 320, height: 150 }, area)).toEqual(at(434, 150));
  });

  it('is never higher than the work area, and lies inside it', () => {
    expect(fitted(at(40, 150), { width: 320, height: 900 }, area)).toEqual(at(30, 570));
    expect(fitted(at(434, 150), { width: 320, height: 900 }, area)).toEqual(at(30, 570));
    expect(fitted(at(200, 150), { width: 320, height: 560 }, area)).toEqual(at(40, 560));
  });

  it('grows to the right where there is room, to the left near the right edge, and back', () => {
    const wide = { width: 640, height: 300 };
    expect(fitted(at(40, 300), wide, area)).toEqual({ x: 100, y: 40, ...wide });
    const right = { x: 464, y: 40, width: 320, height: 300 };
    expect(fitted(right, wide, area)).toEqual({ x: 144, y: 40, ...wide });
    expect(fitted({ x: 144, y: 40, ...wide }, { width: 320, height: 300 }, area)).toEqual(right);
    // Text of 200 % on a desktop that is too narrow for it.
    expect(fitted(right, { width: 840, height: 300 }, area)).toMatchObject({ x: 0, width: 800 });
  });
});

describe('what keeps it above other windows', () => {
  it('is what the person chose: always, never, or what must not be missed', () => {
    expect([true, false].map((matters) => staysOnTop('always', matters))).toEqual([true, true]);
    expect([true, false].map((matters) => staysOnTop('whenItMatters', matters))).toEqual([true, false]);
    expect([true, false].map((matters) => staysOnTop('never', matters))).toEqual([false, false]);
  });
});

describe('what keeps the window on top', () => {
  const quiet = stateWith('Not sharing');
  const isOnTop = (change: object, limitOnTop = false): boolean =>
    mustBeSeenNow({
      ...quiet,
      status: { ...quiet.status, ...change },
      settings: { ...quiet.settings, values: { ...quiet.settings.values, limitOnTop } },
    });

  it('is an alert, being on air, and a wrap-up whose time is nearly up; or all of its time, where that is chosen', () => {
    expect(isOnTop({})).toBe(false);
    expect(isOnTop({ phase: 'alerting' })).toBe(true);
    expect(isOnTop({ phase: 'wrapUp', limit: 'near' })).toBe(true);
    expect(isOnTop({ phase: 'wrapUp', limit: 'running' })).toBe(false);
    expect(isOnTop({ phase: 'wrapUp', limit: 'running' }, true)).toBe(true);
    expect(isOnTop({ phase: 'wrapUp', limit: null }, true)).toBe(false);
  });
});

describe('what shows the window by itself', () => {
  it('is an alert, being on air and an open question, each for itself', () => {
    const quiet = stateWith('Not sharing');
    expect(reasonsToShow(quiet)).toEqual([]);
    const alerting = { ...quiet, status: { ...quiet.status, phase: 'alerting' as const, key: 'a' } };
    expect(reasonsToShow(alerting)).toEqual(['alerting/a']);
    // A question that was there before keeps no alert from showing.
    const question = { kind: 'passphrase', problem: '' } as never;
    expect(reasonsToShow({ ...alerting, question })).toEqual(['question', 'alerting/a']);
    const sharing = { ...quiet, status: { ...quiet.status, phase: 'sharing' as const, key: 'a' } };
    expect(reasonsToShow(sharing)).toEqual(['sharing/a']);
  });
});
