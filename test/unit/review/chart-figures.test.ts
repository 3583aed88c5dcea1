import { describe, expect, it } from 'vitest';
import { deletionDue, expiryWords } from '../../../domain/review/deletion.ts';
import {
  figureName,
  figuresCsv,
  kindTitle,
  measures,
  measureTitle,
  measureWords,
  totalsOf,
  type Figure,
  figureKinds,
} from '../../../domain/review/chart-figures.ts';
import { csvLine } from '../../../domain/words/csv-line.ts';

const day: Figure = { name: '2026-11-23', shares: 12, missed: 2, onAirMs: 7_500_000, workMs: 1_260_000 };
const bare: Figure = { name: '', shares: 1, missed: 0, onAirMs: 0, workMs: 30_000 };

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
