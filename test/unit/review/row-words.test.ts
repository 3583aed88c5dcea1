import { describe, expect, it } from 'vitest';
import type { Listing } from '../../../domain/review/record-listing.ts';
import { rowWords } from '../../../domain/review/row-words.ts';
import { disconnectTypes } from '../../../domain/model/values.ts';

const at = new Date(2026, 10, 23, 14, 18).getTime();
const later = new Date(2026, 10, 23, 17, 0).getTime();

const shared: Listing = {
  key: 'c/p/l',
  at,
  glyph: 'wrappedUp',
  role: 'sharing',
  missed: false,
  peer: 'Ana L.',
  queue: 'Billing',
  code: 'code-1',
  codeName: 'Resolved',
  notes: '',
  wrapup: 'sent',
  fileUntil: null,
  disconnectType: 'peer',
  alertingMs: 4000,
  connectedMs: 840_000,
  onAirMs: 728_000,
  workMs: 41_000,
  approximate: { alerting: true, connected: true, onAir: true },
};
const viewed: Listing = { ...shared, role: 'viewing', onAirMs: null };
const missed: Listing = {
  ...viewed,
  glyph: 'missed',
  missed: true,
  peer: null,
  queue: 'Support',
  code: null,
  codeName: null,
  wrapup: null,
  disconnectType: 'system',
  alertingMs: 30_000,
  connectedMs: null,
};
const oneClock = { alerting: false, connected: false, onAir: false };
const words = (line: Listing): ReturnType<typeof rowWords> => rowWords(line, later, 'en-GB');

