import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pg } from '../../../archive/packages.ts';
import type { Identity, Role } from '../../../archive/database/database.ts';
import { lineOf, startArchive, type TestArchive } from './archive.ts';

/** Who may do what to whose rows, asked of the database itself: the service is not trusted with it. */

let archive: TestArchive;
let owner: InstanceType<typeof pg.Client>;
const of = (orgId: string, agentId: string, divisionId: string, divisions: string[] = []): Identity => ({
  orgId,
  agentId,
  divisionId,
  divisions,
});
const ana = of('org-1', 'ana', 'div-1');

beforeAll(async () => {
  archive = await startArchive();
  owner = new pg.Client({ connectionString: archive.url });
  await owner.connect();
  // One record of each kind of other: oneself, the same division, another one, another organisation.
  const people = [
    { id: 'ana', division: 'div-1' },
    { id: 'bo', division: 'div-1' },
    { id: 'cy', division: 'div-2' },
    { id: 'eve', division: 'div-1', org: 'org-2' },
  ];
  for (const person of people) {
    const signedIn = await archive.signIn(person);
    // Two contents of one revision, and a gap, so that each table has a row of each.
    const other = lineOf(1, { seq: 3 });
    other.record.queueName = 'Another';
    await signedIn.send([lineOf(1), other]);
  }
  await archive.sql(
    `insert into archive.tombstone (org_id, key, by_whom, reason)
     select org_id, sha256(agent_id::bytea), 'dpo', 'asked' from archive.agent`,
  );
  await archive.sql(
    `insert into archive.access_log (org_id, about_agent_id, by_agent_id, what, records, query)
     select org_id, agent_id, 'sup', 'page', 1, '' from archive.agent`,
  );
});
afterAll(async () => {
  await owner.end();
  await archive.close();
});

const tables = [
  'agent',
  'records',
  'queue',
  'conflict',
  'record_key',
  'tombstone',
  'checkpoint',
  'gap',
  'access_log',
  'deed',
  'legal_hold',
  'secret',
] as const;
type Table = (typeof tables)[number];
/** What tells whose row it is, or else what is in it. */
const tellingColumns: Partial<Record<Table, string>> = {
  access_log: 'about_agent_id',
  queue: 'queue_words',
  tombstone: 'by_whom',
  deed: 'by_whom',
  secret: 'name',
};
const tellingColumn = (table: Table): string => tellingColumns[table] ?? 'agent_id';

/** What comes of it: rows, or `denied`. */
async function attempt(
  role: Role,
  who: Partial<Identity>,
  sql: string,
  values: unknown[] = [],
): Promise<string> {
  try {
    return await archive.database.as(role, who, async (client) => {
      const { rows, rowCount, command } = await client.query<Record<string, unknown>>(sql, values);
      const found = command === 'SELECT' ? rows.map((row) => Object.values(row)[0]).join() : String(rowCount);
      // Whatever it changed was only tried.
      await client.query('rollback');
      await client.query('begin');
      return found;
    });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code === '42501' ? 'denied' : `${code ?? ''} ${message}`;
  }
}

describe('the login of the service', () => {
  it('can do nothing by itself, and become nothing but an agent or a supervisor', async () => {
    const client = await archive.database.pool.connect();
    try {
      for (const table of [...tables, 'retention', 'compatibility']) {
        for (const sql of [
          `select * from archive.${table}`,
          `insert into archive.${table} default values`,
          `delete from archive.${table}`,
          `truncate archive.${table}`,
          `drop table archive.${table}`,
        ])
          await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
      }
      for (const role of [
        'archive_owner',
        'archive_reader',
        'archive_keeper',
        'archive_dpo',
        'archive_retention',
      ])
        await expect(client.query(`set role ${role}`)).rejects.toMatchObject({ code: '42501' });
      const { rows } = await client.query(
        'select rolsuper, rolbypassrls, rolinherit from pg_roles where rolname = current_user',
      );
      expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolinherit: false }]);
    } finally {
      client.release();
    }
  });
});

