import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { badRequest, errorBody, errorForStatus, missingPermissions, WireError } from './errors.ts';
import { malform, strike, type Fault, type FaultKind } from './faults.ts';
import type { OAuth, OAuthAnswer } from './oauth.ts';
import { permissionsWithout } from './directory.ts';
import { findRoute, type Reply, type Route } from './router.ts';
import { remember, type World } from './world.ts';

const MAX_BODY_BYTES = 1_000_000;
const HTTP_FAULTS: readonly FaultKind[] = ['status', 'timeout', 'html', 'contentType', 'malformed', 'slow'];
const HTML =
  '<!doctype html><html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>';

export interface HttpContext {
  world: World;
  oauth: OAuth;
  routes: readonly Route[];
  allowance: (accessToken: string) => Allowance;
  /** Simulated now, ms: the service's own clock, shown in the Date header. */
  now: () => number;
  /** Lets everything happen that was due before this request. */
  catchUp: () => void;
  /** Makes what a request has changed durable and known; called before its answer is sent. */
  settle: () => void;
  /** Answers below /_simulator/. */
  controlDoor: (request: Incoming) => Reply;
  log: (line: string) => void;
}

export interface Incoming {
  method: string;
  path: string;
  query: URLSearchParams;
  host: string;
  contentType: string;
  authorization: string;
  text: string;
  correlationId: string;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** The request listener: faults, authentication, rate, route, answer. */
export function createHttpListener(
  context: HttpContext,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    serve(context, request, response).catch((error: unknown) => {
      context.log(
        `Request failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      response.destroy();
    });
  };
}

async function serve(context: HttpContext, raw: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await readBody(raw);
  const url = new URL(raw.url ?? '/', 'http://simulator.invalid');
  const incoming: Incoming = {
    method: raw.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    host: raw.headers.host ?? '',
    contentType: (raw.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
    authorization: raw.headers.authorization ?? '',
    text: text ?? '',
    correlationId: randomUUID(),
  };
  const send = ({ status, headers, body }: Answer): void => {
    response.writeHead(status, {
      Date: new Date(context.now()).toUTCString(),
      'ININ-Correlation-Id': incoming.correlationId,
      'Cache-Control': 'no-cache, no-store, must-revalidate',
      'Content-Length': String(Buffer.byteLength(body)),
      ...headers,
    });
    response.end(incoming.method === 'HEAD' ? '' : body);
  };
  if (text === null) {
    send(refusal(new WireError(413, 'request.entity.too.large', 'The request is too large.'), incoming));
    return;
  }
  if (incoming.path.startsWith('/_simulator/')) {
    send(json(context.controlDoor(incoming)));
    return;
  }
  const { path, method } = incoming;
  const fault = strike(context.world, HTTP_FAULTS, { on: 'http', method, path });
  const early = await beforehand(fault, incoming);
  if (early === 'never') {
    context.settle();
    return;
  }
  if (early) {
    note(context, incoming, early.status);
    context.settle();
    send(early);
    return;
  }
  context.catchUp();
  const answer = path.startsWith('/oauth/') ? signIn(context, incoming) : callApi(context, incoming);
  note(context, incoming, fault?.kind === 'timeout' ? 0 : answer.status);
  if (method !== 'GET' && method !== 'HEAD') context.settle();
  // The connection stays open without an answer; it ends when the client gives up or the server closes.
  if (fault?.kind === 'timeout') return;
  send(afterwards(context.world, fault, answer));
}

/** What a fault does instead of, or before, the work. */
async function beforehand(fault: Fault | undefined, incoming: Incoming): Promise<Answer | 'never' | null> {
  if (fault?.kind === 'slow') {
    await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 1000));
  }
  if (fault?.kind === 'timeout' && fault.commit === false) return 'never';
  if (fault?.kind === 'html') {
    return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: HTML };
  }
  if (fault?.kind === 'status') {
    const status = fault.status ?? 503;
    const pauseS = fault.retryAfterS ?? (status === 429 ? 1 : undefined);
    const headers = pauseS === undefined ? {} : { 'Retry-After': String(pauseS) };
    const error = fault.permissions ? missingPermissions(fault.permissions) : errorForStatus(status, headers);
    return refusal(error, incoming);
  }
  return null;
}

function afterwards(world: World, fault: Fault | undefined, answer: Answer): Answer {
  if (fault?.kind === 'contentType')
    return { ...answer, headers: { ...answer.headers, 'Content-Type': 'text/plain' } };
  if (fault?.kind !== 'malformed' || answer.body === '') return answer;
  return { ...answer, body: JSON.stringify(malform(world, JSON.parse(answer.body))) };
}

function callApi(context: HttpContext, incoming: Incoming): Answer {
  const rateHeaders: Record<string, string> = {};
  try {
    const accessToken = authenticate(context.oauth, incoming.authorization);
    const { count, allowed, resetS } = context.allowance(accessToken);
    rateHeaders['inin-ratelimit-count'] = String(count);
    rateHeaders['inin-ratelimit-allowed'] = String(allowed);
    rateHeaders['inin-ratelimit-reset'] = String(resetS);
    if (count > allowed) {
      const message = `Rate limit exceeded the maximum [${allowed}] requests within [60] seconds`;
      throw new WireError(429, 'too.many.requests', message, { headers: { 'Retry-After': String(resetS) } });
    }
    const { method, path, query, correlationId } = incoming;
    const { route, params } = findRoute(context.routes, method, path);
    requirePermission(context.world, route.anyOf ?? []);
    const reply = route.handle(
      { method, path, query, accessToken, correlationId, body: parseBody(incoming) },
      params,
    );
    return json(reply, rateHeaders);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return refusal(error, incoming, rateHeaders);
  }
}

function signIn(context: HttpContext, incoming: Incoming): Answer {
  const { method, path, query, contentType, text } = incoming;
  if (path === '/oauth/authorize' && method === 'GET') {
    const denied = strike(context.world, ['denyLogin'], { on: 'http', method, path }) !== undefined;
    return oauthAnswer(context.oauth.authorize(query, denied));
  }
  if (path === '/oauth/token' && method === 'POST') {
    if (contentType !== 'application/x-www-form-urlencoded') {
      return json({ status: 400, body: { error: 'invalid_request', description: 'A form is required.' } });
    }
    return oauthAnswer(context.oauth.token(new URLSearchParams(text)));
  }
  return refusal(new WireError(404, 'not.found', `HTTP 404 Not Found: ${path}`), incoming);
}

function oauthAnswer({ status, headers = {}, body }: OAuthAnswer): Answer {
  if (typeof body !== 'string') return json({ status, ...(body ? { body } : {}) }, headers);
  return { status, headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' }, body };
}

function authenticate(oauth: OAuth, authorization: string): string {
  const [, accessToken] = /^bearer (.+)$/i.exec(authorization) ?? [];
  if (accessToken === undefined) {
    throw new WireError(
      401,
      'authentication.required',
      'No authentication bearer token specified in authorization header.',
    );
  }
  if (!oauth.isValid(accessToken)) throw new WireError(401, 'bad.credentials', 'Invalid login credentials.');
  return accessToken;
}

/** @throws WireError 403 when the agent has none of `anyOf`; an endpoint that needs none lists none */
function requirePermission({ settings }: World, anyOf: readonly string[]): void {
  const held = permissionsWithout(settings.withheld);
  if (anyOf.length > 0 && !anyOf.some((permission) => held.includes(permission)))
    throw missingPermissions(anyOf);
}

function parseBody({ text, contentType }: Incoming): unknown {
  if (text === '') return undefined;
  if (contentType !== 'application/json') {
    throw new WireError(415, 'unsupported.media.type', 'HTTP 415 Unsupported Media Type');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest('The request could not be understood by the server due to malformed syntax.');
  }
}

function json({ status, body }: Reply, headers: Record<string, string> = {}): Answer {
  if (body === undefined) return { status, headers, body: '' };
  return { status, headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

function refusal(
  error: WireError,
  { correlationId }: Incoming,
  headers: Record<string, string> = {},
): Answer {
  return json(
    { status: error.status, body: errorBody(error, correlationId) },
    { ...headers, ...error.extras.headers },
  );
}

/** Remembers what clients have commanded, for those who want to know what reached the server. */
function note({ world, now }: HttpContext, { method, path, text }: Incoming, status: number): void {
  if (method === 'GET' || !path.startsWith('/api/v2/conversations')) return;
  let body: unknown = text;
  try {
    body = text === '' ? null : JSON.parse(text);
  } catch {
    // Kept as the text it was.
  }
  remember(world.received, { at: new Date(now()).toISOString(), method, path, body, status });
}

/** The body's text; null when it is larger than the service takes. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read on to the end all the same: leaving early would cut the connection before the refusal is sent.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? null : Buffer.concat(chunks).toString('utf8');
}

const WINDOW_MS = 60_000;

export interface Allowance {
  count: number;
  allowed: number;
  /** Whole seconds of real time until the count starts anew. */
  resetS: number;
}

/** Counts requests per token in windows of one real minute, as the platform does (300 by default). */
export function createRateLimiter(allowed: number, wallNow: () => number): (token: string) => Allowance {
  const windows = new Map<string, { since: number; count: number }>();
  return (token) => {
    const now = wallNow();
    let window = windows.get(token);
    if (!window || now - window.since >= WINDOW_MS) {
      window = { since: now, count: 0 };
      windows.set(token, window);
    }
    window.count += 1;
    return {
      count: window.count,
      allowed,
      resetS: Math.max(1, Math.ceil((window.since + WINDOW_MS - now) / 1000)),
    };
  };
}
