import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { asError } from '../../../domain/toolbox/result.ts';
import { permissionsWithout } from './directory.ts';
import { badRequest, errorBody, missingPermissions, WireError } from './errors.ts';
import { replyInstead, spoilReply, strike, strikeRequest } from './faults.ts';
import type { OAuth } from './oauth.ts';
import { findRoute, type Reply, type Route } from './route-table.ts';
import { remember, type World } from './world.ts';

const MAX_BODY_BYTES = 1_000_000;

interface HttpContext {
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
  /** Answers whoever drives the simulator; the product's demo has none. */
  controlDoor: ControlDoor | null;
  log: (line: string) => void;
}

export interface Incoming {
  method: string;
  path: string;
  query: URLSearchParams;
  host: string;
  contentType: string;
  authorization: string;
  /** Null when it is larger than the service takes. */
  text: string | null;
  correlationId: string;
}

/** Answers a request of whoever drives the simulator; null for any other. */
export type ControlDoor = (request: Incoming) => Reply | null;

/** The request listener: faults, authentication, rate, route, answer. */
export function createHttpListener(
  context: HttpContext,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    serve(context, request, response).catch((error: unknown) => {
      const { stack, message } = asError(error);
      context.log(`Request failed: ${stack ?? message}`);
      response.destroy();
    });
  };
}

async function serve(context: HttpContext, raw: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(raw.url ?? '/', 'http://simulator.invalid');
  const incoming: Incoming = {
    method: raw.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    host: raw.headers.host ?? '',
    contentType: (raw.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
    authorization: raw.headers.authorization ?? '',
    text: await readBody(raw),
    correlationId: randomUUID(),
  };
  const reply = await replyTo(context, incoming);
  // The connection stays open without an answer; it ends when the client gives up or the server closes.
  if (!reply) return;
  const { status, headers, body, html } = reply;
  const type = html === undefined ? 'application/json' : 'text/html; charset=utf-8';
  const text = html ?? (body === undefined ? '' : JSON.stringify(body));
  response.writeHead(status, {
    Date: new Date(context.now()).toUTCString(),
    'ININ-Correlation-Id': incoming.correlationId,
    'Cache-Control': 'no-cache, no-store, must-revalidate',
    'Content-Length': String(Buffer.byteLength(text)),
    ...(text === '' ? {} : { 'Content-Type': type }),
    ...headers,
  });
  response.end(incoming.method === 'HEAD' ? '' : text);
}

/** Null for a fault that leaves the client without an answer. */
async function replyTo(context: HttpContext, incoming: Incoming): Promise<Reply | null> {
  const { world, catchUp, settle } = context;
  const { method, path, text } = incoming;
  if (!isThisMachine(incoming.host)) {
    return refusal(incoming, new WireError(403, 'forbidden', 'Only this machine is served.'));
  }
  if (text === null) {
    return refusal(incoming, new WireError(413, 'request.entity.too.large', 'The request is too large.'));
  }
  const controlled = context.controlDoor?.(incoming);
  if (controlled) return controlled;
  const fault = strikeRequest(world, method, path);
  if (fault?.kind === 'slow') await sleep(fault.ms ?? 1000);
  if (fault?.kind === 'timeout' && fault.commit === false) {
    settle();
    return null;
  }
  const instead = orRefusal(incoming, () => replyInstead(fault));
  if (instead) {
    note(context, incoming, instead.status);
    settle();
    return instead;
  }
  catchUp();
  const reply = path.startsWith('/oauth/')
    ? signIn(context, incoming, text)
    : callApi(context, incoming, text);
  note(context, incoming, fault?.kind === 'timeout' ? 0 : reply.status);
  if (method !== 'GET' && method !== 'HEAD') settle();
  return fault?.kind === 'timeout' ? null : spoilReply(world, fault, reply);
}

/** A web page that had its own name point here (DNS rebinding) sends that name. */
export function isThisMachine(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? '');
}

function refusal({ correlationId }: Incoming, error: WireError): Reply {
  const { status, extras } = error;
  return { status, headers: extras.headers ?? {}, body: errorBody(error, correlationId) };
}

function orRefusal<T>(incoming: Incoming, work: () => T): T | Reply {
  try {
    return work();
  } catch (error) {
    if (error instanceof WireError) return refusal(incoming, error);
    throw error;
  }
}

function callApi(context: HttpContext, incoming: Incoming, text: string): Reply {
  const rateHeaders: Record<string, string> = {};
  const reply = orRefusal(incoming, () => {
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
    const { anyOf, handle, param } = findRoute(context.routes, method, path);
    requirePermission(context.world, anyOf);
    const body = parseBody(incoming.contentType, text);
    const person = context.oauth.personOf(accessToken);
    return handle({ path, param, query, accessToken, person, correlationId, body });
  });
  return { ...reply, headers: { ...rateHeaders, ...reply.headers } };
}

function signIn({ world, oauth }: HttpContext, incoming: Incoming, text: string): Reply {
  const { method, path, query, contentType } = incoming;
  if (path === '/oauth/authorize' && method === 'GET') {
    return oauth.authorize(query, strike(world, ['denyLogin'], { on: 'http', method, path }) !== undefined);
  }
  if (path === '/oauth/token' && method === 'POST') {
    if (contentType === 'application/x-www-form-urlencoded') return oauth.token(new URLSearchParams(text));
    return { status: 400, body: { error: 'invalid_request', description: 'A form is required.' } };
  }
  return refusal(incoming, new WireError(404, 'not.found', `HTTP 404 Not Found: ${path}`));
}

/** @throws WireError 401 */
function authenticate(oauth: OAuth, authorization: string): string {
  const [, accessToken] = /^bearer (.+)$/i.exec(authorization) ?? [];
  if (accessToken === undefined) {
    const message = 'No authentication bearer token specified in authorization header.';
    throw new WireError(401, 'authentication.required', message);
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

/** @throws WireError 400, 415 */
function parseBody(contentType: string, text: string): unknown {
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

/** Remembers what clients have commanded, for those who want to know what reached the server. */
function note({ world, now }: HttpContext, { method, path, text }: Incoming, status: number): void {
  if (method === 'GET' || !path.startsWith('/api/v2/conversations')) return;
  let body: unknown = text;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    // Kept as the text it was.
  }
  remember(world.received, { at: new Date(now()).toISOString(), method, path, body, status });
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read on to the end: leaving early would cut the connection before the refusal is sent.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? null : Buffer.concat(chunks).toString('utf8');
}

const WINDOW_MS = 60_000;

interface Allowance {
  count: number;
  allowed: number;
  /** Whole seconds of real time until the count starts again. */
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
