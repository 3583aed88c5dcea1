import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  accessAnswerSchema,
  archiveErrorSchema,
  archiveLimits,
  checkpointAnswerSchema,
  figuresAnswerSchema,
  pageAnswerSchema,
  recordAnswerSchema,
  recordsAnswerSchema,
  sessionAnswerSchema,
  type RecordLine,
} from '../../../domain/archive/wire.ts';
import { demoToken } from '../../../domain/archive/archive-settings.ts';
import { createGenesys } from '../../../archive/http/genesys.ts';
import { connect, migrate } from '../../../archive/database/database.ts';
import { lineOf, migrations, startArchive, type Answer, type Person, type TestArchive } from './archive.ts';
import { tokenOf } from './genesys.ts';

let archive: TestArchive;
beforeAll(async () => {
  archive = await startArchive();
});
afterAll(() => archive.close());
afterEach(() => {
  archive.genesys.instead = null;
});

let people = 0;
/** Somebody nobody else in this file is. */
const somebody = (division = 'div-1'): Promise<Person> =>
  archive.signIn({ id: `agent-${(people += 1)}`, name: `Person ${people}`, division });
const ndjson = { 'content-type': 'application/x-ndjson' };
const changed = (line: RecordLine, queueName: string): RecordLine => ({
  ...line,
  record: { ...line.record, queueName },
});
const errorOf = (answer: Answer) => archiveErrorSchema.parse(answer.body).error;