describe('row security', () => {
  it('is forced on every table that holds anybody’s rows, and on every month', async () => {
    const open = await archive.sql(
      `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'archive' and c.relkind in ('r', 'p')
         and not (c.relrowsecurity and c.relforcerowsecurity)
         and c.relname not in ('retention', 'compatibility', 'migrations')`,
    );
    expect(open).toEqual([]);
    const months = await archive.sql(`select relname from pg_class where relname = 'records_2026_11'`);
    expect(months).toHaveLength(1);
  });

  it('names the organisation first in every policy about rows', async () => {
    const policies = await archive.sql<{ tablename: string; rule: string; roles: string }>(
      `select tablename, coalesce(qual, with_check) as rule, roles::text from pg_policies where schemaname = 'archive'`,
    );
    expect(policies.length).toBeGreaterThan(20);
    const ofOwner = policies.filter(({ roles }) => roles === '{archive_owner}');
    // The owner works on the whole installation: secrets, and the directory of keys when months are dropped.
    expect(new Set(ofOwner.map(({ tablename }) => tablename))).toEqual(
      new Set(['secret', 'record_key', 'deed']),
    );
    for (const { tablename, rule, roles } of policies) {
      if (roles === '{archive_owner}') continue;
      expect(`${tablename}: ${rule}`).toMatch(/^\w+: \(+org_id = (archive\.)?org_id\(\)\)/);
    }
  });

  const readable: Record<Table, string> = {
    agent: 'ana',
    records: 'ana',
    // They add to it, and read it nowhere.
    queue: '',
    conflict: 'ana',
    record_key: 'ana',
    // The digest of a key says nothing about anybody; it keeps late uploads away.
    tombstone: 'denied',
    checkpoint: 'ana',
    gap: 'ana',
    access_log: 'ana',
    deed: 'denied',
    legal_hold: 'denied',
    secret: 'denied',
  };
  it.each(tables)('shows an agent of %s what is theirs and nothing else', async (table) => {
    const sql = `select ${tellingColumn(table)} from archive.${table} order by 1`;
    const found = await attempt('archive_agent', ana, sql);
    expect(found).toBe(readable[table]);
  });

  it.each(tables)('lets nobody read %s who is nobody', async (table) => {
    for (const who of [{}, { orgId: 'org-1' }, { agentId: 'ana' }]) {
      const sql = `select ${tellingColumn(table)} from archive.${table}`;
      const found = await attempt('archive_agent', who, sql);
      expect(['', 'denied']).toContain(found);
    }
  });

  it.each(['archive_supervisor', 'archive_retention', 'archive_dpo'] as const)(
    'lets %s read no table: what they may see comes through functions',
    async (role) => {
      const who = of('org-1', 'sup', 'div-1', ['div-1']);
      for (const table of tables) {
        // Neither of these can the service become; an administrator's login can.
        const sql = `select count(*) from archive.${table}`;
        const found =
          role === 'archive_supervisor' ? await attempt(role, who, sql) : await asOwner(role, who, sql);
        expect(`${table}: ${found}`).toBe(`${table}: denied`);
      }
    },
  );

  const roles = ['archive_agent', 'archive_supervisor', 'archive_retention', 'archive_dpo'] as const;
  it.each(roles)('lets %s change and delete no record, and empty nothing', async (role) => {
    const who = of('org-1', 'ana', 'div-1', ['div-1', 'div-2', '*']);
    for (const table of [
      'records',
      'queue',
      'conflict',
      'tombstone',
      'access_log',
      'deed',
      'legal_hold',
      'record_key',
    ]) {
      for (const sql of [
        `update archive.${table} set org_id = org_id`,
        `delete from archive.${table}`,
        `truncate archive.${table}`,
      ])
        expect(`${table} ${await asOwner(role, who, sql)}`).toBe(`${table} denied`);
    }
    expect(await asOwner(role, who, 'select count(*) from archive.records_2026_11')).toBe('denied');
  });

  const columns = `org_id, day, key, revision, agent_id, division_id, device, seq, chain, digest, at, record`;
  const row = (org: string, agent: string, division: string): unknown[] => [org, agent, division];
  const insert = `insert into archive.records (${columns}) values
    ($1, '2026-11-30', sha256('x'), 9, $2, $3, 'd', 1, '', sha256('x'), now(), '{}')`;
  it.each([
    ['their own', row('org-1', 'ana', 'div-1'), '1'],
    ['of another in the division', row('org-1', 'bo', 'div-1'), 'denied'],
    ['under another division', row('org-1', 'ana', 'div-2'), 'denied'],
    ['of another organisation', row('org-2', 'ana', 'div-1'), 'denied'],
  ])('lets an agent add a record %s: %s', async (_what, values, outcome) => {
    expect(await attempt('archive_agent', ana, insert, values)).toBe(outcome);
  });
  it.each([
    ['their division', ['org-1', 'div-1'], '1'],
    ['another division', ['org-1', 'div-2'], 'denied'],
    ['another organisation', ['org-2', 'div-1'], 'denied'],
  ])('lets an agent name a queue of %s: %s', async (_what, values, outcome) => {
    const sql = `insert into archive.queue values ($1, $2, ' made up')`;
    expect(await attempt('archive_agent', ana, sql, values)).toBe(outcome);
  });
  it.each(['archive_supervisor', 'archive_retention', 'archive_dpo'] as const)(
    'lets %s add none',
    async (role) => {
      expect(await asOwner(role, ana, insert, row('org-1', 'ana', 'div-1'))).toBe('denied');
    },
  );

  const seen = `select string_agg(distinct agent_id, ',' order by agent_id) from archive.look(
    null, null, null, null, null, null, null, 100, null, null, '')`;
  it.each([
    ['their division', ['div-1'], 'ana,bo'],
    ['two divisions', ['div-1', 'div-2'], 'ana,bo,cy'],
    ['all divisions of their organisation', ['*'], 'ana,bo,cy'],
    ['no division', [], ''],
    ['a division of nobody', ['div-9'], ''],
  ])('shows a supervisor of %s those alone', async (_what, divisions, expected) => {
    expect(await attempt('archive_supervisor', of('org-1', 'sup', 'div-1', divisions), seen)).toBe(expected);
  });
  it('shows a supervisor of all divisions also what came from one that nobody is in any more', async () => {
    const person = { id: 'dee', division: 'div-3', org: 'org-3' };
    await (await archive.signIn(person)).send([lineOf(1)]);
    await archive.signIn({ ...person, division: 'div-4' });
    expect(await attempt('archive_supervisor', of('org-3', 'sup', 'div-4', ['*']), seen)).toBe('dee');
  });
  it('shows a supervisor nothing of another organisation, whatever is asked for', async () => {
    const spy = of('org-2', 'sup', 'div-2', ['div-2']);
    const asked = `select count(*) from archive.look(array['ana', 'eve'], array['ana', 'eve'], null, null, null, null,
      null, 100, null, null, '')`;
    expect(await attempt('archive_supervisor', spy, asked)).toBe('0');
    const keys = await archive.sql<{ key: Buffer }>(`select key from archive.records where agent_id = 'ana'`);
    const one = 'select count(*) from archive.look_at($1)';
    expect(await attempt('archive_supervisor', spy, one, [keys[0]?.key])).toBe('0');
    const home = of('org-1', 'sup', 'div-1', ['div-1']);
    expect(await attempt('archive_supervisor', home, one, [keys[0]?.key])).toBe('2');
  });
  it('lets an agent call no function of a supervisor or an administrator', async () => {
    for (const sql of [
      seen,
      'select archive.look_at(null)',
      'select archive.missing_of(null, null)',
      `select archive.erase(null, 'ana', 'me', 'because')`,
      `select archive.hold('ana', null, null, 'me', 'because')`,
      `select archive.drop_before('2026-01-01', 'me', 'because')`,
    ])
      expect(`${sql}: ${await attempt('archive_agent', ana, sql)}`).toBe(`${sql}: denied`);
  });
});

