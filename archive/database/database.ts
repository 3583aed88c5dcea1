import { createHmac, randomBytes } from 'node:crypto';
import path from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { asError } from '../../domain/toolbox/result.ts';

/** A reason not to start that an administrator can act on; shown without a stack. */
export class Stop extends Error {}

/** The one place that knows how to reach PostgreSQL. Whatever is asked is asked in a role, for one transaction. */

/** What the schema was when this service was written; `compatibility.oldest_service` is compared with it. */
export const serviceVersion = 1;
/** How long a schema that fitted is believed to fit, ms. */
const fitsForMs = 1_000;

export interface Secrets {
  /** Signs sessions. */
  readonly session: string;
  /** Of the digests that stand for people. Changing it makes the same customer another one. */
  readonly mask: string;
}

/** Who somebody is, as their sign-in said. */
export interface Identity {
  readonly orgId: string;
  readonly agentId: string;
  readonly divisionId: string;
  /** Where they may look at others; `*`: everywhere. */
  readonly divisions: readonly string[];
}

export type Role = 'archive_agent' | 'archive_supervisor' | 'archive_retention' | 'archive_dpo';

export interface Database {
  /** Runs `work` as this role in one transaction; what it throws undoes everything. */
  readonly as: <Value>(
    role: Role,
    who: Partial<Identity>,
    work: (client: pg.PoolClient) => Promise<Value>,
  ) => Promise<Value>;
  /** Whether this service may work with the schema that is there. */
  readonly isCompatible: () => Promise<boolean>;
  readonly close: () => Promise<void>;
  readonly pool: pg.Pool;
}

export const migrationsFolder = (root: string): string => path.join(root, 'migrations');

/** Brings the schema up to date. Two at once wait for each other. */
export async function migrate(url: string, migrations: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'archive-migrate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await runner({
      dbClient: client,
      dir: migrations,
      direction: 'up',
      schema: 'archive',
      createSchema: true,
      migrationsTable: 'migrations',
      // A newer service may have gone further; whether that is bearable is asked afterwards.
      checkOrder: false,
      advisoryLockMode: 'wait',
      log: () => undefined,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
  } finally {
    await client.end();
  }
}

/**
 * Secrets and a login for the service, made by the owner where an administrator gave none. They are the same for every
 * service that has the same owner.
 */
async function preparedByOwner(url: string, given: Partial<Secrets>): Promise<[string, Secrets]> {
  const client = new pg.Client({ connectionString: url, application_name: 'archive-start' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin');
    await client.query('set local role archive_owner');
    const secret = async (name: string): Promise<string> => {
      await client.query('insert into archive.secret (name, value) values ($1, $2) on conflict do nothing', [
        name,
        randomBytes(32).toString('base64url'),
      ]);
      const { rows } = await client.query<{ value: string }>(
        'select value from archive.secret where name = $1',
        [name],
      );
      return rows[0]?.value ?? '';
    };
    const session = given.session ?? (await secret('session'));
    const mask = given.mask ?? (await secret('mask'));
    const loginSecret = await secret('login');
    const { rows } = await client.query<{ name: string }>('select current_database() as name');
    await client.query('reset role');
    const database = rows[0]?.name ?? '';
    // Roles belong to the server, and another archive on it has a login of its own.
    const login = `archive_service_${createHmac('sha256', loginSecret).update(database).digest('hex').slice(0, 12)}`;
    const password = createHmac('sha256', loginSecret).update('password').digest('hex');
    await client.query('select pg_advisory_xact_lock(7241865325823966)');
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [login]);
    // Names and passwords of roles cannot be parameters; both are hex digits of ours.
    if (rowCount === 0)
      await client.query(
        `create role ${login} login noinherit password '${password}' in role archive_service`,
      );
    await client.query('commit');
    const own = new URL(url);
    own.username = login;
    own.password = password;
    return [own.href, { session, mask }];
  } finally {
    await client.end();
  }
}

/** Whether a login may change the schema: an owner's, which the service does not work with. */
async function isOwner(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'archive-start' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ owner: boolean }>(
      `select case when to_regnamespace('archive') is null
         then has_database_privilege(current_database(), 'create')
         else has_schema_privilege('archive', 'create') end as owner`,
    );
    return rows[0]?.owner === true;
  } finally {
    await client.end();
  }
}

export interface ConnectOptions {
  readonly url: string;
  readonly migrations: string;
  readonly secrets: Partial<Secrets>;
  readonly connections?: number;
  /** Default: this service's own. */
  readonly version?: number;
}

