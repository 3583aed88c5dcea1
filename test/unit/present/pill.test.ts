import { describe, expect, it } from 'vitest';
import { shareForPill, toldBesideShare } from '../../../domain/present/pill.ts';
import type { AppState, OtherStatus } from '../../../domain/state.ts';
import { stateWith } from '../renderer/states.ts';

const quiet = stateWith('You are sharing');
const onAir: AppState = { ...quiet, status: { ...quiet.status, phase: 'sharing', key: 'share' } };

function beside(other: Partial<OtherStatus>): AppState {
  const { others: _others, ...status } = onAir.status;
  return { ...onAir, status: { ...onAir.status, others: [{ ...status, key: 'other', ...other }] } };
}

describe('the pill', () => {
  it('is for a share that is on air, confirmed or not', () => {
    expect(shareForPill(onAir)).toBe('share');
    expect(shareForPill({ ...onAir, status: { ...onAir.status, confirmed: false } })).toBe('share');
    for (const phase of ['idle', 'starting', 'alerting', 'viewing', 'wrapUp', 'missed', 'conflict'] as const)
      expect(shareForPill({ ...onAir, status: { ...onAir.status, phase } })).toBeNull();
  });

  it('is not while an alert rings, another share goes on, or a wrap-up’s time is nearly up', () => {
    expect(shareForPill(beside({ phase: 'alerting' }))).toBeNull();
    expect(shareForPill(beside({ phase: 'sharing' }))).toBeNull();
    expect(shareForPill(beside({ phase: 'wrapUp', limit: 'near' }))).toBeNull();
    expect(shareForPill(beside({ phase: 'wrapUp', limit: 'running' }))).toBe('share');
    expect(shareForPill(beside({ phase: 'viewing' }))).toBe('share');
    expect(shareForPill(beside({ phase: 'missed' }))).toBe('share');
  });

  it('is not while a second press, an answer or a wrap-up is waited for', () => {
    const reminder = { key: 'share', rung: 'modal', reason: 'minutes', minutes: 31, asks: true } as const;
    const question = { kind: 'problem', text: '', detail: '' } as AppState['question'] & object;
    expect(
      shareForPill({ ...onAir, status: { ...onAir.status, pressAgain: 'Press again to …' } }),
    ).toBeNull();
    expect(shareForPill({ ...onAir, reminder })).toBeNull();
    expect(shareForPill({ ...onAir, reminder: { ...reminder, asks: false } })).toBe('share');
    expect(shareForPill({ ...onAir, question: { ...question, putOff: false } })).toBeNull();
    expect(shareForPill({ ...onAir, question: { ...question, putOff: true } })).toBe('share');
    const prompt = { key: 'other', connected: false } as AppState['prompt'] & object;
    expect(shareForPill({ ...onAir, prompt })).toBeNull();
    expect(shareForPill({ ...onAir, prompt: { ...prompt, connected: true } })).toBe('share');
  });

  it('opens for whatever warns, and not for what only informs', () => {
    expect(toldBesideShare(onAir)).toEqual([]);
    const told = toldBesideShare({
      ...onAir,
      status: { ...onAir.status, observed: 'Your screen is being recorded' },
      notices: [
        { id: 'good', tone: 'info', text: '' },
        { id: 'bad', tone: 'warning', text: '' },
      ],
      database: { ...onAir.database, health: 'paused' },
      outbox: {
        ...onAir.outbox,
        items: [
          { id: 'refused', key: 'other', words: '', state: 'failed', problem: '' },
          { id: 'waits', key: 'other', words: '', state: 'waiting', problem: '' },
        ],
      },
      reminder: { key: 'share', rung: 'toast', reason: 'minutes', minutes: 15, asks: false },
    });
    expect(told).toEqual([
      'notice/bad',
      'submission/refused',
      'paused',
      'observed/Your screen is being recorded',
      'reminder/toast',
    ]);
  });
});
