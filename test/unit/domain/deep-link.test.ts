import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkToRecord, looksLikeDeepLink, parseDeepLink } from '../../../domain/deep-link.ts';
import { settingsSections } from '../../../domain/settings-sections.ts';

describe('a link', () => {
  it('leads to a section of the settings, or to a record', () => {
    for (const section of settingsSections)
      expect(parseDeepLink(`sharelight://settings/${section}`)).toEqual({ to: 'settings', section });
    // As a browser may write it.
    expect(parseDeepLink('Sharelight://Settings/Data/')).toEqual({ to: 'settings', section: 'data' });
    expect(parseDeepLink('sharelight://record/a-1/b-2/c-3')).toEqual({ to: 'record', key: 'a-1/b-2/c-3' });
    expect(parseDeepLink('sharelight://record/a-1%2Fb-2%2Fc%203')).toEqual({
      to: 'record',
      key: 'a-1/b-2/c 3',
    });
  });

  it.each([
    '',
    'sharelight:',
    'sharelight://',
    'sharelight://record',
    'sharelight://record/',
    'sharelight:record/a',
    'sharelight://settings/secrets',
    'sharelight://settings/account/more',
    'sharelight://settings/__proto__',
    'sharelight://quit/now',
    'sharelight://user@record/a',
    'sharelight://record:80/a',
    'sharelight://record/a?delete=1',
    'sharelight://record/a#b',
    'sharelight://record/%',
    'sharelight://record/%ff',
    'sharelight://record/a%00b',
    'sharelight://record/a%0d%0ab',
    'sharelight://record/%E2%80%AEa',
    'sharelight://record/a b',
    'sharelight://record/a" --user-data-dir=/tmp/x',
    'sharelight://record/a\n--export',
    ' sharelight://record/a',
    'https://record/a',
    'javascript:alert(1)',
    `sharelight://record/${'a'.repeat(401)}`,
    `sharelight://record/${'%61'.repeat(2000)}`,
  ])('leads nowhere as %j', (text) => {
    expect(parseDeepLink(text)).toBeNull();
  });

  it('to any record that can be is read as it was written', () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(key, (each) => {
        const link = linkToRecord(each);
        const read = parseDeepLink(link);
        expect(looksLikeDeepLink(link)).toBe(true);
        if (read !== null) expect(read).toEqual({ to: 'record', key: each.replace(/\/$/, '') });
      }),
      { numRuns: 300 },
    );
  });

  it('is read or refused, whatever it is', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(anything, (rest) => {
        const read = parseDeepLink(`sharelight://record/${rest}`);
        expect(read === null || (read.to === 'record' && read.key.length <= 400)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