describe('a look at others', () => {
  it('that cannot be noted does not happen', async () => {
    await archive.sql('revoke insert on archive.access_log from archive_reader');
    try {
      const supervisor = await archive.signIn({ id: 'sup', supervises: ['div-1'] });
      expect(await supervisor.call('GET', '/v1/records')).toMatchObject({ status: 503 });
    } finally {
      await archive.sql('grant insert on archive.access_log to archive_reader');
    }
  });
});

/** As an administrator's login would: the tests' is a superuser, who may become anybody. */
async function asOwner(
  role: Role,
  who: Partial<Identity>,
  sql: string,
  values: unknown[] = [],
): Promise<string> {
  await owner.query('begin');
  try {
    await owner.query(
      `select set_config('role', $1, true), set_config('archive.org_id', $2, true),
         set_config('archive.agent_id', $3, true), set_config('archive.division_id', $4, true),
         set_config('archive.divisions', $5, true)`,
      [role, who.orgId, who.agentId, who.divisionId, (who.divisions ?? []).join(',')],
    );
    const { rows, rowCount } = await owner.query<Record<string, unknown>>(sql, values);
    return rows.length > 0 ? String(Object.values(rows[0] ?? {})[0]) : String(rowCount);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code === '42501' ? 'denied' : `${code ?? ''} ${message}`;
  } finally {
    await owner.query('rollback');
  }
}