describe('a session', () => {
  const session = (body: object): Promise<{ statusCode: number; json: () => unknown }> =>
    archive.app.inject({ method: 'POST', url: '/v1/session', payload: body });

  it('is of whom Genesys says, for ten minutes, and of nobody the desk says', async () => {
    const before = Date.now();
    const answer = await session({
      accessToken: tokenOf({ id: 'ana', name: 'Ana' }),
      agent: { id: 'boss' },
      org: 'other',
    });
    const { agent, supervisor, expiresAt, maskKey } = sessionAnswerSchema.parse(answer.json());
    expect(agent).toEqual({ id: 'ana', name: 'Ana' });
    expect(supervisor).toBe(false);
    const lasts = Date.parse(expiresAt) - before;
    expect(lasts).toBeGreaterThan(590_000);
    expect(lasts).toBeLessThanOrEqual(601_000);
    const other = await archive.signIn({ id: 'bo' });
    const foreign = await archive.signIn({ id: 'eve', org: 'org-2' });
    expect(other.maskKey).toBe(maskKey);
    expect(foreign.maskKey).not.toBe(maskKey);
    expect(archive.genesys.asked[0]).toBe('/api/v2/users/me?expand=authorization');
  });

  it.each([
    ['a wrong token', null, { accessToken: 'wrong' }, 401, 'token', /expired|another region/],
    [
      'an answer that is no JSON',
      { status: 200, body: '<html>Sign in to the guest Wi-Fi' },
      {},
      502,
      'genesys',
      /not Genesys/,
    ],
    ['a redirection', { status: 302, body: '' }, {}, 502, 'genesys', /302/],
    ['a Genesys that fails', { status: 503, body: '{}' }, {}, 502, 'genesys', /503/],
    ['a Genesys that wants to be left alone', { status: 429, body: '{}' }, {}, 429, 'too-many', /wait/],
    ['an answer about nobody', { status: 200, body: '{}' }, {}, 502, 'genesys', /who/],
    ['no token', null, { accessToken: '' }, 400, 'bad-request', /accessToken/],
    ['a token of a wrong type', null, { accessToken: 7 }, 400, 'bad-request', /accessToken/],
  ] as const)('is refused in one clear sentence to %s', async (_what, instead, body, status, code, words) => {
    archive.genesys.instead = instead;
    const answer = await session({ accessToken: tokenOf({ id: 'ana' }), ...body });
    expect(answer.statusCode).toBe(status);
    const { error } = archiveErrorSchema.parse(answer.json());
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
  });

  it('ends, and none that was tampered with is taken', async () => {
    let now = Date.now();
    const other = await startArchive({ url: archive.url, now: () => now });
    try {
      const person = await other.signIn({ id: 'ana' });
      expect(await person.call('GET', '/v1/records')).toMatchObject({ status: 200 });
      const [head = '', , sign = ''] = person.session.split('.');
      const claims = {
        sub: 'bo',
        org: 'org-1',
        div: '',
        divs: ['*'],
        sup: true,
        exp: 9e9,
        iss: 'sharelight-archive',
      };
      const forged = Buffer.from(JSON.stringify(claims)).toString('base64url');
      const none = Buffer.from('{"alg":"none"}').toString('base64url');
      for (const session of [`${head}.${forged}.${sign}`, `${none}.${forged}.`, 'x', `${person.session}x`]) {
        const answer = await person.call('GET', '/v1/records', {
          headers: { authorization: `Bearer ${session}` },
        });
        expect(answer.status).toBe(401);
        expect(errorOf(answer).code).toBe('session');
      }
      now += 10 * 60_000 + 1_000;
      const ended = await person.call('GET', '/v1/records');
      expect(errorOf(ended)).toMatchObject({
        code: 'session',
        message: expect.stringContaining('ended') as unknown,
      });
    } finally {
      await other.close();
    }
  });

  it('is the demo’s within an organisation of its own, where the archive is only tried', async () => {
    const demo = demoToken.write(archive.genesys.url, 'x'.repeat(8));
    const me = { id: 'robin', name: 'Robin Vale', division: { id: 'div-1' }, organization: { id: 'org-1' } };
    archive.genesys.instead = { status: 200, body: JSON.stringify(me) };
    const tried = createGenesys('http://127.0.0.1:9', { takesDemo: true });
    expect(await tried.whoIs(demo)).toMatchObject({ orgId: 'demo', agentId: 'robin', divisions: [] });
    const answer = await session({ accessToken: demo });
    expect(answer.statusCode).toBe(401);
    expect(archiveErrorSchema.parse(answer.json()).error.message).toContain('does not know the demo');
    // Only what runs on this computer is asked.
    expect(demoToken.read(demoToken.write('http://127.0.0.1.example.com:80', 'x'))).toBeNull();
  });

  it('is for one organisation where the archive is for one', async () => {
    const other = await startArchive({ url: archive.url, organisation: 'org-1' });
    try {
      await expect(other.signIn({ id: 'eve', org: 'org-2' })).rejects.toThrow('another organisation');
      expect((await other.signIn({ id: 'ana' })).agent.id).toBe('ana');
    } finally {
      await other.close();
    }
  });
});

