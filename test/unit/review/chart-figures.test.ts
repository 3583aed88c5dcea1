import { describe, expect, it } from 'vitest';
import { deletionDue, expiryWords } from '../../../domain/review/deletion.ts';
import {
  averageWords,
  figureNames,
  filterOf,
  narrowedTo,
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
import { parseQuery } from '../../../domain/review/query-parser.ts';
import type { ReviewQuery } from '../../../domain/review/query.ts';
import { csvLine } from '../../../domain/words/csv-line.ts';

const day: Figure = {
  name: '2026-11-23',
  shares: 12,
  missed: 2,
  timedOut: 3,
  onAirMs: 7_500_000,
  workMs: 1_260_000,
};
const bare: Figure = { name: '', shares: 1, missed: 0, timedOut: 0, onAirMs: 0, workMs: 30_000 };

const figureName = (name: string, kind: FigureKind, locale: string): string | undefined =>
  figureNames([{ name }], kind, locale)[0];

describe('figures', () => {
  it('have names people know', () => {
    expect(figureName('2026-11-23', 'day', 'en-GB')).toBe('23 Nov 2026');
    expect(figureName('2026-11-23', 'week', 'en-GB')).toBe('Week of 23 Nov 2026');
    expect(figureName('Billing', 'queue', 'en-GB')).toBe('Billing');
    expect(figureName('', 'queue', 'en-GB')).toBe('No queue');
    expect(figureName('', 'code', 'en-GB')).toBe('No code');
    expect(figureName('ININ-WRAP-UP-TIMEOUT', 'code', 'en-GB')).toBe('Timed out – no code');
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
    const csv = figuresCsv([{ ...bare, name: 'Resolved', code: one }], 'code', 'en');
    expect(csv.split('\r\n')[0]).toBe(
      'Wrap-up code,Code ID,Shares,Time sharing,After-call work,Missed,Timed out',
    );
    expect(csv).toContain(`Resolved,${one},`);
  });

  it('are said in words', () => {
    expect(measureWords('shares', 12_345, 'de')).toBe('12.345');
    expect(measureWords('onAirMs', 3_600_000, 'en')).toBe('1 h 0 min');
  });

  it('add up', () => {
    expect(totalsOf([day, bare])).toEqual({
      shares: 13,
      missed: 2,
      timedOut: 3,
      onAirMs: 7_500_000,
      workMs: 1_290_000,
    });
    expect(totalsOf([])).toEqual({ shares: 0, missed: 0, timedOut: 0, onAirMs: 0, workMs: 0 });
  });

  it('have averages beside their sums', () => {
    const average = (measure: (typeof measures)[number], bars: number): string =>
      averageWords(measure, totalsOf([day, bare]), bars, 'day', 'en');
    expect(measures.map((measure) => average(measure, 2))).toEqual([
      '6.5 a day',
      '11 min for each share',
      '2 min for each share',
      '15% of shares',
      '27% of shares',
    ]);
    // One bar is its own average, and nothing can be divided by nothing.
    expect(average('shares', 1)).toBe('');
    expect(measures.map((measure) => averageWords(measure, totalsOf([]), 0, 'day', 'en'))).toEqual(
      measures.map(() => ''),
    );
  });

  it('are found again by a search', () => {
    const query = (text: string): ReviewQuery => {
      const read = parseQuery(text, Date.parse('2026-11-24T12:00'));
      if (!read.ok) throw new Error(read.problem);
      return read.query;
    };
    const midnight = (of: number): number => new Date(2026, 10, of).getTime();
    expect(query(filterOf({ name: '2026-11-23' }, 'day', null))).toMatchObject({
      since: midnight(23),
      until: midnight(24),
    });
    expect(query(filterOf({ name: '2026-11-23' }, 'week', null))).toMatchObject({
      since: midnight(23),
      until: midnight(30),
    });
    expect(query(filterOf({ name: '14' }, 'hour', '2026-11-23'))).toMatchObject({
      since: new Date(2026, 10, 23, 14).getTime(),
      until: new Date(2026, 10, 23, 15).getTime(),
    });
    expect(query(filterOf({ name: '23' }, 'hour', '2026-11-23'))).toMatchObject({
      since: new Date(2026, 10, 23, 23).getTime(),
      until: midnight(24),
    });
    expect(filterOf({ name: '14' }, 'hour', null)).toBe('');
    expect(query(filterOf({ name: 'Online banking' }, 'queue', null)).queue).toEqual(['Online banking']);
    expect(filterOf({ name: '' }, 'queue', null)).toBe('');
    expect(filterOf({ name: 'the "new"' }, 'queue', null)).toBe('');
    const narrowed = (text: string, filter: string) => narrowedTo({ chips: [], text }, filter).text;
    expect(narrowed('inv since:7d queue:"a b" until:today', 'since:2026-11-23 until:2026-11-23')).toBe(
      'inv queue:"a b" since:2026-11-23 until:2026-11-23',
    );
    expect(narrowed('queue:"a b" inv', 'queue:"c d"')).toBe('inv queue:"c d"');
    expect(narrowed('', 'queue:"c d"')).toBe('queue:"c d"');
    // Whatever says when stands for the same, as a chip too, and as a word.
    const chips = ['since:yesterday until:yesterday', 'queue:"a b"', 'missed'];
    const day = 'since:2026-11-23 until:2026-11-23';
    expect(narrowedTo({ chips, text: 'today inv todays' }, day)).toEqual({
      chips: ['queue:"a b"', 'missed'],
      text: `inv todays ${day}`,
    });
    expect(narrowedTo({ chips, text: '' }, 'queue:"c d"').chips).toEqual([chips[0], 'missed']);
  });

  it('become CSV that no spreadsheet runs', () => {
    const queues = [
      { ...day, name: '=HYPERLINK("x")' },
      { ...bare, name: 'Sales, "new"' },
    ];
    expect(figuresCsv(queues, 'queue', 'en')).toBe(
      'Queue,Shares,Time sharing,After-call work,Missed,Timed out\r\n' +
        '"\'=HYPERLINK(""x"")",12,2:05:00,0:21:00,2,3\r\n' +
        '"Sales, ""new""",1,0:00:00,0:00:30,0,0\r\n',
    );
    expect(figuresCsv([day], 'day', 'en').split('\r\n')[1]).toBe('2026-11-23,12,2:05:00,0:21:00,2,3');
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
