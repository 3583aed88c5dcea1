import { describe, expect, it, vi } from 'vitest';
import { fitted, reasonsToShow } from '../../../electron/shell/widget-window.ts';
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
    expect(fitted(at(40, 150), 300, area)).toEqual(at(40, 300));
    expect(fitted(at(434, 150), 300, area)).toEqual(at(284, 300));
    expect(fitted(at(284, 300), 150, area)).toEqual(at(434, 150));
  });

  it('is never higher than the work area, and lies inside it', () => {
    expect(fitted(at(40, 150), 900, area)).toEqual(at(30, 570));
    expect(fitted(at(434, 150), 900, area)).toEqual(at(30, 570));
    expect(fitted(at(200, 150), 560, area)).toEqual(at(40, 560));
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
