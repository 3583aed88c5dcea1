import { z } from 'zod';

export type HttpProblemKind =
  | 'unreachable'
  | 'timeout'
  | 'unauthorised'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'rate-limited'
  | 'server'
  | 'not-json'
  | 'unexpected';

interface Details {
  readonly kind: HttpProblemKind;
  /** One clear sentence for an agent; never holds a secret. */
  readonly reason: string;
  /** Null when there was no answer. */
  readonly status?: number | null;
  /** The server's own error code, or one of ours where it gave none. */
  readonly code?: string;
  /** How long the server asked to be left alone, in ms. */
  readonly retryAfterMs?: number | null;
  readonly correlationId?: string | null;
  /** Permissions the server said are missing, as it names them. */
  readonly missing?: readonly string[];
  /** The request may have taken effect: read before repeating. */
  readonly mayHaveArrived: boolean;
}

/** The only error a request ends with. */
export class HttpProblem extends Error {
  readonly kind: HttpProblemKind;
  readonly reason: string;
  readonly status: number | null;
  readonly code: string;
  readonly retryAfterMs: number | null;
  readonly correlationId: string | null;
  readonly missing: readonly string[];
  readonly mayHaveArrived: boolean;

  constructor(details: Details, options?: ErrorOptions) {
    super(details.reason, options);
    this.name = 'HttpProblem';
    this.kind = details.kind;
    this.reason = details.reason;
    this.status = details.status ?? null;
    this.code = details.code ?? details.kind;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.correlationId = details.correlationId ?? null;
    this.missing = details.missing ?? [];
    this.mayHaveArrived = details.mayHaveArrived;
  }
}

const text = z.string().nullish().catch(null);

/** `ErrorBody` of the platform; only what is told to people. A field of the wrong type is simply not told. */
const errorBodySchema = z.looseObject({ message: text, code: text, contextId: text });

const permissionBodySchema = z.looseObject({
  code: z.enum(['missing.permissions', 'missing.any.permissions']),
  message: text,
  messageWithParams: text,
  messageParams: z.record(z.string(), z.unknown()).nullish().catch(null),
});

/** A server that names more than these is not naming permissions. */
const permissionsAtMost = 20;

export interface Refusal {
  readonly host: string;
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body; undefined when it was empty or no JSON. */
  readonly body: unknown;
  readonly now: number;
  readonly retryAfterCapMs: number;
  /** Servers repeat what they were sent. */
  readonly redact: (text: string) => string;
}

/** The problem an answer outside 2xx means. */
export function problemOf(refusal: Refusal): HttpProblem {
  const { host, status, headers } = refusal;
  const parsed = errorBodySchema.safeParse(refusal.body);
  const error = parsed.success ? parsed.data : {};
  const said = oneLine(refusal.redact(error.message ?? ''));
  const retryAfterMs = retryAfter(headers.get('retry-after'), refusal.now, refusal.retryAfterCapMs);
  const kind = kindOf(status);
  return new HttpProblem({
    kind,
    reason: reasonOf(kind, host, status, said, retryAfterMs),
    status,
    code: refusal.redact(error.code ?? kind),
    retryAfterMs,
    correlationId: headers.get('inin-correlation-id') ?? error.contextId ?? null,
    missing: kind === 'forbidden' ? permissionsIn(refusal.body) : [],
    // Behind 408 and 5xx the work may have been done; every other answer says that it was not.
    mayHaveArrived: kind === 'timeout' || kind === 'server',
  });
}

/**
 * Names of permissions in the body of a 403 (`missing.permissions`, `missing.any.permissions`). The service
 * puts them into its sentence, its parameters or both; they always look like `domain:entity:action`.
 */
function permissionsIn(body: unknown): readonly string[] {
  const { data } = permissionBodySchema.safeParse(body);
  if (!data) return [];
  const words = JSON.stringify([data.message, data.messageWithParams, data.messageParams]);
  const names = words.match(/\b[A-Za-z]\w*(?::[A-Za-z]\w*){2}\b/g) ?? [];
  return [...new Set(names)].slice(0, permissionsAtMost);
}

function kindOf(status: number): HttpProblemKind {
  switch (status) {
    case 401:
      return 'unauthorised';
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 408:
      return 'timeout';
    case 409:
      return 'conflict';
    case 429:
      return 'rate-limited';
    default:
      return status >= 500 ? 'server' : 'unexpected';
  }
}

function reasonOf(
  kind: HttpProblemKind,
  host: string,
  status: number,
  said: string,
  retryAfterMs: number | null,
): string {
  switch (kind) {
    case 'unauthorised':
      return `${host} did not accept the sign-in: the access token is wrong or has expired. Sign in again, or start with a new token.`;
    case 'forbidden':
      return `${host} does not allow this${said ? `: ${said}` : ''}. Ask your administrator for the missing permission.`;
    case 'not-found':
      return `${host} does not know this${said ? `: ${said}` : ''}.`;
    case 'conflict':
      return `${host} has something else by now${said ? `: ${said}` : ''}.`;
    case 'rate-limited':
      return retryAfterMs === null
        ? `${host} is asked too often and wants a pause.`
        : `${host} is asked too often and wants a pause of ${Math.ceil(retryAfterMs / 1000)} s.`;
    case 'timeout':
      return `${host} did not finish in time (${status}).`;
    case 'server':
      return `${host} has a problem of its own (${status}${said ? `: ${said}` : ''}).`;
    case 'unreachable':
    case 'not-json':
    case 'unexpected':
      return `${host} answered ${status}${said ? `: ${said}` : ', which was not expected'}.`;
  }
}

/** `Retry-After` in ms: whole seconds or an HTTP date. Null when absent or unreadable. */
function retryAfter(header: string | null, now: number, capMs: number): number | null {
  if (header === null) return null;
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), capMs);
}

/** Words of a server in one short line, without the full stop our own sentence adds. */
export function oneLine(words: string): string {
  const line = words.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return (line.length > 300 ? `${line.slice(0, 299)}…` : line).replace(/\.$/, '');
}

/** Codes of a connection that never came to be: nothing was sent. */
const neverConnected = new Map([
  ['ECONNREFUSED', 'nothing answers there'],
  ['ENOTFOUND', 'the name is not known'],
  ['EAI_AGAIN', 'names cannot be looked up'],
  ['EHOSTUNREACH', 'there is no way to it'],
  ['ENETUNREACH', 'there is no network'],
  ['ENETDOWN', 'there is no network'],
  ['EADDRNOTAVAIL', 'there is no network'],
  ['ETIMEDOUT', 'it does not answer'],
  ['UND_ERR_CONNECT_TIMEOUT', 'it does not answer'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is not trusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is not trusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its certificate is not trusted'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name'],
]);

/** What a failed connection means. The text of the error is not repeated: it may hold a header. */
export function connectionFailure(
  host: string,
  error: unknown,
): { readonly reason: string; readonly mayHaveArrived: boolean } {
  const known = codesOf(error)
    .map((code) => neverConnected.get(code))
    .find((words) => words !== undefined);
  return known === undefined
    ? { reason: `The connection to ${host} broke.`, mayHaveArrived: true }
    : { reason: `${host} cannot be reached: ${known}.`, mayHaveArrived: false };
}

/** The system's codes in an error, its causes and the errors it sums up (one per address tried). */
function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const parts = error instanceof AggregateError ? error.errors : [];
  return [...own, ...parts.flatMap(codesOf), ...codesOf(error.cause)];
}