describe('a line', () => {
  it('says it as briefly as can be, and in full to be heard', () => {
    expect(words(shared)).toEqual({
      time: '14:18',
      day: '',
      title: 'Ana L. · Billing',
      detail: 'Resolved · you shared ≈ 12 min · customer left',
      mark: { glyph: 'sent', words: 'sent by me' },
      cells: { who: 'Ana L.', queue: 'Billing', code: 'Resolved', sharing: '≈ 12 min', length: '≈ 14 min' },
      tone: 'sharing',
      // Where the comma stands is the language's own affair.
      name: expect.stringMatching(
        /^Monday,? 23 November 2026, 14:18: Ana L. · Billing. Resolved, you shared ≈ 12 min, Customer left. Wrap-up sent by me.$/,
      ) as string,
    });
    expect(words(missed)).toEqual({
      time: '14:18',
      day: '',
      title: 'Missed · Support',
      detail: 'Rang ≈ 30 s, not answered',
      mark: { glyph: 'none', words: '–' },
      cells: { who: '', queue: 'Support', code: 'Rang ≈ 30 s, not answered', sharing: '', length: '' },
      tone: 'alerting',
      name: expect.stringMatching(
        /14:18: Missed · Support. Rang ≈ 30 s, not answered. No wrap-up.$/,
      ) as string,
    });
  });

  it.each<[string, Listing, string, string]>([
    [
      'viewed',
      { ...viewed, disconnectType: 'client' },
      'Ana L. · Billing',
      'Resolved · viewed ≈ 14 min · you ended it',
    ],
    [
      'of one clock',
      { ...viewed, approximate: oneClock, disconnectType: null },
      'Ana L. · Billing',
      'Resolved · viewed 14 min',
    ],
    [
      'shared, by one clock',
      { ...shared, approximate: { ...shared.approximate, onAir: false } },
      'Ana L. · Billing',
      'Resolved · you shared 12 min · customer left',
    ],
    [
      'missed, by one clock',
      { ...missed, approximate: oneClock },
      'Missed · Support',
      'Rang 30 s, not answered',
    ],
    [
      'of unknown length',
      { ...viewed, connectedMs: null, disconnectType: 'timeout' },
      'Ana L. · Billing',
      'Resolved · viewed · time limit reached',
    ],
    [
      'shared for an unknown time',
      { ...shared, onAirMs: null },
      'Ana L. · Billing',
      'Resolved · you shared · customer left',
    ],
    [
      'without a code',
      { ...shared, code: null, codeName: null },
      'Ana L. · Billing',
      'You shared ≈ 12 min · customer left',
    ],
    [
      'of a code without a name',
      { ...shared, codeName: null },
      'Ana L. · Billing',
      'code-1 · you shared ≈ 12 min · customer left',
    ],
    [
      'with a word of a newer server',
      { ...shared, disconnectType: 'levitation' },
      'Ana L. · Billing',
      'Resolved · you shared ≈ 12 min · ended: levitation',
    ],
    [
      'without names',
      { ...shared, peer: null, queue: null },
      'Screen share',
      'Resolved · you shared ≈ 12 min · customer left',
    ],
    [
      'still going',
      { ...shared, glyph: 'sharing', onAirMs: null, disconnectType: null, code: null, codeName: null },
      'Ana L. · Billing',
      'You are sharing · still going',
    ],
    [
      'declined',
      { ...missed, peer: 'Ana L.', disconnectType: 'client', alertingMs: 5000 },
      'Missed · Ana L. · Support',
      'Rang ≈ 5 s · You declined it',
    ],
    [
      'missed for an unknown time',
      { ...missed, alertingMs: null },
      'Missed · Support',
      'Not answered in time',
    ],
  ])('%s', (_what, line, title, detail) => {
    expect(words(line)).toMatchObject({ title, detail });
  });

  it.each<[Partial<Listing>, string, string]>([
    [{ wrapup: 'sent' }, 'sent', 'Wrap-up sent by me.'],
    [{ wrapup: 'waiting' }, 'waiting', 'Wrap-up waiting to be sent.'],
    [{ wrapup: 'conflict' }, 'conflict', 'choose one.'],
    [{ wrapup: 'draft' }, 'draft', 'Wrap-up started, not sent.'],
    [{ wrapup: 'skipped' }, 'skipped', 'Wrap-up skipped.'],
    [{ wrapup: 'timedOut' }, 'timedOut', 'Wrap-up timed out.'],
    [{ wrapup: 'elsewhere' }, 'elsewhere', 'Wrap-up from Genesys.'],
    [{ wrapup: 'open', glyph: 'wrapUp' }, 'open', 'Wrap-up not written yet.'],
    [{ wrapup: 'open', glyph: 'wrapUp', fileUntil: later + 1 }, 'open', 'Wrap-up not written yet.'],
    [{ wrapup: 'open', glyph: 'wrapUp', fileUntil: later }, 'tooOld', 'Never wrapped up.'],
    [{ wrapup: 'draft', glyph: 'wrapUp', fileUntil: later }, 'draft', 'Wrap-up started, not sent.'],
    [{ wrapup: 'missed', glyph: 'missed' }, 'missed', 'Missed, so there is no wrap-up.'],
    [{ wrapup: null, glyph: 'idle' }, 'none', 'No wrap-up.'],
  ])('of %j has a mark of its own', (change, glyph, heard) => {
    const row = words({ ...shared, ...change });
    expect(row.mark.glyph).toBe(glyph);
    expect(row.name.endsWith(heard)).toBe(true);
  });

  it('of work that ran out of time names no raw code', () => {
    const code = 'ININ-WRAP-UP-TIMEOUT';
    const row = words({ ...viewed, code, codeName: code, wrapup: 'timedOut' });
    expect(row.detail).toBe('Timed out – no code · viewed ≈ 14 min · customer left');
    expect(row.mark.words).toBe('timed out');
  });

  it('has short words for every way to end, and every one its own', () => {
    const endings = disconnectTypes.map((disconnectType) => words({ ...shared, disconnectType }).detail);
    expect(new Set(endings).size).toBe(disconnectTypes.length);
  });

  it.each([
    [new Date(2026, 10, 22, 23, 59), 'Sun'],
    [new Date(2026, 10, 17, 0, 0), 'Tue'],
    [new Date(2026, 10, 16, 23, 59), '16 Nov'],
    [new Date(2026, 0, 1, 0, 0), '1 Jan'],
    [new Date(2025, 11, 31, 8, 0), '31 Dec 2025'],
    [new Date(2026, 10, 24, 8, 0), '24 Nov'],
  ])('of %s says which day it was', (day, expected) => {
    expect(words({ ...shared, at: day.getTime() }).day).toBe(expected);
  });

  it('keeps to the language of the person for days', () => {
    const day = new Date(2025, 11, 31, 8, 0).getTime();
    expect(rowWords({ ...shared, at: day }, later, 'de').day).toBe('31. Dez. 2025');
  });
});
