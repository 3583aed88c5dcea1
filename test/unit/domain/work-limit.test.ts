import { describe, expect, it } from 'vitest';
import type { KnownState } from '../../../domain/present/known-state.ts';
import { present } from '../../../domain/present/present.ts';
import { defaultSentAt } from '../../../domain/present/work-limit.ts';
import { sendAheadMs } from '../../../domain/submissions.ts';
import { draft, freshSettings, model, submission } from './known.ts';
import { at, ended, ms, one } from './wire.ts';

/** The share ended 15 s into the day. */
function wrapUp(policy: string, wrapupTimeoutMs?: number) {
  return one({
    agent: {
      wrapupPrompt: policy,
      startAcwTime: at(15),
      ...(wrapupTimeoutMs === undefined ? {} : { wrapupTimeoutMs }),
    },
    leg: { ...ended, afterCallWork: { state: 'pending', startTime: at(15) } },
  });
}
const timed = wrapUp('timeout', 60_000);
const withSettings = (change: object, values = {}): Partial<KnownState> => ({
  settings: { ...freshSettings, ...change, values: { ...freshSettings.values, ...values } },
});
const codes = { from: 'server', problem: '', codes: [{ id: 'code-9', name: 'No action' }] } as const;

describe('while a limit runs', () => {
  it.each([
    [20, 'running'],
    [54, 'running'],
    [55, 'near'],
    [74, 'near'],
    [75, null],
  ] as const)('%i s into the day it is %s', (seconds, limit) => {
    expect(present(model([timed]), ms(seconds)).state.status.limit).toBe(limit);
  });

  it('of ten seconds the last five are near, and nothing else has a limit', () => {
    const short = model([wrapUp('timeout', 10_000)]);
    expect([19, 20].map((now) => present(short, ms(now)).state.status.limit)).toEqual(['running', 'near']);
    expect(present(model([wrapUp('mandatory')]), ms(20)).state.status.limit).toBe(null);
    const forced = wrapUp('forcedTimeout', 60_000);
    const saved = model([forced], { submissions: [submission(forced, { state: 'confirmed' })] });
    expect(present(saved, ms(60)).state.status.limit).toBe(null);
    expect(present(saved, ms(60)).state.prompt?.saved).toBe(true);
  });

  it('a wrap-up that was saved long before its time is up is shown when it is', () => {
    const closed = one({
      agent: {
        wrapupPrompt: 'forcedTimeout',
        wrapupTimeoutMs: 60_000,
        startAcwTime: at(15),
        endAcwTime: at(75),
      },
      leg: { ...ended, afterCallWork: { state: 'complete', startTime: at(15), endTime: at(75) } },
    });
    const seen = { ...closed, lastSeenAt: at(75) };
    const known = model([seen], { submissions: [submission(seen, { state: 'confirmed' })] });
    const said = (seconds: number): string => present(known, ms(seconds)).state.status.phase;
    expect([76, 84, 86].map(said)).toEqual(['wrappedUp', 'wrappedUp', 'idle']);
  });

  it('is read again when it comes near', () => {
    expect(present(model([timed]), ms(20)).recheckAt).toBe(ms(55));
    expect(present(model([timed]), ms(56)).recheckAt).toBe(ms(75));
  });

  it('says what happens at its end before it does', () => {
    const atZero = (change: Partial<KnownState>, about = timed): string | undefined =>
      present(model([about], change), ms(20)).state.prompt?.atZero;
    expect(atZero({})).toBe('When time is up, Genesys closes this without a code.');
    expect(atZero({ drafts: { [timed.key]: draft(timed) } })).toBe('When time is up, “Resolved” is sent.');
    const queue = { ...timed, queueName: 'Billing help' };
    const known = {
      ...withSettings({ defaultCodes: { 'Billing help': 'no action' } }),
      codes: { [timed.key]: codes },
    };
    expect(atZero(known, queue)).toBe('When time is up, this queue’s code “No action” is sent for you.');
    expect(atZero({}, wrapUp('mandatory'))).toBe('');
  });
});

describe('the code of a queue', () => {
  const queue = { ...timed, queueId: 'queue-1' };
  const known = (change: Partial<KnownState> = {}): KnownState =>
    model([queue], {
      ...withSettings({ defaultCodes: { 'queue-1': 'code-9' } }),
      codes: { [queue.key]: codes },
      ...change,
    });

  it('is sent at the limit where nobody chose one', () => {
    const code = { code: 'code-9', name: 'No action' };
    expect(defaultSentAt(known(), queue, ms(20))).toEqual({ code, at: ms(75) - sendAheadMs });
    expect(defaultSentAt(known(), queue, ms(77))).toEqual({ code, at: ms(75) - sendAheadMs });
    const notes = draft(queue, { code: null, name: null });
    expect(defaultSentAt(known({ drafts: { [queue.key]: notes } }), queue, ms(20))).not.toBe(null);
  });

  it.each<[string, Partial<KnownState>]>([
    ['somebody chose one', { drafts: { [queue.key]: draft(queue) } }],
    ['it is decided', { submissions: [submission(queue)] }],
    ['the queue has no such code', { codes: {} }],
    ['the organisation names none', withSettings({})],
  ])('is not where %s', (_, change) => {
    expect(defaultSentAt(known(change), queue, ms(20))).toBe(null);
  });

  it('nor when the limit was over long before anybody looked', () => {
    expect(defaultSentAt(known(), queue, ms(78))).toBe(null);
  });
});

describe('a recommended time', () => {
  const nudge = (about: typeof timed, seconds: number): string | undefined =>
    present(model([about], withSettings({}, { recommendedSeconds: 60 })), ms(seconds)).state.prompt?.nudge;

  it('is said when it is nearly over, and when it is', () => {
    const free = wrapUp('mandatory');
    expect([20, 55, 75].map((seconds) => nudge(free, seconds))).toEqual([
      '',
      'The recommended 1:00 is almost over.',
      'Past the recommended 1:00.',
    ]);
  });

  it('is not where the server sets the limit', () => {
    expect(nudge(timed, 60)).toBe('');
  });
});
