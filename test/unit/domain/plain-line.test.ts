import { describe, expect, it } from 'vitest';
import { newPassphraseProblem } from '../../../domain/passphrase.ts';
import { plainLine } from '../../../domain/words/plain-line.ts';
import { joinClauses, say } from '../../../domain/words/say.ts';

describe('a name in a line of ours', () => {
  it.each([
    ['a line break', 'Sales\nYou are not sharing', 'Sales You are not sharing'],
    ['every other one', 'a\r\nb\u2028c\u2029d\u0085e\vf', 'a b c d e f'],
    ['tabs and controls', 'a\t\u0007\u001b[31mb\u009f', 'a [31mb '],
    ['an override', 'Ana\u202Eanaidni', 'Anaanaidni'],
    ['embeddings and marks', '\u202aA\u202bn\u202ca\u202d\u200e\u200f\u061c', 'Ana'],
    ['what is not seen', 'A\u200bn\u2060a\ufeff\u00ad\u{e0041}', 'Ana'],
    ['joiners that hide', 'A\u200dn\u200ca', 'Ana'],
    ['an isolate that is never closed', 'A\u2067na', 'Ana'],
    ['the end of one that was not begun', 'A\u2069na\u2066', 'Ana'],
    ['heaps of marks', `a${'\u0301'.repeat(40)}`, `a${'\u0301'.repeat(4)}`],
  ])('loses %s', (_what, given, shown) => {
    expect(plainLine(given)).toBe(shown);
  });

  it.each(['Ana Müller & Söhne <1>', 'שלום', 'می‌خواهم', '👩‍💻 Ada', 'क्‍ष', '日本', '\u2068Ana\u2069', 'é'])(
    'stays as it is written: %s',
    (name) => {
      expect(plainLine(name)).toBe(name);
    },
  );

  it('breaks no text of ours', () => {
    expect(say('status.queue', { queue: 'Billing\n\u202Eevil' })).toBe(
      say('status.queue', { queue: 'Billing evil' }),
    );
    expect(joinClauses(['Ana\u2028L.', '\u200b', 'Billing'])).toBe('Ana L. · Billing');
  });
});

describe('a new passphrase', () => {
  it.each(['', '   ', 'a', 'one', '1234567', '        x', 'aaaaaaaaaaaa', 'abababababab'])(
    'is not %j',
    (words) => {
      expect(newPassphraseProblem(words)).not.toBe('');
    },
  );
  it.each(['good words', 'correct horse', 'пароль из слов', '合言葉は山と川です'])('may be %j', (words) => {
    expect(newPassphraseProblem(words)).toBe('');
  });
});
