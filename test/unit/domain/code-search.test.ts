import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digitOf, digitPicks, findCodes, lettersOf, markHits } from '../../../domain/codes/search.ts';
import type { CodeChoice } from '../../../domain/state.ts';

function code(name: string, description = ''): CodeChoice {
  return { id: name, name, description, favourite: false, used: false };
}
const codes = [
  code('Other'),
  code('Unresolved – escalated'),
  code('Resolved'),
  code('Resolved – needs follow-up'),
  code('Réclamation', 'Complaint about an invoice'),
  code('Billing question'),
];
const namesOf = (list: readonly CodeChoice[]): string[] => list.map(({ name }) => name);
const found = (query: string): string[] => namesOf(findCodes(codes, query).matches);

describe('findCodes', () => {
  it('gives all codes as they are ordered while nothing is typed', () => {
    expect(findCodes(codes, '').matches).toBe(codes);
    expect(findCodes(codes, '  ').matches).toBe(codes);
  });

  it('puts the start of a name before the inside of a word', () => {
    expect(found('reso')).toEqual(['Resolved', 'Resolved – needs follow-up', 'Unresolved – escalated']);
  });

  it('puts the start of a later word before the inside of one', () => {
    const close = [code('Unfollowed'), code('To follow up'), code('Follow-up')];
    expect(namesOf(findCodes(close, 'follow').matches)).toEqual(['Follow-up', 'To follow up', 'Unfollowed']);
  });

  it('wants every word, in any order, however it is written', () => {
    expect(found('FOLLOW resolved')).toEqual(['Resolved – needs follow-up']);
    expect(found('reclamation')).toEqual(['Réclamation']);
    expect(found('resolved escalation')).toEqual([]);
  });

  it('looks into descriptions after names', () => {
    expect(findCodes(codes, 'invoice')).toMatchObject({ matches: [], described: [{ name: 'Réclamation' }] });
  });

  it.each([
    ['a letter missing', 'biling'],
    ['a letter too many', 'billling'],
    ['a wrong letter', 'bikling'],
    ['two letters swapped', 'blilign'],
    ['the first two letters swapped', 'iblling'],
  ])('forgives %s', (_slip, query) => {
    expect(findCodes(codes, query)).toMatchObject({ matches: [], near: [{ name: 'Billing question' }] });
  });

  it('keeps a slip apart from a true match: it may not be picked unseen', () => {
    const close = [code('Restored'), code('Resorted')];
    expect(findCodes(close, 'resor')).toMatchObject({
      matches: [{ name: 'Resorted' }],
      near: [{ name: 'Restored' }],
    });
    // The code that was once filed for “ref”, in a queue without any refund.
    expect(findCodes([code('Login restored')], 'ref')).toMatchObject({
      matches: [],
      near: [{ name: 'Login restored' }],
    });
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
        expect(findCodes(alike, 'same').matches).toEqual(alike);
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
        const { matches: hits } = findCodes(all, wanted?.name ?? '');
        expect(hits).toContain(wanted);
        expect(new Set(hits).size).toBe(hits.length);
        expect(all).toEqual(expect.arrayContaining([...hits]));
      }),
    );
  });
});

describe('what letters chose before', () => {
  const close = [code('Refund refused'), code('Refund requested'), code('Other refund')];
  const first = (query: string, letters: string): string | undefined =>
    findCodes(close, query, [{ letters, code: 'Refund requested' }]).matches[0]?.name;

  it('stands first among equally good ones, also on the way to the letters and after them', () => {
    expect(first('ref', 'ref')).toBe('Refund requested');
    expect(first('re', 'ref')).toBe('Refund requested');
    expect(first('refu', 'ref')).toBe('Refund requested');
    expect(first('ref', 'oth')).toBe('Refund refused');
  });

  it('never goes before a better match', () => {
    const picks = [{ letters: 'ref', code: 'Other refund' }];
    expect(namesOf(findCodes(close, 'ref', picks).matches)).toEqual([
      'Refund refused',
      'Refund requested',
      'Other refund',
    ]);
  });

  it('is remembered without capitals, accents and punctuation', () => {
    expect(lettersOf('  RÉ-c ')).toBe('re c');
  });
});

describe('markHits', () => {
  const hits = (text: string, query: string): string[] =>
    markHits(text, query)
      .filter(({ hit }) => hit)
      .map(({ text: part }) => part);

  it('marks the start of a word, else the inside of one, as it is written', () => {
    expect(hits('Réclamation', 'recl')).toEqual(['Récl']);
    expect(hits('Re\u0301clamation', 'recl')).toEqual(['Re\u0301cl']);
    expect(hits('Unresolved, resolved', 'reso')).toEqual(['reso']);
    expect(markHits('Unresolved', 'reso')).toEqual([
      { text: 'Un', hit: false },
      { text: 'reso', hit: true },
      { text: 'lved', hit: false },
    ]);
    expect(hits('Straße', 'strasse')).toEqual(['Straße']);
    expect(hits('Straße', 'stras')).toEqual(['Straß']);
    expect(hits('Resolved – needs follow-up', 'follow res')).toEqual(['Res', 'follow']);
    expect(hits('Login restored', 'ref')).toEqual([]);
  });

  it('leaves the text whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, query) => {
        expect(
          markHits(text, query)
            .map((part) => part.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});

describe('digits', () => {
  const press = (key: string, of: string, shiftKey = false) => ({ key, code: of, shiftKey, altKey: false });

  it('are the keys that type them, wherever they are', () => {
    expect(digitOf(press('1', 'Digit1'), '')).toBe(1);
    expect(digitOf(press('9', 'Numpad9'), 'abc')).toBe(9);
    expect(digitOf(press('2', 'Digit2', true), 'abc')).toBe(2);
    expect(digitOf(press('0', 'Digit0'), '')).toBeNull();
    expect(digitOf(press('F1', 'F1'), '')).toBeNull();
    expect(digitOf(press('a', 'KeyA'), '')).toBeNull();
  });

  it('are the places of the base row where that has none, but no letters of a search', () => {
    expect(digitOf(press('&', 'Digit1'), '')).toBe(1);
    expect(digitOf(press('é', 'Digit2'), '')).toBe(2);
    expect(digitOf(press('é', 'Digit2'), 'r')).toBeNull();
    expect(digitOf(press('ě', 'Digit2'), ' ')).toBe(2);
    // There it is a digit with Shift, and what is below it is a sign.
    expect(digitOf(press('!', 'Digit1', true), '')).toBeNull();
    expect(digitOf({ ...press('1', 'Digit1'), altKey: true }, '')).toBeNull();
  });

  it('are typed during a search as soon as a name has one', () => {
    expect(digitPicks(codes, 'reso')).toBe(true);
    const withDigit = [...codes, code('2nd line')];
    expect(digitPicks(withDigit, 'line')).toBe(false);
    expect(digitPicks(withDigit, ' ')).toBe(true);
  });
});
