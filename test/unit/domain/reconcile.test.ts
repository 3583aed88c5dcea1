import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Submission, SubmissionState } from '../../../domain/submissions.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { Wrapup } from '../../../domain/model/screenshare.ts';
import { fateOf, reconcile, withoutEffect, type Evidence } from '../../../domain/outbox/reconcile.ts';
import { submission, draft } from './known.ts';
import { ended, live, one } from './wire.ts';

const acw = (state: string, wrapup?: Wrapup): Communication =>
  one({ leg: { ...ended, afterCallWork: { state }, ...(wrapup ? { wrapup } : {}) } });
const ours = { code: 'code-1', name: 'Resolved', notes: 'a note' };
const theirs = { code: 'code-2', name: 'Callback', notes: 'not mine' };
const timedOut = { code: 'ININ-WRAP-UP-TIMEOUT' };
const open = acw('pending');
/** What a system assigns, in both spellings; the second is the default code. */
const nobodys = [
  'ININ-WRAP-UP-SKIPPED',
  '7fb334b0-0e9e-11e4-9191-0800200c9a66',
  'ININ-WRAP-UP-TIMEOUT',
  'ININ-WRAP-UP-DELETED',
  'ININ-OUTBOUND-PREVIEW-SKIPPED',
  'inin-wrap-up-skipped',
  '7FB334B0-0E9E-11E4-9191-0800200C9A66',
  'Default Wrap-up Code',
  'ININ-SOMETHING-NEWER',
];

const sameCodeOnly = acw('complete', { code: 'code-1' });

const mine = (change: Partial<Submission> = {}): Submission =>
  submission(open, { attempts: 1, mayHaveArrived: true, ...change });
const skip = (change: Partial<Submission> = {}): Submission =>
  mine({ kind: 'skip', code: null, name: null, notes: '', ...change });