describe('records', () => {
  it('are kept once, whatever is sent again', async () => {
    const person = await somebody();
    const lines = [lineOf(1), lineOf(2)];
    const first = await person.send(lines);
    expect(first.map(({ outcome }) => outcome)).toEqual(['kept', 'kept']);
    const again = await person.send([...lines, lineOf(1, { device: 'desk-2', seq: 1 })]);
    expect(again.map(({ outcome }) => outcome)).toEqual(['known', 'known', 'known']);
    expect(again[2]?.key).toBe(first[0]?.key);
    expect((await person.page()).records).toHaveLength(2);
  });

  it('of one revision with two contents are both kept and shown; the first stays', async () => {
    const person = await somebody();
    const [one] = await person.send([lineOf(1)]);
    const other = await person.send([changed(lineOf(1, { device: 'desk-2' }), 'Another queue')]);
    expect(other).toMatchObject([
      { outcome: 'conflict', reason: expect.stringContaining('both') as unknown },
    ]);
    const { records } = await person.page();
    expect(records).toMatchObject([{ conflict: true, record: { queueName: 'Billing help' } }]);
    const shown = recordAnswerSchema.parse((await person.call('GET', `/v1/records/${one?.key ?? ''}`)).body);
    expect(shown.revisions).toMatchObject([{ record: { queueName: 'Billing help' } }]);
    expect(shown.conflicts).toMatchObject([{ device: 'desk-2', record: { queueName: 'Another queue' } }]);
  });

  it('keep the day they first came with, and the latest revision is shown', async () => {
    const person = await somebody();
    await person.send([lineOf(1, { day: '2026-11-30' })]);
    const later = await person.send([
      changed(lineOf(1, { day: '2026-12-03', seq: 2, revision: 4 }), 'Later'),
      lineOf(1, { day: '2026-10-01', seq: 3 }),
    ]);
    expect(later.map(({ outcome }) => outcome)).toEqual(['kept', 'known']);
    expect((await person.page()).records).toMatchObject([
      { day: '2026-11-30', revision: 4, record: { queueName: 'Later' } },
    ]);
  });

  it('of a desk whose journal was rewritten are told apart', async () => {
    const person = await somebody();
    await person.send([lineOf(1)]);
    expect(await person.send([lineOf(1, { chain: 'rewritten' })])).toMatchObject([
      { outcome: 'conflict', reason: expect.stringContaining('journal') as unknown },
    ]);
  });

  it('belong to who sent them: the same conversation of two agents is two records', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const [mine] = await one.send([lineOf(1)]);
    const [theirs] = await other.send([lineOf(1)]);
    expect(theirs).toMatchObject({ outcome: 'kept' });
    expect(theirs?.key).not.toBe(mine?.key);
    expect((await one.page()).records).toHaveLength(1);
    expect(await other.call('GET', `/v1/records/${mine?.key ?? ''}`)).toMatchObject({ status: 404 });
  });

  it('may come packed', async () => {
    const person = await somebody();
    const answer = await person.call('POST', '/v1/records', {
      body: gzipSync(`${JSON.stringify(lineOf(1))}\r\n\n${JSON.stringify(lineOf(2))}\n`),
      headers: { ...ndjson, 'content-encoding': 'gzip' },
    });
    expect(recordsAnswerSchema.parse(answer.body).results).toHaveLength(2);
  });

  it('deleted in the archive stay away, however late they come', async () => {
    const person = await somebody();
    const [result] = await person.send([lineOf(1), lineOf(2)]);
    await archive.sql("select set_config('archive.org_id', 'org-1', false)");
    const [gone] = await archive.sql<{ erase: string }>(
      `select archive.erase(array[decode($1, 'hex')], null, 'the officer', 'asked for')`,
      [result?.key],
    );
    expect(gone?.erase).toBe('1');
    const late = await person.send([lineOf(1), lineOf(1, { revision: 9, seq: 9 }), lineOf(2)]);
    expect(late).toMatchObject([
      { outcome: 'refused', reason: 'deleted in the archive' },
      { outcome: 'refused', reason: 'deleted in the archive' },
      { outcome: 'known' },
    ]);
    expect((await person.page()).records).toHaveLength(1);
    const left = await archive.sql(
      `select by_whom, reason, length(key) from archive.tombstone where by_whom = 'the officer'`,
    );
    expect(left).toEqual([{ by_whom: 'the officer', reason: 'asked for', length: 32 }]);
    const noted = await archive.sql(
      `select what, rows_affected from archive.deed where by_whom = 'the officer'`,
    );
    expect(noted).toEqual([{ what: 'erase', rows_affected: '1' }]);
  });

  it('of months that are no longer kept, or not yet due, are refused; what is held stays', async () => {
    const other = await startArchive();
    try {
      const person = await other.signIn({ id: 'ana' });
      await person.send([lineOf(1, { at: '2026-01-15T10:00:00.000Z' }), lineOf(2)]);
      await other.sql("select set_config('archive.org_id', 'org-1', false)");
      await other.sql(`select archive.hold('ana', null, '2026-02-01', 'counsel', 'case 7')`);
      const [dropped] = await other.sql<{ drop_before: string[] }>(
        `select archive.drop_before('2026-06-01', 'admin', 'rule')`,
      );
      expect(dropped?.drop_before).toEqual(['conflict_2026_01', 'records_2026_01']);
      const { records } = await person.page();
      expect(records).toHaveLength(1);
      const results = await person.send([
        lineOf(1, { at: '2026-01-15T10:00:00.000Z' }),
        lineOf(3, { at: '2026-05-31T23:59:59.000Z' }),
        lineOf(4, { day: '2999-01-01' }),
        lineOf(5, { at: '2026-06-01T00:00:00.000Z' }),
      ]);
      expect(results).toMatchObject([
        { outcome: 'refused', reason: 'older than the archive keeps' },
        { outcome: 'refused', reason: 'older than the archive keeps' },
        { outcome: 'refused', reason: expect.stringContaining('clock') as unknown },
        { outcome: 'kept' },
      ]);
      expect(await other.sql('select reason, record from archive.legal_hold')).toMatchObject([
        { reason: 'case 7', record: { conversationId: 'conversation-1' } },
      ]);
    } finally {
      await other.close();
    }
  });
});

