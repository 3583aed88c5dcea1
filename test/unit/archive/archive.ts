import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { ROOT } from '../../../build/paths.mjs';
import { connect, type Database } from '../../../archive/database/database.ts';
import { createGenesys } from '../../../archive/http/genesys.ts';
import { pg, pino, type FastifyInstance } from '../../../archive/packages.ts';
import { createService, type Limits } from '../../../archive/http/service.ts';
import type { PageAnswer, RecordLine, RecordResult, SessionAnswer } from '../../../domain/archive/wire.ts';
import { template } from './database-server.ts';
import { startGenesys, tokenOf, type FakeGenesys, type MadeUp } from './genesys.ts';

/** A service on a database of its own, and a Genesys that knows whom the test makes up. */

/** A fresh database with the schema; the URL of its owner. */
export async function freshDatabase(): Promise<string> {
  const server = inject('archiveServer');
  const name = `archive_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  // Copying waits for nobody: it fails while another one copies.
  await client.query('select pg_advisory_lock(1)');
  await client.query(`create database ${name} template ${template}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

export const migrations = path.join(ROOT, 'archive/migrations');

export interface TestArchive {
  readonly url: string;
  readonly database: Database;
  readonly app: FastifyInstance;
  readonly genesys: FakeGenesys;
  /** As its owner. */
  readonly sql: <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>;
  readonly logged: () => string;
  readonly signIn: (user: MadeUp) => Promise<Person>;
  readonly close: () => Promise<void>;
}

export interface Person extends SessionAnswer {
  readonly call: (method: 'GET' | 'POST', path: string, options?: CallOptions) => Promise<Answer>;
  readonly send: (lines: readonly (RecordLine | object | string)[]) => Promise<RecordResult[]>;
  readonly page: (query?: string) => Promise<PageAnswer>;
}
interface CallOptions {
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
}
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

interface Options {
  readonly url?: string;
  readonly limits?: Partial<Limits>;
  readonly now?: () => number;
  readonly organisation?: string;
  readonly connections?: number;
  readonly version?: number;
}

export async function startArchive(options: Options = {}): Promise<TestArchive> {
  const url = options.url ?? (await freshDatabase());
  const genesys = await startGenesys();
  const { database, secrets } = await connect({
    url,
    migrations,
    secrets: {},
    connections: options.connections ?? 4,
    ...(options.version === undefined ? {} : { version: options.version }),
  });
  let logged = '';
  const logger = pino({ base: null }, { write: (line: string) => (logged += line) });
  const app = await createService({
    database,
    secrets,
    genesys: createGenesys(genesys.url, { timeoutMs: 2_000 }),
    logger,
    organisation: options.organisation ?? null,
    ...(options.limits ? { limits: options.limits } : {}),
    ...(options.now ? { now: options.now } : {}),
  });
  const owner = new pg.Pool({ connectionString: url, max: 1 });
  owner.on('error', () => undefined);
  owner.on('connect', (client) => client.on('error', () => undefined));

  async function call(
    session: string | null,
    method: 'GET' | 'POST',
    at: string,
    { body, headers = {} }: CallOptions = {},
  ): Promise<Answer> {
    const authorization = session === null ? {} : { authorization: `Bearer ${session}` };
    const answer = await app.inject({
      method,
      url: at,
      headers: { ...authorization, ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
    const isJson = String(answer.headers['content-type']).includes('json');
    return {
      status: answer.statusCode,
      body: isJson ? answer.json<unknown>() : answer.body,
      headers: answer.headers,
    };
  }

  return {
    url,
    database,
    app,
    genesys,
    sql: async <Row extends object>(text: string, values: unknown[] = []) =>
      (await owner.query<Row>(text, values)).rows,
    logged: () => logged,
    signIn: async (user) => {
      const answer = await call(null, 'POST', '/v1/session', {
        body: JSON.stringify({ accessToken: tokenOf(user) }),
        headers: { 'content-type': 'application/json' },
      });
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      const signedIn = answer.body as SessionAnswer;
      const mine = (method: 'GET' | 'POST', at: string, given?: CallOptions): Promise<Answer> =>
        call(signedIn.session, method, at, given);
      return {
        ...signedIn,
        call: mine,
        send: async (lines) => {
          const body = lines
            .map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
            .join('\n');
          const sent = await mine('POST', '/v1/records', {
            body,
            headers: { 'content-type': 'application/x-ndjson' },
          });
          if (sent.status !== 200) throw new Error(JSON.stringify(sent.body));
          return (sent.body as { results: RecordResult[] }).results;
        },
        page: async (query = '') => {
          const page = await mine('GET', `/v1/records${query}`);
          if (page.status !== 200) throw new Error(JSON.stringify(page.body));
          return page.body as PageAnswer;
        },
      };
    },
    close: async () => {
      await app.close();
      await database.close();
      await owner.end();
      genesys.close();
    },
  };
}

/** A line a desk could send: the `number`th conversation, on the given day. */
export function lineOf(number: number, change: Partial<RecordLine> & { at?: string } = {}): RecordLine {
  const { at = '2026-11-30T10:00:00.000Z', ...line } = change;
  const id = `conversation-${number}`;
  return {
    device: 'desk-1',
    seq: number,
    chain: `chain-${number}`,
    revision: 1,
    day: at.slice(0, 10),
    record: {
      conversationId: id,
      participantId: `participant-${number}`,
      role: 'sharing',
      media: 'screenshare',
      screenshare: { id: `leg-${number}`, state: 'disconnected' },
      queueName: 'Billing help',
      peerName: 'person-0123456789abcdef',
      alertedAt: at,
      answered: true,
      wrapup: { code: 'code-1', name: 'Invoice explained', notes: '[redacted]', state: 'sent' },
      firstSeenAt: at,
      lastSeenAt: at,
      revisions: 1,
    },
    ...line,
  };
}