describe('an open submission', () => {
  it.each<readonly [string, Submission, Communication, SubmissionState]>([
    ['nothing yet', mine(), open, 'waiting'],
    ['nothing yet, after a 202', mine({ state: 'accepted' }), open, 'accepted'],
    ['our words', mine({ state: 'accepted' }), acw('complete', ours), 'confirmed'],
    ['our words before the answer to them', mine(), acw('complete', ours), 'confirmed'],
    ['our words while the work runs on', mine({ state: 'accepted' }), acw('pending', ours), 'confirmed'],
    [
      'the name where we sent the id',
      mine(),
      acw('complete', { code: 'Resolved', notes: 'a note' }),
      'confirmed',
    ],
    ['our code without notes: whose it is only a reading tells', mine(), sameCodeOnly, 'waiting'],
    [
      'our code without notes, before the answer',
      mine({ attempts: 0, mayHaveArrived: false }),
      sameCodeOnly,
      'waiting',
    ],
    [
      'no notes where we wrote none',
      mine({ attempts: 0, mayHaveArrived: false, notes: '' }),
      acw('complete', { code: 'code-1' }),
      'confirmed',
    ],
    ['our code with other notes', mine(), acw('complete', { ...ours, notes: 'edited' }), 'conflict'],
    ['another code, closed', mine(), acw('complete', theirs), 'conflict'],
    ['another code, still open: an earlier save', mine(), acw('pending', theirs), 'waiting'],
    ['the code of a timeout', mine({ state: 'accepted' }), acw('pending', timedOut), 'conflict'],
    ['a skip by somebody else', mine(), acw('skipped'), 'conflict'],
    ['a skip that keeps the code of a timeout', mine(), acw('skipped', timedOut), 'conflict'],
    ['a skip that keeps another code', mine(), acw('skipped', theirs), 'conflict'],
    ['an end without any code', mine(), acw('complete'), 'waiting'],
    ['our skip', skip({ state: 'accepted' }), acw('skipped'), 'confirmed'],
    ['an end, for a skip', skip(), acw('complete'), 'confirmed'],
    ['a code, for a skip', skip(), acw('complete', theirs), 'conflict'],
    ['a code saved on open work, for a skip', skip(), acw('pending', theirs), 'waiting'],
    ['nothing yet, for a skip', skip(), open, 'waiting'],
    ...nobodys.map(
      (code) => [`${code}, for a skip`, skip(), acw('complete', { code, notes: '' }), 'confirmed'] as const,
    ),
    ['a code of the system alone, for a skip', skip(), acw('pending', { code: nobodys[1] }), 'confirmed'],
    [
      'a code of the system on open work, for a skip that was not sent',
      skip({ attempts: 0, mayHaveArrived: false }),
      acw('pending', { code: nobodys[1] }),
      'waiting',
    ],
    [
      'one that is not saved yet, for a skip',
      skip(),
      acw('pending', { code: nobodys[1], provisional: true }),
      'waiting',
    ],
    [
      'a code of the system, for a skip decided out of contact',
      skip({ attempts: 0, mayHaveArrived: false }),
      acw('complete', timedOut),
      'confirmed',
    ],
    ['a code of the system, where we chose one', mine(), acw('complete', { code: nobodys[1] }), 'conflict'],
  ])('and a fact that shows %s', (_what, before, communication, state) => {
    const after = reconcile(before, communication);
    expect(after.state).toBe(state);
    if (before.state === state) expect(after).toBe(before);
  });

  it.each<readonly [string, Partial<Submission>, Evidence, SubmissionState]>([
    ['a reading: there are none', { mayHaveArrived: true }, 'reading', 'conflict'],
    ['a reading, where none were written', { notes: '' }, 'reading', 'confirmed'],
    ['no reading to be had, and it may have arrived', { mayHaveArrived: true }, 'eventOnly', 'confirmed'],
    [
      'no reading to be had, and no try left this machine',
      { mayHaveArrived: false },
      'eventOnly',
      'conflict',
    ],
    ['no reading to be had, kept by an earlier version', {}, 'eventOnly', 'confirmed'],
  ])('with our code but no notes, by %s', (_what, change, by, state) => {
    expect(reconcile(mine(change), sameCodeOnly, by).state).toBe(state);
  });

  it('in conflict holds what the server has, in words', () => {
    expect(reconcile(mine(), acw('complete', theirs))).toMatchObject({
      theirs,
      problem: 'Genesys already closed this wrap-up',
    });
    expect(reconcile(mine(), acw('skipped')).theirs).toEqual({ code: null, name: 'Skipped', notes: null });
  });
});

describe('a 202 that a reading shows nothing of', () => {
  const accepted = mine({ state: 'accepted' });
  const nothing = { code: null, name: null, notes: null };

  it('is said again while the work is open', () => {
    expect(withoutEffect(accepted, open)).toMatchObject({ state: 'waiting', theirs: null });
  });

  it('is a conflict where it was closed without a code, which the agent can overrule', () => {
    const conflict = withoutEffect(accepted, acw('complete'));
    expect(conflict).toMatchObject({ state: 'conflict', theirs: nothing });
    expect(withoutEffect({ ...conflict, state: 'accepted' }, acw('complete')).state).toBe('waiting');
  });
});

describe('a version the agent saw and overruled', () => {
  it.each<readonly [string, Submission, Communication]>([
    ['as it was', mine({ theirs }), acw('complete', theirs)],
    ['told by name now', mine({ theirs }), acw('complete', { code: 'Callback', notes: 'not mine' })],
    [
      'told by id now',
      mine({ theirs: { code: 'Callback', name: null, notes: 'not mine' } }),
      acw('complete', theirs),
    ],
    [
      'with notes left out',
      mine({ theirs: { ...timedOut, name: null, notes: null } }),
      acw('complete', { ...timedOut, notes: '' }),
    ],
    ['a skip', mine({ theirs: { code: null, name: 'Skipped', notes: null } }), acw('skipped')],
    ['a code over our skip', skip({ theirs }), acw('complete', theirs)],
  ])('is no news: %s', (_what, before, communication) => {
    expect(reconcile(before, communication)).toBe(before);
  });

  it('gives way to a third one', () => {
    expect(
      reconcile(mine({ theirs: { ...timedOut, name: null, notes: null } }), acw('complete', theirs)),
    ).toMatchObject({
      state: 'conflict',
      theirs,
    });
  });
});

