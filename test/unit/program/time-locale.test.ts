import { expect, it } from 'vitest';
import { dateAndTime, dateWords, timeOfDay } from '../../../domain/words/time-words.ts';
import { timeLocale } from '../../../electron/program/time-locale.ts';

const afternoon = new Date(2026, 10, 3, 14, 2, 9).getTime();
const seen = (env: NodeJS.ProcessEnv): string => dateAndTime(afternoon, timeLocale('linux', env, '', 'en'));

it.each([
  [{ LC_TIME: 'de_DE.UTF-8', LANG: 'en_US.UTF-8' }, '3 Nov 2026, 14:02:09'],
  [{ LANG: 'en_GB.UTF-8' }, '3 Nov 2026, 14:02:09'],
  [{ LC_TIME: 'en_US.UTF-8' }, 'Nov 3, 2026, 2:02:09 PM'],
  [{ LC_ALL: 'en_US', LC_TIME: 'de_DE' }, 'Nov 3, 2026, 2:02:09 PM'],
  [{ LC_TIME: 'pl_PL@euro' }, '3 Nov 2026, 14:02:09'],
  [{ LC_TIME: 'en_AU.UTF-8' }, '3 Nov 2026, 2:02:09 pm'],
])('times are written as the system writes them: %j', (env, words) => {
  expect(seen(env).replaceAll(/\s/gu, ' ')).toBe(words);
});

it.each([{}, { LANG: 'C.UTF-8' }, { LC_ALL: 'POSIX' }, { LC_TIME: '??' }])(
  'a system without a word about times has 24 hours: %j',
  (env) => {
    expect(timeOfDay(afternoon, timeLocale('linux', env, '', 'en'))).toBe('14:02');
  },
);

it('elsewhere the system itself says it', () => {
  expect(timeOfDay(afternoon, timeLocale('win32', { LANG: 'en_US' }, 'de-DE', 'en'))).toBe('14:02');
  expect(timeOfDay(afternoon, timeLocale('darwin', {}, 'en-US', 'en')).replaceAll(/\s/gu, ' ')).toBe(
    '2:02 PM',
  );
  expect(dateWords(afternoon, timeLocale('darwin', {}, 'ja-JP', 'en'))).toBe('3 Nov 2026');
});
