import { describe, expect, it } from 'vitest';
import { pathOf } from '../../../domain/codes/search.ts';
import { lettersIn, orderCodes } from '../../../domain/codes/ranking.ts';
import type { CodePick } from '../../../domain/database.ts';
import { codeRows, type CodeRow } from '../../../domain/codes/rows.ts';
import type { CodeChoice } from '../../../domain/state.ts';

const code = (name: string, change: Partial<CodeChoice> = {}): CodeChoice => ({
  ...{ id: name, name, description: '', favourite: false, used: false },
  ...change,
});
const nested = [
  code('Billing / Refund / Partial', { used: true }),
  code('Other'),
  code('Billing / Refund / Whole'),
  code('Billing › Invoice'),
  code('Yes/No'),
  code('Technical / Router'),
];
const words = (rows: readonly CodeRow[]): string[] =>
  rows.map((row) => (row.kind === 'group' ? `${row.name} (${row.count})` : row.name));
const shown = (group: readonly string[] = [], query = ''): string[] =>
  words(codeRows(nested, { query, group, picks: [] }).rows);

describe('the rows of the list', () => {
  it('fold names that are nested in the same; those in use stand above', () => {
    expect(shown()).toEqual([
      'Billing / Refund / Partial',
      'Billing (3)',
      'Other',
      'Yes/No',
      'Technical / Router',
    ]);
  });

  it('of a group are without it, and fold again', () => {
    expect(shown(['Billing'])).toEqual(['Refund (2)', 'Invoice']);
    expect(shown(['Billing', 'Refund'])).toEqual(['Partial', 'Whole']);
  });

  it('of a search go through everything', () => {
    expect(shown(['Technical'], 'whole')).toEqual(['Billing / Refund / Whole']);
    // The start of any part of a name is the start of a name.
    expect(shown([], 'ref')).toEqual(['Billing / Refund / Partial', 'Billing / Refund / Whole']);
  });

  it('hold every code, whatever the names', () => {
    const odd = [code('/'), code(' › '), code('A / A'), code('A › A'), code('A'), code('')];
    const all = (group: readonly string[]): string[] =>
      codeRows(odd, { query: '', group, picks: [] }).rows.flatMap((row) =>
        row.kind === 'group' ? all(row.path) : [row.id],
      );
    expect(all([]).sort()).toEqual(odd.map(({ id }) => id).sort());
    expect(pathOf('')).toEqual(['']);
  });

  it('say which are sure: what is near, or only in a description, is not', () => {
    const codes = [code('Login restored'), code('Complaint', { description: 'Customer refused' })];
    const { rows, sure } = codeRows(codes, { query: 'ref', group: [], picks: [] });
    expect(sure).toBe(0);
    expect(rows.map(({ id, heading }) => [id, heading])).toEqual([
      ['Complaint', 'inDescription'],
      ['Login restored', 'didYouMean'],
    ]);
  });
});

describe('the order of codes', () => {
  const codes = ['a', 'b', 'c', 'd'].map((id) => ({ id, name: id }));
  const pick = (of: string, hour: number, scope = 'queue/1'): CodePick => ({
    ...{ code: of, scope, letters: of.repeat(2) },
    at: new Date(Date.UTC(2026, 10, 30, hour)).toISOString(),
  });
  const ordered = (picks: readonly CodePick[], scope = 'queue/1'): string =>
    orderCodes(codes, [], picks, scope)
      .map(({ id }) => id)
      .join('');

  it('is by use, and what was long ago counts less', () => {
    expect(ordered([pick('c', 9), pick('c', 10), pick('b', 11)])).toBe('cbad');
    expect(ordered([pick('c', -100), pick('c', -99), pick('c', -98), pick('b', 11)])).toBe('bcad');
  });

  it('is that of the queue; others count a little', () => {
    const picks = [pick('d', 9), pick('c', 10, 'queue/2'), pick('c', 10, 'queue/2')];
    expect(ordered(picks)).toBe('dcab');
    expect(ordered(picks, 'queue/2')).toBe('cdab');
  });

  it('survives a time that cannot be read', () => {
    expect(ordered([{ ...pick('d', 9), at: 'yesterday' }, pick('b', 9)])).toBe('bacd');
  });

  it('remembers the letters of each queue, the newest choice of them', () => {
    const picks = [pick('a', 9), { ...pick('b', 10), letters: 'aa' }, pick('c', 9, 'queue/2')];
    expect(lettersIn(picks, 'queue/1')).toEqual([{ letters: 'aa', code: 'b' }]);
  });
});