describe('a batch in an archive that has grown', () => {
  /** `keep` of a hundred lines nobody sent before, or again; with what was read of the directory of keys for it. */
  const keepSql = `
    with made as (select n, sha256(n::text::bytea) as key from generate_series($1::int + 1, $1::int + 100) n)
    select count(*) filter (where outcome = $2)::int as count from archive.keep(
      (select array_agg(key order by n) from made), array_fill(date '2026-11-30', array[100]),
      array_fill(1, array[100]), array_fill('desk-1'::text, array[100]),
      (select array_agg(n::bigint order by n) from made), array_fill(''::text, array[100]),
      (select array_agg(key order by n) from made), array_fill(timestamptz '2026-11-30 10:00Z', array[100]),
      array_fill(null::text, array[100]), array_fill(null::text, array[100]), array_fill(null::text, array[100]),
      array_fill(true, array[100]), (select string_agg('{}', E'\n') from made))`;
  const readSql = `select coalesce(sum(idx_tup_fetch + seq_tup_read), 0)::int as read
    from pg_stat_xact_user_tables where relname = 'record_key'`;

  it.each(['kept', 'known'] as const)('reads no more than its own keys, %s', async (outcome) => {
    const grown = await startArchive({ connections: 1 });
    try {
      const who = { orgId: 'org-1', agentId: 'ana', divisionId: 'div-1', divisions: [] };
      await grown.database.as('archive_agent', who, (client) =>
        client.query(`select archive.prepare_month('2026-11-01')`),
      );
      const batch = (from: number, as: string): Promise<number> =>
        grown.database.as('archive_agent', who, async (client) => {
          const readSoFar = async (): Promise<number> =>
            (await client.query<{ read: number }>(readSql)).rows[0]?.read ?? Number.NaN;
          const before = await readSoFar();
          const kept = await client.query<{ count: number }>(keepSql, [from, as]);
          expect(kept.rows[0]?.count).toBe(100);
          return (await readSoFar()) - before;
        });
      const read: number[] = [];
      // One connection: its plans were made while there was next to nothing.
      for (let turn = 0; turn < 12; turn += 1) {
        read.push(await batch(turn * 100, 'kept'));
        if (outcome === 'known') read.push(await batch(turn * 100, 'known'));
      }
      expect(Math.max(...read)).toBeLessThanOrEqual(400);
    } finally {
      await grown.close();
    }
  });
});

