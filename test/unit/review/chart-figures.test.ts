import { describe, expect, it } from 'vitest';
import { deletionDue, expiryWords } from '../../../domain/review/deletion.ts';
import {
  figureNames,
  figuresCsv,
  kindTitle,
  measures,
  measureTitle,
  measureWords,
  totalsOf,
  type Figure,
  type FigureKind,
  figureKinds,
} from '../../../domain/review/chart-figures.ts';
import { csvLine } from '../../../domain/words/csv-line.ts';

const day: Figure = { name: '2026-11-23', shares: 12, missed: 2, onAirMs: 7_500_000, workMs: 1_260_000 };
const bare: Figure = { name: '', shares: 1, missed: 0, onAirMs: 0, workMs: 30_000 };

const figureName = (name: string, kind: FigureKind, locale: string): string | undefined =>
  figureNames([{ name }], kind, locale)[0];

describe('figures', () => {
  it('have names people know', () => {
    expect(figureName('2026-11-23', 'day', 'en-GB')).toBe('23 Nov 2026');
    expect(figureName('2026-11-23', 'week', 'en-GB')).toBe('Week of 23 Nov 2026');
    expect(figureName('Billing', 'queue', 'en-GB')).toBe('Billing');
    expect(figureName('', 'queue', 'en-GB')).toBe('No queue');
    expect(figureName('', 'code', 'en-GB')).toBe('No code');
    expect(figureName('ININ-WRAP-UP-TIMEOUT', 'code', 'en-GB')).toBe('Time ran out – no code');
    expect(figureName('one day', 'day', 'en-GB')).toBe('one day');
    expect(new Set(figureKinds.map(kindTitle)).size).toBe(figureKinds.length);
    expect(new Set(measures.map(measureTitle)).size).toBe(measures.length);
  });

  it('of codes name what is known of each, and keep two codes of one name apart', () => {
    const one = '1b5f2a60-0000-4000-8000-000000000001';
    const two = '9c01d7e2-0000-4000-8000-000000000002';
    const names = figureNames(
      [
        { name: 'Resolved', code: one },
        { name: 'Resolved', code: two },
        { name: 'Callback', code: 'Callback' },
        { name: one, code: one },
        { name: '7fb334b0-0e9e-11e4-9191-0800200c9a66', code: '7fb334b0-0e9e-11e4-9191-0800200c9a66' },
        { name: 'ININ-OUTBOUND-NO-ANSWER', code: 'ININ-OUTBOUND-NO-ANSWER' },
      ],
      'code',
      'en',
    );
    expect(names).toEqual([
      'Resolved (1b5f2a60)',
      'Resolved (9c01d7e2)',
      'Callback',
      `a code that is not in this list (${one})`,
      'No code chosen',
      'Set by outbound dialling: no answer',
    ]);
    const csv = figuresCsv([{ ...bare, name: 'Resolved', code: one }], 'code');
    expect(csv.split('\r\n')[0]).toBe('code,id,shares,onAirMs,workMs,missed');
    expect(csv).toContain(`Resolved,${one},`);
  });

  it('are said in words', () => {
    expect(measureWords('shares', 12_345, 'de')).toBe('12.345');
    expect(measureWords('onAirMs', 3_600_000, 'en')).toBe('1 h 0 min');
  });

  it('add up', () => {
    expect(totalsOf([day, bare])).toEqual({ shares: 13, missed: 2, onAirMs: 7_500_000, workMs: 1_290_000 });
    expect(totalsOf([])).toEqual({ shares: 0, missed: 0, onAirMs: 0, workMs: 0 });
  });

  it('become CSV that no spreadsheet runs', () => {
    const queues = [
      { ...day, name: '=HYPERLINK("x")' },
      { ...bare, name: 'Sales, "new"' },
    ];
    expect(figuresCsv(queues, 'queue')).toBe(
      'queue,shares,onAirMs,workMs,missed\r\n' +
        '"\'=HYPERLINK(""x"")",12,7500000,1260000,2\r\n' +
        '"Sales, ""new""",1,0,30000,0\r\n',
    );
  });
});

describe('a line of CSV', () => {
  it.each([
    [['a', 1, true, null, undefined], 'a,1,true,,\r\n'],
    [['+1', '-1', '@x', '\t=x'], "'+1,'-1,'@x,\"'\t=x\"\r\n"],
    [[-5, [1, 2], { a: 'b' }], '-5,"[1,2]","{""a"":""b""}"\r\n'],
    [['two\nlines'], '"two\nlines"\r\n'],
  ])('of %j is harmless', (cells, text) => {
    expect(csvLine(cells)).toBe(text);
  });
});

describe('an age limit', () => {
  const now = new Date(2026, 10, 23, 14, 18).getTime();
  it.each([
    [new Date(2026, 10, 20, 9, 0), 'Deleted today'],
    [new Date(2026, 10, 20, 23, 59), 'Deleted today'],
    [new Date(2026, 10, 21, 0, 0), 'Deleted tomorrow'],
    [new Date(2026, 10, 23, 14, 18), 'Deleted in 3 days'],
    [new Date(2026, 9, 1), 'Deleted today'],
  ])('of three days for what happened at %s: %s', (at, words) => {
    expect(expiryWords(deletionDue(at.getTime(), 3), now)).toBe(words);
  });

  it('that nobody set deletes nothing', () => {
    expect(deletionDue(now, null)).toBeNull();
    expect(expiryWords(null, now)).toBe('');
    expect(deletionDue(now, 1)).toBe(now + 86_400_000);
  });
});
