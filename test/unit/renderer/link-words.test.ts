import { describe, expect, it } from 'vitest';
import type { Link } from '../../../domain/state.ts';
import { linkWords } from '../../../renderer/widget/link-words.ts';

// Built from local parts, so that the time of day reads the same in every time zone.
const contact = new Date(2026, 10, 23, 14, 31, 7).getTime();
const after = (seconds: number): number => contact + seconds * 1000;
const live: Link = { freshness: 'live', words: 'Live', detail: '', lastContactAt: contact, retryAt: null };

describe('linkLine', () => {
  it.each([
    [1, 'Live · confirmed just now'],
    [9, 'Live · confirmed just now'],
    [10, 'Live · confirmed 10 s ago'],
    [19, 'Live · confirmed 10 s ago'],
    [59, 'Live · confirmed 50 s ago'],
    [150, 'Live · confirmed 2 min ago'],
    [-5, 'Live · confirmed just now'],
  ])('live, %i s after the last contact', (seconds, main) => {
    expect(linkWords(live, after(seconds), 'en')).toEqual({ main, more: '' });
  });

  it('says since when it is stale, and why', () => {
    const link: Link = { ...live, freshness: 'stale', words: 'Stale', detail: 'Silent for too long' };
    expect(linkWords(link, after(38), 'en')).toEqual({
      main: 'Stale · last confirmed 14:31:07',
      more: 'Silent for too long',
    });
  });

  it('counts down to the next try while offline, with the last confirmed time', () => {
    const link: Link = {
      ...live,
      freshness: 'offline',
      words: 'Offline',
      detail: 'No network',
      retryAt: after(43),
    };
    expect(linkWords(link, after(38), 'en')).toEqual({
      main: 'Offline · trying again in 5 s',
      more: 'Last confirmed 14:31:07 · No network',
    });
    expect(linkWords(link, after(38), 'en', undefined, true).more).toBe('No network');
    expect(linkWords(link, after(43), 'en').main).toBe('Offline · trying again now');
    expect(linkWords({ ...link, retryAt: null }, after(43), 'en').main).toBe('Offline');
  });

  it('says the day of a contact that was not today', () => {
    const link: Link = { ...live, freshness: 'offline', words: 'Offline' };
    const later = after(3 * 86_400);
    expect(linkWords(link, later, 'en').more).toBe('Last confirmed Mon 14:31:07');
    expect(linkWords({ ...link, freshness: 'stale', words: 'Stale' }, later, 'en').main).toBe(
      'Stale · last confirmed Mon 14:31:07',
    );
  });

  it('claims no contact there has not been', () => {
    const link: Link = { ...live, freshness: 'connecting', words: 'Connecting', lastContactAt: null };
    expect(linkWords(link, after(0), 'en')).toEqual({ main: 'Connecting', more: '' });
  });
});
