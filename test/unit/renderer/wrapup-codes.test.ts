import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeByDigit, digitPicks, findCodes } from '../../../domain/wrapup-codes.ts';
import type { CodeChoice } from '../../../domain/state.ts';

function code(name: string, description = ''): CodeChoice {
  return { id: name, name, description, favourite: false };
}
const codes = [
  code('Other'),
  code('Unresolved – escalated'),
  code('Resolved'),
  code('Resolved – needs follow-up'),
  code('Réclamation', 'Complaint about an invoice'),
  code('Billing question'),
];
const found = (query: string): string[] => findCodes(codes, query).map(({ name }) => name);

describe('findCodes', () => {
  it('gives all codes as they are ordered while nothing is typed', () => {
    expect(findCodes(codes, '')).toBe(codes);
    expect(findCodes(codes, '  ')).toBe(codes);
  });

  it('puts the start of a name before the inside of a word', () => {
    expect(found('reso')).toEqual(['Resolved', 'Resolved – needs follow-up', 'Unresolved – escalated']);
  });

  it('puts the start of a later word before the inside of one', () => {
    const close = [code('Unfollowed'), code('To follow up'), code('Follow-up')];
    expect(findCodes(close, 'follow').map(({ name }) => name)).toEqual([
      'Follow-up',
      'To follow up',
      'Unfollowed',
    ]);
  });

  it('wants every word, in any order, however it is written', () => {
    expect(found('FOLLOW resolved')).toEqual(['Resolved – needs follow-up']);
    expect(found('reclamation')).toEqual(['Réclamation']);
    expect(found('resolved escalation')).toEqual([]);
  });

  it('looks into descriptions after names', () => {
    expect(found('invoice')).toEqual(['Réclamation']);
  });

  it.each([
    ['a letter missing', 'biling'],
    ['a letter too many', 'billling'],
    ['a wrong letter', 'bikling'],
    ['two letters swapped', 'blilign'],
    ['the first two letters swapped', 'iblling'],
  ])('forgives %s', (_slip, query) => {
    expect(found(query)).toEqual(['Billing question']);
  });

  it('ranks a slip below a true match', () => {
    const close = [code('Restored'), code('Resorted')];
    expect(findCodes(close, 'resor').map(({ name }) => name)).toEqual(['Resorted', 'Restored']);
  });

  it('forgives nothing in words too short to tell', () => {
    expect(found('xo')).toEqual([]);
    expect(found('oz')).toEqual([]);
  });

  it('keeps the given order among codes that match equally well', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(names, (rest) => {
        const alike = rest.map((tail) => code(`same ${tail}`));
        expect(findCodes(alike, 'same')).toEqual(alike);
      }),
    );
  });

  it('invents nothing, repeats nothing and always finds a code by its own name', () => {
    const list = fc.uniqueArray(fc.stringMatching(/^[A-Za-z][A-Za-z –-]{0,20}$/), {
      minLength: 1,
      maxLength: 15,
    });
    fc.assert(
      fc.property(list, fc.nat(), (names, pick) => {
        const all = names.map((name) => code(name));
        const wanted = all[pick % all.length];
        const hits = findCodes(all, wanted?.name ?? '');
        expect(hits).toContain(wanted);
        expect(new Set(hits).size).toBe(hits.length);
        expect(all).toEqual(expect.arrayContaining([...hits]));
      }),
    );
  });
});

describe('digits', () => {
  it('stand for the first nine codes of the list as shown', () => {
    expect(codeByDigit(codes, '1')?.name).toBe('Other');
    expect(codeByDigit(codes, '6')?.name).toBe('Billing question');
    expect(codeByDigit(codes, '7')).toBeUndefined();
    expect(codeByDigit(codes, '0')).toBeUndefined();
    expect(codeByDigit(codes, 'F1')).toBeUndefined();
  });

  it('are typed during a search as soon as a name has one', () => {
    expect(digitPicks(codes, 'reso')).toBe(true);
    const withDigit = [...codes, code('2nd line')];
    expect(digitPicks(withDigit, 'line')).toBe(false);
    expect(digitPicks(withDigit, ' ')).toBe(true);
  });
});