describe('whatever the facts', () => {
  const anyFact = fc
    .record({
      acw: fc.constantFrom('unknown', 'notApplicable', 'skipped', 'pending', 'complete'),
      wrapup: fc.option(fc.constantFrom<Wrapup>(ours, theirs, timedOut)),
      isOver: fc.boolean(),
      gone: fc.boolean(),
    })
    .map(({ acw: state, wrapup, isOver, gone }) => ({
      ...one({
        leg: { ...(isOver ? ended : live), afterCallWork: { state }, ...(wrapup ? { wrapup } : {}) },
      }),
      gone,
    }));
  const anySubmission = fc
    .record({
      state: fc.constantFrom<SubmissionState>(
        'waiting',
        'accepted',
        'confirmed',
        'conflict',
        'failed',
        'dropped',
      ),
      attempts: fc.nat({ max: 2 }),
      mayHaveArrived: fc.boolean(),
      isSkip: fc.boolean(),
    })
    .map(({ isSkip, ...change }) => (isSkip ? skip(change) : mine(change)));

  it('only an open submission changes, once, and never its words', () => {
    fc.assert(
      fc.property(anySubmission, fc.option(anyFact), (before, fact) => {
        const after = reconcile(before, fact ?? undefined);
        if (before.state !== 'waiting' && before.state !== 'accepted') expect(after).toBe(before);
        expect(reconcile(after, fact ?? undefined)).toBe(after);
        const words = ({ id, code, name, notes, kind, order }: Submission): unknown => [
          id,
          code,
          name,
          notes,
          kind,
          order,
        ];
        expect(words(after)).toEqual(words(before));
      }),
    );
  });

  it('a choice for our own version is never undone by the same facts', () => {
    fc.assert(
      fc.property(anySubmission, anyFact, (before, fact) => {
        const conflict = reconcile(before, fact);
        fc.pre(conflict.state === 'conflict' && before.state !== 'conflict');
        const again: Submission = { ...conflict, state: 'waiting' };
        expect(reconcile(again, fact)).toBe(again);
      }),
    );
  });
});

describe('words being written', () => {
  const writing = draft(open);
  const conflictWith = (its: Submission['theirs']): unknown => ({ kind: 'conflict', theirs: its });
  const nothing = { code: null, name: null, notes: null };
  it.each<readonly [string, Parameters<typeof fateOf>, unknown]>([
    ['stay while it is open', [writing, open, undefined], { kind: 'stays' }],
    ['conflict with what closed it', [writing, acw('complete', theirs), undefined], conflictWith(theirs)],
    ['conflict with an end without a code', [writing, acw('complete'), undefined], conflictWith(nothing)],
    [
      'conflict with a skip',
      [writing, acw('skipped'), undefined],
      conflictWith({ ...nothing, name: 'Skipped' }),
    ],
    ['go when the server has just these', [writing, acw('complete', ours), undefined], { kind: 'goes' }],
    ['go when they were erased', [{ ...writing, code: null, notes: '' }, open, mine()], { kind: 'goes' }],
    [
      'conflict also as notes alone',
      [{ ...writing, code: null }, acw('complete', theirs), undefined],
      conflictWith(theirs),
    ],
    ['wait for what was submitted before', [writing, acw('complete', theirs), mine()], { kind: 'stays' }],
    [
      'conflict when that has ended',
      [writing, acw('complete', theirs), mine({ state: 'confirmed' })],
      conflictWith(theirs),
    ],
  ])('%s', (_what, given, expected) => {
    expect(fateOf(...given)).toEqual(expected);
  });
});
