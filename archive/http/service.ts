import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import rateLimit from '@fastify/rate-limit';
import Fastify, { LogController, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import {
  archiveLimits,
  archivePaths,
  deviceSchema,
  recordsType,
  sessionRequestSchema,
  type ArchiveErrorCode,
} from '../../domain/archive/wire.ts';
import {
  isDatabaseProblem,
  isOtherSchema,
  problemOf,
  serviceVersion,
  type Database,
  type Secrets,
} from '../database/database.ts';
import type { Genesys } from './genesys.ts';
import { createIngest } from './ingest.ts';
import { readLines, wordsOf } from './lines.ts';
import { createMetrics } from './metrics.ts';
import { Problem } from './problem.ts';
import { createReading } from './reading.ts';
import { createSessions, type Session } from './sessions.ts';

export interface ServiceOptions {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly genesys: Genesys;
  readonly logger: Logger;
  readonly now?: () => number;
  /** The one organisation it is for; null: any that signs in, each to itself. */
  readonly organisation?: string | null;
  /** PEM. Without them it is for this machine, or stands behind something that has them. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer } | null;
  /** What stands before it ends TLS, and says so. */
  readonly trustsProxy?: boolean;
  readonly limits?: Partial<Limits>;
}

export interface Limits {
  /** A person's calls in a minute, sign-ins aside. */
  readonly calls: number;
  /** Sign-ins in a minute from one address. */
  readonly signIns: number;
  /** Batches that are worked on at the same time; more are asked to come again. */
  readonly batches: number;
}
const usualLimits: Limits = { calls: 300, signIns: 1_200, batches: 40 };

const unpacked = promisify(gunzip);
const isThisMachine = (address: string | undefined): boolean =>
  /^(127\.|::1$|::ffff:127\.)/.test(address ?? '');
/** So that ten thousand desks do not come back at the same moment. */
const soon = (): number => randomInt(1, 6);

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | null;
  }
}

