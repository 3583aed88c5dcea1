import { describe, expect, it } from 'vitest';
import {
  outcomeFilters,
  outcomeOfFilter,
  outcomeWords,
  wrapupOutcome,
} from '../../../domain/communication/wrapup-outcome.ts';
import { exportRecord } from '../../../domain/exported-record.ts';
import { readImportedLine } from '../../../domain/review/imported-record.ts';
import { listingOf } from '../../../domain/review/record-listing.ts';
import { lastShareWords } from '../../../domain/present/last-share.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import {
  wrapupOutcomes,
  type Draft,
  type Submission,
  type WrapupOutcome,
} from '../../../domain/submissions.ts';
import { draft, model, submission } from '../domain/known.ts';
import { at, ended, live, ms, one } from '../domain/wire.ts';

const open = one({ leg: ended });
const closedWith = (code: string): Communication => one({ leg: { ...ended, wrapup: { code } } });
const rang = { state: 'alerting', startAlertingTime: at(0) };
const missed = one(
  { leg: rang },
  { leg: { ...rang, state: 'disconnected', disconnectType: 'system', disconnectedTime: at(30) } },
);
const done = one({ leg: { ...ended, afterCallWork: { state: 'complete' } } });
const skip = { kind: 'skip', code: null, name: null, notes: '', state: 'confirmed' } as const;
const own = (change: Partial<Submission>): Submission => submission(open, change);

type Case = [string, WrapupOutcome | null, Communication, (Draft | undefined)?, Submission?];
const cases: readonly Case[] = [
  ['confirmed by the server', 'sent', open, undefined, own({ state: 'confirmed' })],
  ['a code another client chose', 'elsewhere', closedWith('code-9')],
  ['done, and nothing says by what', 'elsewhere', done],
  ['the server’s code for a timeout', 'timedOut', closedWith('ININ-WRAP-UP-TIMEOUT')],
  [
    'the same, where the agent let it stand',
    'timedOut',
    closedWith('ININ-WRAP-UP-TIMEOUT'),
    undefined,
    own({ state: 'dropped' }),
  ],
  ['the server’s code for a skip', 'skipped', closedWith('ININ-WRAP-UP-SKIPPED')],
  ['a skip of the agent', 'skipped', open, undefined, own(skip)],
  ['words half written', 'draft', open, draft(open)],
  ['a draft without a word', 'open', open, draft(open, { code: null, notes: '' })],
  ['on its way', 'waiting', open, undefined, own({ state: 'waiting' })],
  ['accepted', 'waiting', open, undefined, own({ state: 'accepted' })],
  ['two versions', 'conflict', closedWith('code-9'), undefined, own({ state: 'conflict' })],
  ['due', 'open', open],
  ['never answered', 'missed', missed],
  ['still going', null, one({ leg: { ...live, sharing: true } })],
];

describe('what became of a wrap-up', () => {
  it.each(cases)('%s: %s', (_what, outcome, communication, words, decided) => {
    expect(wrapupOutcome(communication, words, decided)).toBe(outcome);
    // In the list, in a file, and in what is read from that file, it is the same.
    expect(listingOf(communication, words, decided).wrapup).toBe(outcome);
    const exported = exportRecord(communication, words, decided);
    expect(exported.outcome).toBe(outcome);
    const read = readImportedLine(JSON.stringify(exported));
    if (!read.ok) throw new Error(read.reason);
    const { communication: again, draft: draftAgain, submission: submissionAgain } = read.value;
    expect(
      listingOf(
        again,
        draftAgain ?? undefined,
        submissionAgain ? { ...submissionAgain, order: 1 } : undefined,
      ).wrapup,
    ).toBe(outcome);
  });

  it('is worked out of a file of an earlier version, which does not say it', () => {
    const { outcome: _outcome, ...earlier } = exportRecord(
      closedWith('ININ-WRAP-UP-TIMEOUT'),
      undefined,
      undefined,
    );
    const read = readImportedLine(JSON.stringify(earlier));
    expect(read.ok && listingOf(read.value.communication, undefined, undefined).wrapup).toBe('timedOut');
  });

  it('has one word and one filter each, and every one its own', () => {
    const all = [...wrapupOutcomes, null];
    expect(new Set(all.map(outcomeWords)).size).toBe(all.length);
    for (const outcome of wrapupOutcomes) {
      expect(outcomeOfFilter(outcomeFilters[outcome])).toBe(outcome);
      expect(outcomeOfFilter(outcome)).toBe(outcome);
    }
    expect(outcomeOfFilter('gone')).toBeNull();
    expect(outcomeOfFilter('constructor')).toBeNull();
  });

  it('is said by the widget in the same word', () => {
    for (const [, outcome, communication, words, decided] of cases) {
      if (outcome === null || outcome === 'open' || decided?.state === 'accepted') continue;
      const known = model([communication], {
        drafts: words ? { [communication.key]: words } : {},
        submissions: decided ? [decided] : [],
      });
      expect(lastShareWords(known, ms(60)).split(' · ').at(-1)).toBe(outcomeWords(outcome));
    }
  });
});
