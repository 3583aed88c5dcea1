import { z } from 'zod';
import { say, type MessageKey } from '../../../domain/words/say.ts';

type HttpProblemKind =
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
  /** The same without the server's own words, for the log: they may name people. Default: the reason. */
  readonly logged?: string;
  /** Null when there was no answer. */
  readonly status?: number | null;
  /** The server's own error code, or one of ours where it gave none. */
  readonly code?: string;
  /** How long the server asked to be left alone, in ms. */
  readonly retryAfterMs?: number | null;
  /** Permissions the server said are missing, as it names them. */
  readonly missing?: readonly string[];
  /** The request may have taken effect: read before repeating. */
  readonly mayHaveArrived: boolean;
}

/** The only error a request ends with. Its `message` is for the log, its `reason` for people. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly kind: HttpProblemKind;
  readonly reason: string;
  readonly status: number | null;
  readonly code: string;
  readonly retryAfterMs: number | null;
  readonly missing: readonly string[];
  readonly mayHaveArrived: boolean;

  constructor(details: Details) {
    super(details.logged ?? details.reason);
    this.kind = details.kind;
    this.reason = details.reason;
    this.status = details.status ?? null;
    this.code = details.code ?? details.kind;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.missing = details.missing ?? [];
    this.mayHaveArrived = details.mayHaveArrived;
  }
}

const text = z.string().nullish().catch(null);

/** `ErrorBody` of the platform, as far as people are shown it; a field of the wrong type is left out. */
const errorBodySchema = z.looseObject({ message: text, code: text });

const permissionBodySchema = z.looseObject({
  code: z.enum(['missing.permissions', 'missing.any.permissions']),
  message: text,
  messageWithParams: text,
  messageParams: z.record(z.string(), z.unknown()).nullish().catch(null),
});

/** Whoever names more than these is not naming permissions. */
const permissionsAtMost = 20;

interface Refusal {
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
export function problemOfAnswer(refusal: Refusal): HttpProblem {
  const { host, status, headers } = refusal;
  const parsed = errorBodySchema.safeParse(refusal.body);
  const error = parsed.success ? parsed.data : {};
  const said = oneLine(refusal.redact(error.message ?? ''));
  const retryAfterMs = retryAfter(headers.get('retry-after'), refusal.now, refusal.retryAfterCapMs);
  const [kind, words] = meaningOf(status);
  const sentence = (quoted: string): string =>
    kind === 'rate-limited' && retryAfterMs !== null
      ? say('feed.refused.pauseOf', { host, seconds: Math.ceil(retryAfterMs / 1000) })
      : say(words, { host, status, explained: quoted === '' ? 'no' : 'yes', said: quoted });
  return new HttpProblem({
    kind,
    reason: sentence(said),
    logged: sentence(''),
    status,
    code: refusal.redact(error.code ?? kind),
    retryAfterMs,
    missing: kind === 'forbidden' ? permissionsIn(refusal.body) : [],
    // After a 408 or 5xx the work may have been done; every other answer says that it was not.
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

const meanings: Readonly<Record<number, readonly [HttpProblemKind, MessageKey]>> = {
  401: ['unauthorised', 'feed.refused.unauthorised'],
  403: ['forbidden', 'feed.refused.forbidden'],
  404: ['not-found', 'feed.refused.notFound'],
  408: ['timeout', 'feed.refused.timeout'],
  409: ['conflict', 'feed.refused.conflict'],
  429: ['rate-limited', 'feed.refused.pause'],
};

function meaningOf(status: number): readonly [HttpProblemKind, MessageKey] {
  return (
    meanings[status] ??
    (status >= 500 ? ['server', 'feed.refused.server'] : ['unexpected', 'feed.refused.unexpected'])
  );
}

/** `Retry-After` in ms: whole seconds or an HTTP date. Null when absent or unreadable. */
export function retryAfter(header: string | null, now: number, capMs: number): number | null {
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
const neverConnected = new Map<string, MessageKey>([
  ['ECONNREFUSED', 'feed.unreachable.nothingThere'],
  ['ENOTFOUND', 'feed.unreachable.nameUnknown'],
  ['EAI_AGAIN', 'feed.unreachable.noNames'],
  ['EHOSTUNREACH', 'feed.unreachable.noWay'],
  ['ENETUNREACH', 'feed.unreachable.noNetwork'],
  ['ENETDOWN', 'feed.unreachable.noNetwork'],
  ['EADDRNOTAVAIL', 'feed.unreachable.noNetwork'],
  ['ETIMEDOUT', 'feed.unreachable.noAnswer'],
  ['UND_ERR_CONNECT_TIMEOUT', 'feed.unreachable.noAnswer'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'feed.unreachable.untrusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'feed.unreachable.untrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'feed.unreachable.untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'feed.unreachable.untrusted'],
  ['CERT_HAS_EXPIRED', 'feed.unreachable.expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'feed.unreachable.otherName'],
]);

/** What a failed connection means. The text of the error is not repeated: it may hold a header. */
export function connectionFailure(
  host: string,
  error: unknown,
): { readonly reason: string; readonly mayHaveArrived: boolean } {
  const known = codesOf(error)
    .map((code) => neverConnected.get(code))
    .find((key) => key !== undefined);
  return known === undefined
    ? { reason: say('feed.request.broke', { host }), mayHaveArrived: true }
    : { reason: say(known, { host }), mayHaveArrived: false };
}

/** The system's codes in an error, its causes and the errors it sums up (one per address tried). */
function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const parts = error instanceof AggregateError ? error.errors : [];
  return [...own, ...parts.flatMap(codesOf), ...codesOf(error.cause)];
}