/** The HTTP service. It keeps nothing between two calls: any number run beside each other. */
export async function createService(options: ServiceOptions): Promise<FastifyInstance> {
  const { database, secrets, genesys, logger, now = Date.now, organisation = null, tls = null } = options;
  const limits = { ...usualLimits, ...options.limits };
  const sessions = createSessions(secrets, now);
  const ingest = createIngest(database, now);
  const reading = createReading(database);
  const metrics = createMetrics(database.pool);
  let batches = 0;

  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 32_768,
    requestTimeout: 30_000,
    trustProxy: options.trustsProxy ?? false,
    // A number of our own: what a caller sends would end up in the log.
    genReqId: () => randomInt(2 ** 47).toString(36),
    routerOptions: { maxParamLength: 128 },
    ...(tls ? { https: { ...tls, minVersion: 'TLSv1.2' as const } } : {}),
  }) as unknown as FastifyInstance;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(new Problem('bad-request', 'The body is not JSON.'));
    }
  });
  app.addContentTypeParser(
    recordsType,
    { parseAs: 'buffer', bodyLimit: archiveLimits.bytes + 65_536 },
    (_request, body, done) => done(null, body),
  );
  app.decorateRequest('session', null);

  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    if (isThisMachine(request.socket.remoteAddress) && !options.trustsProxy) return;
    if (request.protocol === 'https') return;
    throw new Problem('tls', 'The archive answers over TLS alone.');
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.answered(request.method, route, reply.statusCode, reply.elapsedTime);
    if (route === '/healthz' || route === '/metrics') return;
    request.log.info({
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });

  app.setErrorHandler(async (error, request, reply) => {
    const problem = problemFor(error);
    if (problem.code === 'internal') request.log.error({ error: stackOf(error) }, 'unexpected');
    else if (problem.status >= 500)
      request.log.warn({ code: problem.code, why: problem.message }, 'not answered');
    if (problem.retryAfter !== null) reply.header('retry-after', String(problem.retryAfter));
    return reply.code(problem.status).send({ error: { code: problem.code, message: problem.message } });
  });
  app.setNotFoundHandler(() => {
    throw new Problem('not-found', 'There is nothing at this address.');
  });

  await app.register(rateLimit, {
    global: false,
    // What is thrown goes to the handler of errors like everything else.
    errorResponseBuilder: (_request, { ttl }) => tooMany(ttl),
  });

  const sessionOf = ({ session }: FastifyRequest): Session => {
    if (!session) throw new Problem('session', 'There is no session with this call: sign in first.');
    return session;
  };
  // One count for all of a person's calls: a limit of the plugin's own is each route's for itself.
  const countCall = app.createRateLimit({
    max: limits.calls,
    timeWindow: 60_000,
    keyGenerator: (request) => `${sessionOf(request).orgId}/${sessionOf(request).agentId}`,
  });
  const perPerson = {
    // Before the body is read.
    onRequest: async (request: FastifyRequest): Promise<void> => {
      request.session = await sessions.read(request.headers.authorization);
      const counted = await countCall(request);
      if (!counted.isAllowed && counted.isExceeded) throw tooMany(counted.ttl);
    },
  };

  app.post(
    archivePaths.session,
    { config: { rateLimit: { max: limits.signIns, timeWindow: 60_000 } } },
    async (request) => {
      const body = sessionRequestSchema.safeParse(request.body);
      if (!body.success) throw new Problem('bad-request', 'Send {"accessToken": "…"}.');
      const user = await genesys.whoIs(body.data.accessToken);
      if (organisation !== null && user.orgId !== organisation)
        throw new Problem('forbidden', 'This archive is for another organisation.');
      const session: Session = { ...user, isSupervisor: user.divisions.length > 0 };
      const { agentId, orgId, name, divisionId } = user;
      await database.as('archive_agent', session, (client) =>
        client.query(
          `insert into archive.agent as a (org_id, agent_id, name, name_words, division_id)
           values ($1, $2, $3, $4, $5)
           on conflict (org_id, agent_id) do update
           set name = excluded.name, name_words = excluded.name_words, division_id = excluded.division_id,
             seen_at = now()`,
          [orgId, agentId, name.replaceAll('\0', ''), wordsOf(name) ?? '', divisionId],
        ),
      );
      return {
        ...(await sessions.sign(session)),
        agent: { id: agentId, name },
        supervisor: session.isSupervisor,
        maskKey: sessions.maskKey(orgId),
      };
    },
  );

  app.post(archivePaths.records, { ...perPerson }, async (request, reply) => {
    const session = sessionOf(request);
    if (!Buffer.isBuffer(request.body))
      throw new Problem('bad-request', `Send records as ${recordsType}, one in each line.`);
    if (batches >= limits.batches)
      throw new Problem('too-many', 'The archive has much to do: come again in a moment.', soon());
    batches += 1;
    try {
      const taken = readLines(await bodyOf(request), session.agentId, sessions.maskKey(session.orgId));
      const results = await ingest.keep(taken, session);
      metrics.kept(results);
      return await reply.send({ results });
    } finally {
      batches -= 1;
    }
  });

  app.get(archivePaths.records, { ...perPerson }, (request) =>
    reading.page(sessionOf(request), request.query),
  );
  app.get(`${archivePaths.records}/:key`, { ...perPerson }, (request) =>
    reading.record(sessionOf(request), (request.params as { key: string }).key),
  );
  app.get(archivePaths.figures, { ...perPerson }, (request) =>
    reading.figures(sessionOf(request), request.query),
  );
  app.get(archivePaths.access, { ...perPerson }, (request) =>
    reading.access(sessionOf(request), request.query),
  );

  app.get(archivePaths.checkpoint, { ...perPerson }, async (request) => {
    const device = deviceSchema.safeParse((request.query as Record<string, unknown>)['device']);
    if (!device.success) throw new Problem('bad-request', 'device: say which desk this is about.');
    return database.as('archive_agent', sessionOf(request), async (client) => {
      const { rows } = await client.query<{ seq: string; chain: string }>(
        'select seq, chain from archive.checkpoint where device = $1',
        [device.data],
      );
      const gaps = await client.query<{ from_seq: string; to_seq: string }>(
        'select from_seq, to_seq from archive.gap where device = $1 order by from_seq limit 1000',
        [device.data],
      );
      const total = await client.query<{ missing: string }>(
        'select coalesce(sum(to_seq - from_seq + 1), 0) as missing from archive.gap where device = $1',
        [device.data],
      );
      return {
        device: device.data,
        seq: Number(rows[0]?.seq ?? 0),
        chain: rows[0]?.chain ?? '',
        missing: Number(total.rows[0]?.missing ?? 0),
        gaps: gaps.rows.map(({ from_seq, to_seq }) => ({ from: Number(from_seq), to: Number(to_seq) })),
      };
    });
  });

  app.get('/healthz', async (_request, reply) => {
    try {
      if (await database.isCompatible()) return { status: 'ok', version: serviceVersion };
      return await reply
        .code(503)
        .send({ status: 'schema', reason: 'The database is newer than this service.' });
    } catch (error) {
      return reply.code(503).send({ status: 'database', reason: `The database fails: ${problemOf(error)}.` });
    }
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  return app;
}

async function bodyOf(request: FastifyRequest): Promise<Buffer> {
  const body = request.body as Buffer;
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity' || encoding === '') return limited(body);
  if (encoding !== 'gzip') throw new Problem('bad-request', 'Send the records as they are, or by gzip.');
  try {
    return await unpacked(body, { maxOutputLength: archiveLimits.bytes + 65_536 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge();
    throw new Problem('bad-request', 'The body is no gzip.');
  }
}

/** @param ttl ms */
const tooMany = (ttl: number): Problem =>
  new Problem('too-many', 'Too many calls: wait a moment.', Math.max(1, Math.ceil(ttl / 1_000)));

const tooLarge = (): never => {
  throw new Problem('too-large', `A batch may have ${archiveLimits.bytes} bytes.`);
};
const limited = (body: Buffer): Buffer => (body.length > archiveLimits.bytes + 65_536 ? tooLarge() : body);

const ofFramework: Readonly<Record<string, ArchiveErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'bad-request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad-request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad-request',
};

function problemFor(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isOtherSchema(error))
    return new Problem(
      'schema',
      'The archive’s database is of another version than this service. Nothing was taken.',
      30,
    );
  if (isDatabaseProblem(error))
    return new Problem(
      'database',
      `The archive’s database fails: ${problemOf(error)}. Nothing was taken.`,
      soon(),
    );
  const { code = '', statusCode = 500 } = error as { code?: string; statusCode?: number };
  const known = ofFramework[code];
  if (known === 'too-large') return new Problem(known, 'This is longer than the archive takes at once.');
  if (known !== undefined) return new Problem(known, (error as Error).message);
  if (statusCode >= 400 && statusCode < 500) return new Problem('bad-request', 'This was not understood.');
  return new Problem('internal', 'The archive made a mistake. Nothing was taken.');
}

/** Where it happened, without what was said: a message may repeat what somebody sent. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return 'not an error';
  const { code } = error as NodeJS.ErrnoException;
  return [
    error.name,
    code ?? '',
    ...(error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)),
  ].join('\n');
}