describe('what is missing', () => {
  it('is a gap until it comes, and shown to agent and supervisor', async () => {
    const person = await somebody('div-gap');
    const boss = await archive.signIn({ id: 'boss-gap', supervises: ['div-gap'] });
    const checkpoint = async () =>
      checkpointAnswerSchema.parse((await person.call('GET', '/v1/checkpoint?device=desk-1')).body);
    expect(await checkpoint()).toEqual({ device: 'desk-1', seq: 0, chain: '', missing: 0, gaps: [] });
    await person.send([lineOf(2), lineOf(9)]);
    expect(await checkpoint()).toEqual({
      device: 'desk-1',
      seq: 9,
      chain: 'chain-9',
      missing: 7,
      gaps: [
        { from: 1, to: 1 },
        { from: 3, to: 8 },
      ],
    });
    await person.send([lineOf(5), lineOf(1), lineOf(8)]);
    expect(await checkpoint()).toMatchObject({
      missing: 4,
      gaps: [
        { from: 3, to: 4 },
        { from: 6, to: 7 },
      ],
    });
    expect((await person.page()).missing).toBe(4);
    expect((await boss.page()).missing).toBe(4);
    expect((await boss.page('?agent=nobody')).missing).toBe(0);
    await person.send([lineOf(3), lineOf(4), lineOf(6), lineOf(7)]);
    expect((await person.page()).missing).toBe(0);
  });
});

describe('a hostile batch', () => {
  const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const withRecord = (number: number, extra: string): string =>
    JSON.stringify(lineOf(number)).replace('"role"', `"extra":${extra},"role"`);

  it('gets one answer for each record, and changes nothing else', async () => {
    const person = await somebody();
    const hostile: [string, 'kept' | 'refused'][] = [
      [JSON.stringify(lineOf(1)), 'kept'],
      ['{', 'refused'],
      ['null', 'refused'],
      ['"text"', 'refused'],
      [withRecord(2, deep(5_000)), 'refused'],
      [withRecord(3, `"${'x'.repeat(archiveLimits.lineBytes)}"`), 'refused'],
      [withRecord(4, '"a\\u0000b"'), 'refused'],
      [withRecord(5, '"\\ud800"'), 'refused'],
      [withRecord(6, '{"a\\u0000": 1}'), 'refused'],
      [withRecord(7, '"\\\\u0000 is only written so"'), 'kept'],
      [withRecord(8, '"\u202e\u2066 bidi \u200f"'), 'kept'],
      [withRecord(9, '{"__proto__": {"polluted": true}, "constructor": 1, "toJSON": 2}'), 'kept'],
      [withRecord(10, '"\'; drop table archive.records; --"'), 'kept'],
      [withRecord(11, '1e999'), 'kept'],
      [JSON.stringify({ ...lineOf(12), record: { ...lineOf(12).record, answered: 'yes' } }), 'refused'],
      [JSON.stringify({ ...lineOf(13), seq: '13' }), 'refused'],
      [JSON.stringify({ ...lineOf(14), day: '2026-02-31' }), 'refused'],
      [JSON.stringify({ ...lineOf(15), revision: -1 }), 'refused'],
      [JSON.stringify({ ...lineOf(16), device: '../../etc' }), 'refused'],
      [JSON.stringify({ ...lineOf(17), record: [] }), 'refused'],
      [JSON.stringify(lineOf(18, { chain: 'a\0b' })), 'kept'],
      [JSON.stringify(lineOf(19)), 'kept'],
    ];
    const results = await person.send(hostile.map(([text]) => text));
    expect(results.map(({ outcome }) => outcome)).toEqual(hostile.map(([, outcome]) => outcome));
    for (const { outcome, reason } of results)
      if (outcome === 'refused') expect(reason).toMatch(/^\S.{3,150}$/);
    expect(results[14]?.key).toMatch(/^[0-9a-f]{64}$/);
    const { records } = await person.page('?limit=100');
    expect(records).toHaveLength(hostile.filter(([, outcome]) => outcome === 'kept').length);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((await person.page()).missing).toBeGreaterThan(0);
  });

  it.each([
    ['that is too long', 'x'.repeat(1_200_000), {}, 413, 'too-large'],
    [
      'that unpacks without end',
      gzipSync(Buffer.alloc(30_000_000)),
      { 'content-encoding': 'gzip' },
      413,
      'too-large',
    ],
    ['that is no gzip', 'nothing', { 'content-encoding': 'gzip' }, 400, 'bad-request'],
    ['packed in another way', 'nothing', { 'content-encoding': 'br' }, 400, 'bad-request'],
    ['of another kind', '{}', { 'content-type': 'text/xml' }, 400, 'bad-request'],
    ['of too many lines', '1\n'.repeat(501), {}, 413, 'too-large'],
  ] as const)('%s is refused as a whole', async (_what, body, headers, status, code) => {
    const person = await somebody();
    const answer = await person.call('POST', '/v1/records', { body, headers: { ...ndjson, ...headers } });
    expect(answer.status).toBe(status);
    expect(errorOf(answer).code).toBe(code);
  });

  it('of bytes that are no text is refused line by line', async () => {
    const person = await somebody();
    const body = Buffer.concat([
      Buffer.from(`${JSON.stringify(lineOf(1))}\n`),
      Buffer.from([0x22, 0xff, 0xfe, 0x22]),
    ]);
    const answer = await person.call('POST', '/v1/records', { body, headers: ndjson });
    expect(recordsAnswerSchema.parse(answer.body).results).toMatchObject([
      { outcome: 'kept' },
      { outcome: 'refused' },
    ]);
  });
});

