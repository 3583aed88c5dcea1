import { expect, it } from 'vitest';
import { isolated, joinClauses, say } from '../../../domain/words/say.ts';
import { shortened } from '../../../domain/words/communication-words.ts';

const arabic = 'مريم';

it('a name of another direction stays together and turns no line around', () => {
  expect(joinClauses([arabic, 'Billing'])).toBe(`\u2068${arabic}\u2069 · Billing`);
  expect(joinClauses([joinClauses([arabic]), 'Billing'])).toBe(`\u2068${arabic}\u2069 · Billing`);
  expect(joinClauses(['Ana', 'Billing'])).toBe('Ana · Billing');
  expect(say('status.isSharing', { name: arabic })).toContain(`\u2068${arabic}\u2069`);
  expect(isolated(isolated(arabic))).toBe(`\u2068${arabic}\u2069`);
});

it('marks that turn text around do nothing in a name', () => {
  expect(shortened('Ana\u202Egnp.exe\u2069\u200F')).toBe('Anagnp.exe');
  expect(say('status.isSharing', { name: 'Ana\u202E' })).not.toContain('\u202E');
});
