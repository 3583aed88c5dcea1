import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { helpLines, parseQuery } from '../../../domain/review/query-parser.ts';
import { everything, type ReviewQuery } from '../../../domain/review/query.ts';
import { reviewQuerySchema } from '../../../domain/review/review-schemas.ts';

/** A Monday afternoon here, wherever that is. */
const now = new Date(2026, 10, 23, 14, 18).getTime();
const here = (year: number, month: number, day: number, hour = 0, minute = 0): number =>
  new Date(year, month - 1, day, hour, minute).getTime();

const asked = (change: Partial<ReviewQuery>): unknown => ({ ok: true, query: { ...everything, ...change } });

describe('a query', () => {
  it.each<[string, Partial<ReviewQuery>]>([
    ['', {}],
    ['  \t ', {}],
    ['invoice ana', { words: ['invoice', 'ana'] }],
    ['"two words" three', { words: ['two', 'words', 'three'] }],
    ['“two words”', { words: ['two', 'words'] }],
    ['ana - invoice 🎉', { words: ['ana', 'invoice'] }],
    ['"-billing" -5', { words: ['-billing', '-5'] }],
    ['"', {}],
    ['code:resolved', { code: ['resolved'] }],
    ['CODE:Resolved', { code: ['Resolved'] }],
    ['code:a code:b', { code: ['a', 'b'] }],
    ['queue:"After sales" ana', { queue: ['After sales'], words: ['ana'] }],
    ['queue:" After sales "ana', { queue: ['After sales'], words: ['ana'] }],
    ['since:2026-11-20', { since: here(2026, 11, 20) }],
    ['until:2026-11-20', { until: here(2026, 11, 21) }],
    ['since:2026-11-20T14:05', { since: here(2026, 11, 20, 14, 5) }],
    ['until:2026-11-20t14:05', { until: here(2026, 11, 20, 14, 5) }],
    ['since:2026-11-20T14:05:06.007Z', { since: Date.UTC(2026, 10, 20, 14, 5, 6, 7) }],
    ['since:2026-11-20T14:05+01:00', { since: Date.UTC(2026, 10, 20, 13, 5) }],
    ['since:7d', { since: now - 7 * 86_400_000 }],
    ['since:2W until:12h', { since: now - 14 * 86_400_000, until: now - 12 * 3_600_000 }],
    ['until:30m', { until: now - 30 * 60_000 }],
    ['since:today', { since: here(2026, 11, 23) }],
    ['since:Yesterday until:yesterday', { since: here(2026, 11, 22), until: here(2026, 11, 23) }],
    ['role:sharing', { role: 'sharing' }],
    ['role:Viewing', { role: 'viewing' }],
    ['missed', { missed: true }],
    ['MISSED is:missed', { missed: true }],
    ['"missed"', { words: ['missed'] }],
    ['is:waiting', { wrapup: 'waiting' }],
    ['is:draft', { wrapup: 'draft' }],
    ['is:sent', { wrapup: 'sent' }],
    ['is:conflict', { wrapup: 'conflict' }],
    ['is:skipped', { wrapup: 'skipped' }],
    ['is:timedOut', { wrapup: 'timedOut' }],
    ['is:elsewhere', { wrapup: 'elsewhere' }],
    ['is:Genesys', { wrapup: 'elsewhere' }],
    ['is:open', { wrapup: 'open' }],
    ['sharing:>5m', { sharing: { compare: '>', ms: 300_000 } }],
    ['sharing:<30s', { sharing: { compare: '<', ms: 30_000 } }],
    ['sharing:>=1h', { sharing: { compare: '>=', ms: 3_600_000 } }],
    ['sharing:<=1h30m', { sharing: { compare: '<=', ms: 5_400_000 } }],
    ['sharing:=1.5min', { sharing: { compare: '=', ms: 90_000 } }],
    ['sharing:5M', { sharing: { compare: '>=', ms: 300_000 } }],
    [
      'invoice code:resolved since:7d',
      { words: ['invoice'], code: ['resolved'], since: now - 7 * 86_400_000 },
    ],
  ])('%s is understood', (text, change) => {
    expect(parseQuery(text, now)).toEqual(asked(change));
  });

  it.each([
    ['14:02', ['14:02']],
    ['https://example.com/a?b=c:d', ['https://example.com/a?b=c:d']],
    ['ftp://host', ['ftp://host']],
    ['sip:ana@example.com', ['sip:ana@example.com']],
    ['Re: invoice', ['re', 'invoice']],
    [':8080', [':8080']],
    ['ININ-WRAP-UP:x', ['ININ-WRAP-UP:x']],
    ['19" monitor', ['19"', 'monitor']],
    ['"quue:billing"', ['quue:billing']],
    ['A & B – c', ['A', 'B', 'c']],
    ['Müller 山田', ['Müller', '山田']],
  ])('%s is words', (text, words) => {
    expect(parseQuery(text, now)).toEqual(asked({ words }));
  });

  it.each([
    ['code:', {}],
    ['ana queue:', { words: ['ana'] }],
    ['queue:"', {}],
    ['ana "', { words: ['ana'] }],
    ['since:', {}],
    ['sharing:>', {}],
    ['sharing:>=', {}],
    ['qu:', { words: ['qu'] }],
  ])('%s is still being typed, and says nothing yet', (text, change) => {
    expect(parseQuery(text, now)).toEqual(asked(change));
  });

  it.each([
    ['ana quue:billing', 'quue:', 'No filter called “quue:”. Did you mean “queue:”?'],
    ['untill:today', 'untill:', 'No filter called “untill:”. Did you mean “until:”?'],
    [
      'person:bob',
      'person:',
      'No filter called “person:”. Use code: queue: since: until: role: is: sharing:',
    ],
    ['code: resolved', 'code:', '“code:” needs a value right after it, such as code:resolved.'],
    ['code:"" x', 'code:""', '“code:” needs a value'],
    ['queue:&', 'queue:&', '“queue:” needs a value right after it, such as queue:"After sales".'],
    ['sharing:> ', 'sharing:>', '“sharing:” needs a value right after it, such as sharing:>5m.'],
    ['since:2026-02-30 x', '2026-02-30', 'There’s no 2026-02-30 in the calendar.'],
    ['since:2026-13-01', '2026-13-01', 'There’s no 2026-13-01 in the calendar.'],
    ['since:2026-01-01T25:00', '2026-01-01T25:00', 'There’s no 2026-01-01T25:00'],
    ['since:soon', 'soon', '“soon” isn’t a date, a time or an age.'],
    ['until:2026-1-1', '2026-1-1', '“2026-1-1” isn’t a date'],
    ['since:today ana until:yesterday', 'until:yesterday', '“since:” must be before “until:”.'],
    ['until:2020-01-01 since:7d', 'since:7d', '“since:” must be before “until:”.'],
    ['role:boss', 'boss', '“role:” must be one of sharing, viewing, not “boss”.'],
    [
      'is:gone',
      'gone',
      '“is:” must be one of sent, genesys, timedout, skipped, draft, waiting, conflict, open, missed, not “gone”',
    ],
    [
      'sharing:>5',
      '>5',
      '“>5” isn’t a length of time. Write it with its unit: sharing:>5m, or 30s, 1h, 1h30m.',
    ],
    ['sharing:long', 'long', '“long” isn’t a length of time.'],
    ['role:sharing role:viewing', 'role:viewing', 'Use “role:” only once.'],
    ['since:7d since:2d', 'since:2d', 'This search already says when. Leave out “since:”'],
    ['until:2d ana until:1d', 'until:1d', 'Leave out “until:”'],
    ['today yesterday', 'yesterday', 'This search already says when. Leave out “yesterday”'],
    ['today since:7d', 'since:7d', 'Leave out “since:”'],
    ['invoice -billing', '-billing', 'A search can’t leave anything out'],
    ['-queue:billing', '-queue:billing', 'put it in quotes'],
    ['🎉', '🎉', 'There’s no letter or digit in this to search for.'],
    ['-- "" %', '-- "" %', 'There’s no letter or digit in this'],
    ['ana "two words', '"two words', 'This quote isn’t closed.'],
    ['queue:"After sa', 'queue:"After sa', 'This quote isn’t closed.'],
    [
      `code:${'x'.repeat(201)}`,
      'x'.repeat(201),
      'This is too long to search for. Use at most 200 characters.',
    ],
    ['x'.repeat(201), 'x'.repeat(201), 'This is too long'],
    [`${'a '.repeat(20)}end`, 'end', 'Too many words or values. Use at most 20.'],
  ])('%s is answered with what is wrong, and where', (text, part, problem) => {
    const read = parseQuery(text, now);
    if (read.ok) throw new Error('it was understood');
    expect(read.problem).toContain(problem);
    expect(text.slice(read.from, read.to)).toBe(part);
  });

  it('counts a day in hours of its own, also where the clock is changed in it', () => {
    // Wherever this runs: every day of a year ends where the next begins.
    for (let day = 1; day <= 365; day += 1) {
      const at = new Date(2026, 0, day);
      const two = (value: number): string => String(value).padStart(2, '0');
      const date = `2026-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
      const read = parseQuery(`since:${date} until:${date}`, now);
      expect(read).toEqual(asked({ since: at.getTime(), until: new Date(2026, 0, day + 1).getTime() }));
    }
  });

  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom(
      'code:',
      'queue:"',
      '"',
      ' ',
      'since:7d',
      'until:',
      'sharing:>',
      '2026-02-31',
      ':',
      'role:x',
    ),
  );
  it('is always read or answered, within what the database takes and within the text', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        const read = parseQuery(text, now);
        if (read.ok) {
          expect(reviewQuerySchema.safeParse(read.query).success).toBe(true);
          return;
        }
        expect(read.problem).not.toBe('');
        expect(read.from).toBeGreaterThanOrEqual(0);
        expect(read.from).toBeLessThan(read.to);
        expect(read.to).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 500 },
    );
  });

  it('is read as it was written', () => {
    const word = fc.stringMatching(/^[a-zäß0-9]{1,8}$/).filter((text) => text !== 'missed');
    const query: fc.Arbitrary<ReviewQuery> = fc.record({
      words: fc.array(word, { maxLength: 4 }),
      code: fc.array(word, { maxLength: 2 }),
      queue: fc.array(word, { maxLength: 2 }),
      since: fc.option(fc.integer({ min: 0, max: 1e12 })),
      until: fc.option(fc.integer({ min: 1e12 + 1, max: 2e12 })),
      role: fc.option(fc.constantFrom('sharing', 'viewing')),
      missed: fc.boolean(),
      sharing: fc.option(
        fc.record({
          compare: fc.constantFrom('>', '<', '>=', '<=', '='),
          ms: fc.nat({ max: 99_999 }).map((s) => s * 1000),
        }),
      ),
      wrapup: fc.option(fc.constantFrom('draft', 'waiting', 'sent', 'conflict', 'skipped')),
    });
    const written = (each: ReviewQuery): string =>
      [
        ...each.words,
        ...each.code.map((value) => `code:${value}`),
        ...each.queue.map((value) => `queue:"${value}"`),
        each.since === null ? '' : `since:${new Date(each.since).toISOString()}`,
        each.until === null ? '' : `until:${new Date(each.until).toISOString()}`,
        each.role === null ? '' : `role:${each.role}`,
        each.missed ? 'missed' : '',
        each.sharing === null ? '' : `sharing:${each.sharing.compare}${each.sharing.ms / 1000}s`,
        each.wrapup === null ? '' : `is:${each.wrapup}`,
      ].join(' ');
    fc.assert(
      fc.property(query, (each) => {
        expect(parseQuery(written(each), now)).toEqual({ ok: true, query: each });
      }),
    );
  });
});

describe('a query of the archive', () => {
  it.each<[string, Partial<ReviewQuery>]>([
    ['agent:ana', { agent: ['ana'] }],
    ['agent:"Ana Lima" agent:ben', { agent: ['Ana Lima', 'ben'] }],
    ['queue:"After sales" code:resolved', { queue: ['After sales'], code: ['resolved'] }],
    ['agent:', {}],
  ])('reads %s', (text, query) => {
    expect(parseQuery(text, now, 'archive')).toEqual(asked(query));
  });

  it('knows days as the desk does', () => {
    for (const text of ['today', 'yesterday', 'since:7d', 'since:yesterday until:yesterday'])
      expect(parseQuery(text, now, 'archive')).toEqual(parseQuery(text, now));
  });

  it.each([
    ['ana', 'ana', /names and notes may be masked there\. Use agent: queue: code: since: until:$/],
    ['queue:billing "After sales"', '"After sales"', /masked/],
    ['Note: since:7d', 'Note:', /masked/],
    ['missed', 'missed', /^“missed” can’t be asked of the archive/],
    ['role:sharing', 'role:sharing', /^“role:” can’t be asked of the archive, only of this desk/],
    ['is:waiting', 'is:waiting', /only of this desk/],
    ['sharing:>5m queue:billing', 'sharing:>5m', /only of this desk/],
    ['agents:ana', 'agents:', /agent:/],
  ])('says what cannot be asked there in %s', (text, part, words) => {
    const read = parseQuery(text, now, 'archive');
    if (read.ok) throw new Error('It was read.');
    expect(read.problem).toMatch(words);
    expect(text.slice(read.from, read.to)).toBe(part);
  });

  it('is the only one that asks for agents', () => {
    expect(parseQuery('agent:ana', now)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/is for an archive/) as unknown,
    });
  });
});

describe('the help', () => {
  it('of the archive names what can be asked there, and nothing else', () => {
    const examples = helpLines('archive').map(({ example }) => example);
    expect(examples[0]).toBe('agent:ana');
    expect(examples).not.toContain('role:sharing');
    for (const example of examples) expect(parseQuery(example, now, 'archive').ok).toBe(true);
  });

  it.each(helpLines().map(({ example, words }) => [example, words]))(
    '%s can be typed: %s',
    (example, words) => {
      const read = parseQuery(example, now);
      expect(read).toMatchObject({ ok: true });
      expect(read).not.toEqual(asked({}));
      expect(words).not.toBe('');
    },
  );
});