describe('reading', () => {
  let ana: Person;
  let bo: Person;
  let boss: Person;
  beforeAll(async () => {
    ana = await archive.signIn({ id: 'read-ana', name: 'Ana Lima', division: 'div-read' });
    bo = await archive.signIn({ id: 'read-bo', name: 'Bo Ek', division: 'div-read' });
    boss = await archive.signIn({ id: 'read-boss', name: 'The Boss', supervises: ['div-read'] });
    const at = (day: number, hour: number): string => `2026-10-0${day}T0${hour}:00:00.000Z`;
    await ana.send([1, 2, 3, 4, 5].map((number) => lineOf(number, { at: at(number, 1) })));
    await bo.send([1, 2, 3].map((number) => changed(lineOf(number, { at: at(number, 2) }), 'Home internet')));
    const far = await archive.signIn({ id: 'read-far', division: 'div-far' });
    await far.send([lineOf(1)]);
  });

  it('goes page by page, newest first, with nothing twice and nothing left out', async () => {
    const found: string[] = [];
    let next: string | null = null;
    do {
      const answer = await boss.call('GET', `/v1/records?limit=3${next === null ? '' : `&after=${next}`}`);
      const page = pageAnswerSchema.parse(answer.body);
      found.push(...page.records.map(({ agent, day }) => `${agent.name} ${day}`));
      next = page.next;
    } while (next !== null);
    expect(found).toEqual([
      ...['Ana Lima 2026-10-05', 'Ana Lima 2026-10-04'],
      ...['Bo Ek 2026-10-03', 'Ana Lima 2026-10-03', 'Bo Ek 2026-10-02', 'Ana Lima 2026-10-02'],
      ...['Bo Ek 2026-10-01', 'Ana Lima 2026-10-01'],
    ]);
  });

  it('shows each record once, in its latest revision, however many older ones lie between', async () => {
    const many = await archive.signIn({ id: 'read-many', division: 'div-many', supervises: ['div-many'] });
    const moment = (minute: number): string => `2026-10-01T01:${String(minute).padStart(2, '0')}:00.000Z`;
    // Record 1 never moves, record 2 moves on with each revision, record 3 moves back.
    const lines = [1, 2, 3].flatMap((number) =>
      [1, 2, 3, 4, 5].map((revision) => {
        const minute = 20 + (number === 1 ? 0 : number === 2 ? revision : -revision);
        const line = lineOf(number, { at: moment(minute), revision, seq: number * 10 + revision });
        return { ...line, record: { ...line.record, queueName: `Queue ${revision}` } };
      }),
    );
    await many.send([...lines].sort((one, other) => other.revision - one.revision));
    for (const query of [
      'limit=1',
      'limit=2',
      'limit=50',
      'limit=1&agent=read-many',
      'limit=2&queue=queue',
    ]) {
      const found: string[] = [];
      let next: string | null = null;
      do {
        const answer = await many.call('GET', `/v1/records?${query}${next === null ? '' : `&after=${next}`}`);
        const page = pageAnswerSchema.parse(answer.body);
        found.push(
          ...page.records.map(({ record, revision }) => `${String(record['conversationId'])} ${revision}`),
        );
        next = page.next;
      } while (next !== null);
      expect(found, query).toEqual(['conversation-2 5', 'conversation-1 5', 'conversation-3 5']);
    }
    // An older revision had another queue: that is not where the record is now.
    expect((await many.page('?queue=queue%203')).records).toEqual([]);
  });

  it.each([
    ['?agent=read-bo', 3],
    ['?agent=ana', 5],
    ['?agent=lim', 5],
    ['?agent=ana,bo', 8],
    ['?agent=ek', 3],
    ['?agent=nobody', 0],
    ['?agent=read-far', 0],
    ['?queue=internet', 3],
    ['?queue=HOME int', 3],
    ['?queue=ternet', 0],
    ['?code=code-1', 8],
    ['?code=invoice', 8],
    ['?code=plained', 0],
    ['?since=2026-10-04', 2],
    ['?until=2026-10-02T00:00:00Z', 2],
    ['?since=2026-10-02&until=2026-10-03&queue=billing', 1],
  ])('finds by %s', async (query, count) => {
    expect((await boss.page(query)).records).toHaveLength(count);
  });

  it.each(['?limit=0', '?limit=501', '?limit=x', '?since=yesterday', '?after=x', '?after=W10', '?agent='])(
    'refuses %s in words',
    async (query) => {
      const answer = await boss.call('GET', `/v1/records${query}`);
      expect(answer.status).toBe(400);
      expect(errorOf(answer).message).toMatch(/^\w+: /);
    },
  );

  it('shows an agent their own alone', async () => {
    expect((await ana.page()).records).toHaveLength(5);
    expect((await ana.page('?agent=read-ana')).records).toHaveLength(5);
    expect(errorOf(await ana.call('GET', '/v1/records?agent=read-bo')).code).toBe('forbidden');
    expect(errorOf(await ana.call('GET', '/v1/figures?agent=read-bo')).code).toBe('forbidden');
  });

  it('counts by agent and day', async () => {
    const { figures } = figuresAnswerSchema.parse(
      (await boss.call('GET', '/v1/figures?since=2026-10-03')).body,
    );
    expect(figures).toEqual([
      {
        agent: { id: 'read-ana', name: 'Ana Lima' },
        day: '2026-10-05',
        records: 1,
        answered: 1,
        conflicts: 0,
      },
      {
        agent: { id: 'read-ana', name: 'Ana Lima' },
        day: '2026-10-04',
        records: 1,
        answered: 1,
        conflicts: 0,
      },
      {
        agent: { id: 'read-ana', name: 'Ana Lima' },
        day: '2026-10-03',
        records: 1,
        answered: 1,
        conflicts: 0,
      },
      { agent: { id: 'read-bo', name: 'Bo Ek' }, day: '2026-10-03', records: 1, answered: 1, conflicts: 0 },
    ]);
    expect(figuresAnswerSchema.parse((await ana.call('GET', '/v1/figures')).body).figures).toHaveLength(5);
  });

  it('of others is seen by them: who, when, what for', async () => {
    const other = await archive.signIn({ id: 'seen', name: 'Seen', division: 'div-seen' });
    const looker = await archive.signIn({ id: 'looker', name: 'The Looker', supervises: ['div-seen'] });
    const [sent] = await other.send([lineOf(1), lineOf(2)]);
    await looker.page('?agent=seen&queue=billing');
    await looker.call('GET', `/v1/records/${sent?.key ?? ''}`);
    await looker.call('GET', '/v1/figures');
    await other.page();
    const answer = await other.call('GET', '/v1/access');
    const { access, next } = accessAnswerSchema.parse(answer.body);
    const by = { id: 'looker', name: 'The Looker' };
    expect(access.map(({ at: _at, ...look }) => look)).toEqual([
      { by, what: 'figures', records: 2, query: '' },
      { by, what: 'record', records: 1, query: sent?.key },
      { by, what: 'page', records: 2, query: 'agent:seen queue:billing' },
    ]);
    expect(next).toBeNull();
    const first = accessAnswerSchema.parse((await other.call('GET', '/v1/access?limit=2')).body);
    const rest = accessAnswerSchema.parse(
      (await other.call('GET', `/v1/access?limit=2&after=${first.next ?? ''}`)).body,
    );
    expect([...first.access, ...rest.access]).toEqual(access);
  });
});

