import { describe, expect, it } from 'vitest';
import { everything } from '../../../domain/review/query.ts';
import { parseQuery } from '../../../domain/review/query-parser.ts';
import { alternativesTo, searchParts, wholeText, withSearch } from '../../../domain/review/search-parts.ts';
import {
  chipWords,
  mostSuggestions,
  noNames,
  suggestionsFor,
  type SearchNames,
} from '../../../domain/review/suggestions.ts';

const names: SearchNames = {
  queues: [
    { name: 'Online banking', records: 17 },
    { name: 'Home banking', records: 3 },
    { name: 'The “best” queue', records: 1 },
  ],
  codes: [
    { name: 'Login restored', records: 9 },
    { name: 'Bank details changed', records: 4 },
  ],
};
const offered = (text: string, taken: readonly string[] = []): string[] =>
  suggestionsFor(text, names, taken).map(({ words }) => words);
const now = Date.parse('2026-11-30T12:00:00');

describe('what the search offers', () => {
  it('is nothing the archive cannot be asked for', () => {
    const filters = (text: string, source: 'desk' | 'archive') =>
      suggestionsFor(text, noNames, [], source).map(({ filter }) => filter);
    expect(filters('mis', 'desk')).toContain('missed');
    expect(filters('mis', 'archive')).toEqual([]);
    expect(filters('tod', 'archive')).toEqual(['since:today']);
  });

  it.each<[string, string[]]>([
    ['ban', ['Code: Bank details changed', 'Queue: Online banking', 'Queue: Home banking']],
    ['tod', ['Today']],
    ['TODAY', ['Today']],
    ['week', ['Last 7 days']],
    ['time', ['Wrap-up timed out']],
    ['genesys', ['Wrap-up from Genesys']],
    ['online ban', ['Queue: Online banking', 'Code: Bank details changed', 'Queue: Home banking']],
    ['ana online bank', ['Queue: Online banking', 'Code: Bank details changed', 'Queue: Home banking']],
    // Inside of words, too.
    ['estor', ['Code: Login restored']],
    ['zzz', []],
    ['', []],
    // Finished, or in the words of the search.
    ['today ', []],
    ['queue:ban', []],
    ['"ban', []],
  ])('for %j: %j', (text, words) => {
    expect(offered(text)).toEqual(words);
  });

  it('keeps the words before those it stands for, and offers nothing twice', () => {
    expect(suggestionsFor('ana online bank', names, [])[0]).toMatchObject({
      filter: 'queue:"Online banking"',
      records: 17,
      rest: 'ana',
    });
    expect(offered('today', ['since:today'])).toEqual([]);
  });

  it('is never more than fits, and always a search that can be read', () => {
    const queues = Array.from({ length: 50 }, (_, at) => ({ name: `Queue ${at} "x`, records: at }));
    const many = suggestionsFor('queue', { ...noNames, queues }, []);
    expect(many).toHaveLength(mostSuggestions);
    for (const text of ['a', 's', 'w', 'm', 't', 'y', 'b', 'the', 'y', 'l', 'd', 'o', 'queue'])
      for (const { filter } of suggestionsFor(text, { ...names, queues: [...names.queues, ...queues] }, []))
        expect(parseQuery(filter, now), filter).toMatchObject({ ok: true });
  });

  it('is read as what it says, also when chosen again', () => {
    expect(chipWords('queue:"Online banking"')).toBe('Queue: Online banking');
    expect(chipWords('since:yesterday until:yesterday')).toBe('Yesterday');
    expect(chipWords('role:nobody')).toBe('role:nobody');
  });
});

describe('a search that finds nothing', () => {
  const finding =
    (found: Readonly<Record<string, number>>) =>
    (search: Parameters<typeof wholeText>[0]): Promise<number | null> =>
      Promise.resolve(found[wholeText(search).whole.trim()] ?? 0);

  it('says what to leave out and what that would bring', async () => {
    const search = { chips: ['since:today'], text: 'banking missed' };
    const found = await alternativesTo(search, finding({ 'banking missed': 4, 'since:today banking': 1 }));
    expect(found).toEqual([
      { kind: 'without', part: 'Today', records: 4, search: { chips: [], text: 'banking missed' } },
      { kind: 'without', part: 'missed', records: 1, search: { chips: ['since:today'], text: 'banking' } },
    ]);
  });

  it('says what finds something alone, where leaving out one is not enough', async () => {
    const found = await alternativesTo({ chips: [], text: 'banking missed today' }, finding({ banking: 17 }));
    expect(found).toEqual([
      { kind: 'only', part: 'banking', records: 17, search: { chips: [], text: 'banking' } },
    ]);
  });

  it('has nothing to leave out where it asks for one thing, or nothing helps', async () => {
    expect(await alternativesTo({ chips: [], text: 'zzz' }, finding({}))).toEqual([]);
    expect(await alternativesTo({ chips: [], text: 'zzz yyy' }, finding({}))).toEqual([]);
    expect(await alternativesTo({ chips: [], text: 'a b' }, () => Promise.resolve(null))).toEqual([]);
  });

  it('takes a quote or a filter as one part', () => {
    expect(
      searchParts({ chips: [], text: 'queue:"Home internet"  "a b" c' }).map(({ without }) => without.text),
    ).toEqual(['"a b" c', 'queue:"Home internet" c', 'queue:"Home internet"  "a b"']);
  });
});

describe('searches that are kept', () => {
  it('are the newest, each once', () => {
    const search = (text: string) => ({ chips: [], text });
    let recent = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(search).reduce(withSearch, []);
    expect(recent.map(({ text }) => text)).toEqual(['g', 'f', 'e', 'd', 'c', 'b']);
    recent = withSearch(recent, search('d '));
    expect(recent.map(({ text }) => text)).toEqual(['d ', 'g', 'f', 'e', 'c', 'b']);
  });
});

describe('a day alone', () => {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  it('is one to look at', () => {
    expect(parseQuery('banking missed today', now)).toEqual({
      ok: true,
      query: { ...everything, words: ['banking'], missed: true, since: midnight },
    });
    expect(parseQuery('Yesterday', now)).toMatchObject({
      query: { since: new Date(midnight).setDate(new Date(midnight).getDate() - 1), until: midnight },
    });
    expect(parseQuery('"today"', now)).toMatchObject({ query: { words: ['today'], since: null } });
    expect(parseQuery('today since:7d', now)).toMatchObject({ ok: false });
    expect(parseQuery('since:7d today', now)).toMatchObject({ ok: false });
  });
});