/** @throws Stop with one sentence where the database cannot be used */
export async function connect(options: ConnectOptions): Promise<{ database: Database; secrets: Secrets }> {
  const { url, migrations, connections = 10, version = serviceVersion } = options;
  const prepared = await prepare(url, migrations, options.secrets).catch((error: unknown) => {
    if (error instanceof Stop) throw error;
    throw new Stop(`The database cannot be used: ${problemOf(error)}`);
  });
  const [loginUrl, secrets] = prepared;
  const database = open(loginUrl, connections, version);
  if (!(await database.isCompatible())) {
    await database.close();
    throw new Stop(
      'The database is newer than this service and cannot be used by it any more. Start a newer service.',
    );
  }
  return { database, secrets };
}

async function prepare(
  url: string,
  migrations: string,
  given: Partial<Secrets>,
): Promise<readonly [string, Secrets]> {
  if (await isOwner(url)) {
    await migrate(url, migrations);
    return preparedByOwner(url, given);
  }
  const { session, mask } = given;
  if (session === undefined || mask === undefined)
    throw new Stop(
      'This login of the database is none of its owner, so ARCHIVE_SESSION_SECRET and ARCHIVE_MASK_SECRET are needed.',
    );
  return [url, { session, mask }];
}

export function open(url: string, connections: number, version = serviceVersion): Database {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'archive',
    max: connections,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 30_000,
  });
  let fittedAt = 0;
  // An idle connection that breaks is replaced when it is next needed.
  pool.on('error', () => undefined);
  // One that breaks between two questions has nobody else to tell: the next question fails by it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    pool,
    as: async (role, who, work) => {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query('begin');
        await client.query(
          `select set_config('role', $1, true), set_config('archive.org_id', $2, true),
             set_config('archive.agent_id', $3, true), set_config('archive.division_id', $4, true),
             set_config('archive.divisions', $5, true)`,
          [role, who.orgId ?? '', who.agentId ?? '', who.divisionId ?? '', (who.divisions ?? []).join(',')],
        );
        if (Date.now() - fittedAt > fitsForMs) {
          if ((await oldestService(client)) > version) throw new NewerSchema();
          fittedAt = Date.now();
        }
        const value = await work(client);
        await client.query('commit');
        return value;
      } catch (error) {
        broken = asError(error);
        await client.query('rollback').then(
          () => (broken = undefined),
          () => undefined,
        );
        throw error;
      } finally {
        client.release(broken);
      }
    },
    isCompatible: async () => {
      const client = await pool.connect();
      try {
        await client.query('begin');
        await client.query('set local role archive_agent');
        return (await oldestService(client)) <= version;
      } finally {
        await client.query('rollback').catch(() => undefined);
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

async function oldestService(client: pg.PoolClient): Promise<number> {
  const sql = 'select oldest_service as oldest from archive.compatibility';
  const { rows } = await client.query<{ oldest: number }>(sql);
  return rows[0]?.oldest ?? Number.MAX_SAFE_INTEGER;
}

/** A newer service has changed the schema, in a way this one cannot live with. */
class NewerSchema extends Error {}

const sentences: Readonly<Record<string, string>> = {
  '53100': 'its disk is full',
  '53200': 'it has no memory left',
  '53300': 'it has too many connections',
  '25006': 'it is read-only',
  '28P01': 'its login or password is wrong',
  '28000': 'its login or password is wrong',
  '3D000': 'there is no database of this name',
  '42501': 'its login may not do this',
  '57014': 'this took too long: ask for less at once',
  ECONNREFUSED: 'nobody answers at its address',
  ENOTFOUND: 'its address is not known',
  ENOENT: 'nobody answers at its address',
};

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** What is wrong with the database, in words without anything it holds. */
export function problemOf(error: unknown): string {
  const code = codeOf(error);
  if (sentences[code] !== undefined) return sentences[code];
  if (code.startsWith('57P')) return 'it is shutting down or starting';
  return code === '' ? 'it does not answer' : `it reports ${code}`;
}

/** Whether something this service asks for is not there, or is another thing. */
export function isOtherSchema(error: unknown): boolean {
  const code = codeOf(error);
  return error instanceof NewerSchema || (code !== '42501' && /^(42|3F)/.test(code));
}

/** Whether it is the database that failed, and the same may go well later. */
export function isDatabaseProblem(error: unknown): boolean {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : '';
  return (
    /^(08|53|57|58|25|40|XX|42)/.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ENOENT', 'EPIPE', 'ETIMEDOUT'].includes(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered/.test(message)
  );
}