describe('too much at once', () => {
  it('is asked to come again, by person and in all', async () => {
    const small = await startArchive({ url: archive.url, limits: { calls: 2, batches: 0 } });
    try {
      const [ana, bo] = [await small.signIn({ id: 'ana' }), await small.signIn({ id: 'bo' })];
      const busy = await ana.call('POST', '/v1/records', { body: '', headers: ndjson });
      expect(busy.status).toBe(429);
      expect(Number(busy.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      await ana.call('GET', '/v1/records');
      const third = await ana.call('GET', '/v1/records');
      expect(errorOf(third).code).toBe('too-many');
      expect(Number(third.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(await bo.call('GET', '/v1/records')).toMatchObject({ status: 200 });
    } finally {
      await small.close();
    }
  });
});

describe('the service itself', () => {
  it('answers over TLS alone but to this machine', async () => {
    const answer = await archive.app.inject({ url: '/healthz', remoteAddress: '10.0.0.7' });
    expect(answer.statusCode).toBe(403);
    expect(archiveErrorSchema.parse(answer.json()).error.code).toBe('tls');
  });

  it('says how it is, in numbers that name nobody', async () => {
    expect((await archive.app.inject('/healthz')).json()).toMatchObject({ status: 'ok' });
    const { body } = await archive.app.inject('/metrics');
    expect(body).toMatch(/archive_records_total\{outcome="kept"\} [1-9]/);
    expect(body).not.toMatch(/agent-1|Person|div-1/);
  });

  it('logs neither tokens nor names nor what was searched for', async () => {
    const person = await archive.signIn({ id: 'logged-id', name: 'Logged Name' });
    await person.send([lineOf(1)]);
    await person.page('?queue=secretqueue');
    await person.call('GET', '/v1/nothing/secretpath');
    const logged = archive.logged();
    expect(logged).toContain('"route":"/v1/records"');
    expect(logged).not.toMatch(/logged-id|Logged Name|secretqueue|secretpath|Bearer|eyJ/);
    expect(logged).not.toContain(person.session);
  });

  it('says in one sentence that there is nothing at an address, and takes no other verb', async () => {
    const person = await somebody();
    expect(errorOf(await person.call('GET', '/v1/everything')).code).toBe('not-found');
    const answer = await archive.app.inject({ method: 'DELETE', url: '/v1/records' });
    expect(answer.statusCode).toBe(404);
  });
});

describe('the schema', () => {
  it('is brought up to date by two services at once, and again without a change', async () => {
    await Promise.all([migrate(archive.url, migrations), migrate(archive.url, migrations)]);
    const done = await archive.sql('select name from archive.migrations order by 1');
    expect(done).toEqual([{ name: '0001_schema' }]);
  });

  it('of a newer service is refused at the start, and said by a service that runs', async () => {
    const other = await startArchive();
    try {
      await other.sql('update archive.compatibility set oldest_service = 99');
      await expect(connect({ url: other.url, migrations, secrets: {} })).rejects.toThrow('newer');
      const health = await other.app.inject('/healthz');
      expect(health.statusCode).toBe(503);
      expect(health.json()).toMatchObject({ status: 'schema' });
    } finally {
      await other.close();
    }
  });
});
