import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hitInNotes, markHits, wordsOfQuery } from '../../../domain/review/hits.ts';
import { everything } from '../../../domain/review/query.ts';
import { isFoundBy, searchWords } from '../../../domain/words/search-words.ts';

const marked = (text: string, ...asked: readonly string[]): string =>
  markHits(text, asked)
    .map(({ text: part, hit }) => (hit ? `[${part}]` : part))
    .join('');

describe('what was searched for', () => {
  it.each([
    ['Quillfeather · Billing', ['ill'], 'Qu[ill]feather · B[ill]ing'],
    ['Łukasz Lœuillet', ['luk', 'loeu'], '[Łuk]asz [Lœu]illet'],
    ['Résume\u0301', ['resume'], '[Résume\u0301]'],
    ['Ana Banana', ['an'], '[An]a Banana'],
    ['Ana Banana', ['ana'], '[Ana] B[anana]'],
    ['田中 太郎', ['中', '郎'], '田[中] 太[郎]'],
    ['Straße', ['ass'], 'Str[aß]e'],
    ['nothing', ['xyz'], 'nothing'],
    ['', ['a'], ''],
  ])('in %j by %j is %j', (text, asked, expected) => {
    expect(marked(text, ...asked)).toBe(expected);
  });

  it('is marked where the search finds it, and the text stays as it was', () => {
    const letters = fc.string({
      unit: fc.constantFrom('a', 'b', 'B', 'ä', 'ß', ' ', '-', '1', '中'),
      maxLength: 12,
    });
    fc.assert(
      fc.property(letters, letters, (text, typed) => {
        const asked = searchWords(typed).slice(0, 1);
        const parts = markHits(text, asked);
        expect(parts.map((part) => part.text).join('')).toBe(text);
        const found = asked.some((one) => searchWords(text).some((word) => isFoundBy(word, one)));
        expect(parts.some(({ hit }) => hit)).toBe(found);
      }),
    );
  });

  it('is what is typed and the names of queues and codes', () => {
    const query = { ...everything, words: ['Ill'], queue: ['After sales'], code: ['Résolu'] };
    expect(wordsOfQuery(query)).toEqual(['ill', 'after', 'sales', 'resolu']);
  });

  it('is shown with what stands around it in notes', () => {
    const notes = 'She asked for the invoice of Quillfeather & Sons, which came twice this month.';
    expect(hitInNotes(notes, ['feather'])).toBe('…for the invoice of Quillfeather & Sons, which came twic…');
    expect(hitInNotes('Quill', ['qui'])).toBe('Quill');
    expect(hitInNotes(notes, ['zzz'])).toBe('');
  });
});
