import type { z } from 'zod';
import type { DatedAnswer } from '../../../domain/clocks/cloud-clock.ts';
import type { Clock } from '../../../domain/toolbox/clock.ts';
import { excessOf } from '../../../domain/toolbox/excess.ts';
import { asError } from '../../../domain/toolbox/result.ts';
import { say } from '../../../domain/words/say.ts';
import { connectionFailure, HttpProblem, problemOfAnswer } from './http-problem.ts';
import type { FeedLimits } from './limits.ts';
import { createRateLimit } from './rate-limit.ts';
import { checkBaseUrl } from './server-address.ts';

/** Keeps the token and the channel id (whoever has it can listen in) out of everything people may read. */
export interface Redactor {
  readonly hide: (secret: string) => void;
  readonly redact: (text: string) => string;
}

/** Tokens and channels are replaced now and then; an old one may still turn up in a late answer. */
const secretsAtMost = 16;

/** Hiding shorter ones would hide plain words. */
const shortest = 6;

export function createRedactor(): Redactor {
  let secrets: string[] = [];
  return {
    hide: (secret) => {
      if (secret.length < shortest || secrets.includes(secret)) return;
      secrets = [...secrets.slice(1 - secretsAtMost), secret];
    },
    redact: (text) => secrets.reduce((result, secret) => result.replaceAll(secret, '…'), text),
  };
}

export const conversationsPath = '/api/v2/conversations';

/**
 * A part of a path made of an id from the wire. Ids are UUIDs in practice; one that could change the
 * path it is put into (`..`, `/`, `?`) is refused rather than repaired.
 */
export function pathId(id: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,127}$/.test(id)) return encodeURIComponent(id);
  throw new HttpProblem({
    kind: 'unexpected',
    reason: say('feed.request.oddId'),
    status: 400,
    code: 'odd.id',
    mayHaveArrived: false,
  });
}

function leadsElsewhere(): HttpProblem {
  return new HttpProblem({
    kind: 'unexpected',
    reason: say('feed.request.elsewhere'),
    code: 'other.server',
    mayHaveArrived: false,
  });
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** A good answer. `json` is undefined when the body was empty (a 202 says nothing). */
export interface Answer {
  readonly text: string;
  readonly json: unknown;
}

export interface Http {
  /** Where every request goes. */
  readonly baseUrl: URL;
  /** Asks with the bearer token; `path` begins with `/`. Ends within `limits.requestMs`. Throws only `HttpProblem`. */
  request(
    method: Method,
    path: string,
    options?: {
      readonly body?: unknown;
      readonly signal?: AbortSignal;
      /** The agent can do without it: a permission that is missing for it is not said. */
      readonly isOptional?: boolean;
    },
  ): Promise<Answer>;
}

interface HttpOptions {
  readonly baseUrl: URL;
  /** Asked before every request, so that a renewed token is used at once. A `HttpProblem` is passed on. */
  readonly token: () => string | Promise<string>;
  /** Another token after a 401, tried once; null when there is none to be had. */
  readonly renew?: ((rejected: string) => Promise<string | null>) | undefined;
  /** Why a 401 came may be said elsewhere, a moment later; resolves when it was, or will not be. */
  readonly explained?: () => Promise<void>;
  /** No token is left that the server accepts. */
  readonly unauthorised?: (reason: string) => void;
  /** Permissions a 403 said are missing, as the server names them. */
  readonly missing?: (permissions: readonly string[]) => void;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly limits: FeedLimits;
  readonly redactor: Redactor;
  /** After every good answer; epoch ms, this machine's clock. */
  readonly contact: (atMs: number) => void;
  /** After every good answer that said what time it is at the server. */
  readonly dated: (answer: DatedAnswer) => void;
}

interface Request {
  readonly method: Method;
  readonly path: string;
  readonly body: unknown;
  readonly signal: AbortSignal;
  /** From here on it may have arrived. */
  readonly sending: () => void;
}

export function createHttp(options: HttpOptions): Http {
  const { baseUrl, clock, limits, redactor } = options;
  const host = baseUrl.host;
  const rateLimit = createRateLimit({ host, clock, limits });

  async function askForToken(): Promise<string> {
    try {
      return (await options.token()).trim();
    } catch (error) {
      if (error instanceof HttpProblem) throw error;
      return '';
    }
  }

  function bearer(token: string): string {
    redactor.hide(token);
    // `fetch` would repeat a token with an odd character in its error.
    if (/^[\x21-\x7e]+$/.test(token)) return `Bearer ${token}`;
    throw new HttpProblem({
      kind: 'unauthorised',
      reason: say(token === '' ? 'feed.token.none' : 'feed.token.odd'),
      mayHaveArrived: false,
    });
  }

  async function exchange(request: Request): Promise<Answer> {
    try {
      return await exchangeRenewing(request);
    } catch (error) {
      if (isUnauthorised(error)) {
        await options.explained?.();
        options.unauthorised?.(error.reason);
      }
      throw error;
    }
  }

  /** A 401 says that nothing was done, so the same is asked once more with a renewed token. */
  async function exchangeRenewing(request: Request): Promise<Answer> {
    const token = await askForToken();
    try {
      return await exchangeWith(token, request);
    } catch (error) {
      if (!isUnauthorised(error)) throw error;
      const renewed = (await options.renew?.(token)) ?? null;
      if (renewed === null) throw error;
      return await exchangeWith(renewed, request);
    }
  }

  async function exchangeWith(
    token: string,
    { method, path, body, signal, sending }: Request,
  ): Promise<Answer> {
    const headers: Record<string, string> = { accept: 'application/json', authorization: bearer(token) };
    if (body !== undefined) headers['content-type'] = 'application/json';
    signal.throwIfAborted();
    await rateLimit.take(signal);
    signal.throwIfAborted();

    const address = new URL(path, baseUrl);
    // The token belongs to one server, whatever became of the path.
    if (address.origin !== baseUrl.origin || !checkBaseUrl(address.origin).ok) throw leadsElsewhere();
    sending();
    const sentAt = clock.now();
    const response = await options.fetch(address, {
      method,
      headers,
      // The API never redirects; a network that wants a person to sign in does.
      redirect: 'manual',
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const receivedAt = clock.now();
    const text = await readText(response);
    const answer = interpret(response, text);

    const date = response.headers.get('date');
    if (date !== null) options.dated({ date, sentAt, receivedAt });
    options.contact(clock.now());
    return answer;
  }

  async function readText(response: Response): Promise<string> {
    if (!response.body) return '';
    const decoder = new TextDecoder();
    let text = '';
    let bytes = 0;
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > limits.answerBytes) {
        throw new HttpProblem({
          kind: 'unexpected',
          reason: say('feed.answer.tooBig', { host, size: Math.round(limits.answerBytes / 1024 / 1024) }),
          status: response.status,
          mayHaveArrived: true,
        });
      }
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  }

  function interpret(response: Response, text: string): Answer {
    const { status, headers } = response;
    if (status >= 300 && status < 400) {
      throw new HttpProblem({
        kind: 'unexpected',
        reason: say('feed.answer.redirect', { host }),
        status,
        mayHaveArrived: true,
      });
    }
    const body = text.trim() === '' ? { json: undefined } : parseJson(text);
    // A web page says nothing about the request, whatever its status: a proxy may have written it.
    if (!body && status < 500 && status !== 429) {
      const page = /^\s*</.test(text) || (headers.get('content-type') ?? '').includes('html');
      throw new HttpProblem({
        kind: 'not-json',
        reason: say(page ? 'feed.answer.page' : 'feed.answer.notJson', { host }),
        status,
        mayHaveArrived: true,
      });
    }
    if (response.ok && body) return { text, json: body.json };
    const problem = problemOfAnswer({
      host,
      status,
      headers,
      body: body?.json,
      now: clock.now(),
      retryAfterCapMs: limits.retryAfterCapMs,
      redact: redactor.redact,
    });
    if (problem.kind === 'rate-limited') rateLimit.pause(problem.retryAfterMs ?? 0);
    throw problem;
  }

  return {
    baseUrl,
    async request(method, path, { body, signal, isOptional = false } = {}) {
      const abort = new AbortController();
      let sent = false;
      const cancelTimer = clock.after(limits.requestMs, () => {
        abort.abort(tooLate);
      });
      const giveUp = (): void => {
        abort.abort();
      };
      if (signal?.aborted) giveUp();
      signal?.addEventListener('abort', giveUp);
      try {
        const sending = (): void => {
          sent = true;
        };
        const work = exchange({ method, path, body, signal: abort.signal, sending });
        return await unlessAborted(work, abort.signal);
      } catch (error) {
        if (error instanceof HttpProblem) {
          if (error.missing.length > 0 && !isOptional) options.missing?.(error.missing);
          throw error;
        }
        if (abort.signal.reason === tooLate) {
          throw new HttpProblem({
            kind: 'timeout',
            reason: say('feed.request.timeout', { host, seconds: limits.requestMs / 1000 }),
            mayHaveArrived: sent,
          });
        }
        if (abort.signal.aborted) {
          throw new HttpProblem({
            kind: 'unreachable',
            reason: say('feed.request.givenUp'),
            code: 'aborted',
            mayHaveArrived: sent,
          });
        }
        throw new HttpProblem({ kind: 'unreachable', ...connectionFailure(host, error) });
      } finally {
        cancelTimer();
        signal?.removeEventListener('abort', giveUp);
      }
    },
  };
}

/** What was asked for, as `feed.answer.notAsAgreed` tells them apart. */
type Asked = 'channel' | 'subscription' | 'person' | 'codes' | 'statuses' | 'conversation' | 'conversations';

/** The permissions of a person, say: more than any has, and parsed by a schema that does not look into each. */
const mostValuesOfAnAnswer = 1_000_000;

/**
 * The parsed body of a good answer; throws a problem that says what was not as agreed.
 * @param most values there may be; few where the schema looks into each
 */
export function parseAnswer<Schema extends z.ZodType>(
  schema: Schema,
  answer: Answer,
  what: Asked,
  most = mostValuesOfAnAnswer,
): z.output<Schema> {
  const unexpected = (reason: string): HttpProblem =>
    new HttpProblem({ kind: 'unexpected', reason, mayHaveArrived: true });
  if (excessOf(answer.json, most) !== null) {
    const detail = say('feed.answer.tooMany', { values: most });
    throw unexpected(say('feed.answer.notAsAgreed', { what, detail }));
  }
  const parsed = schema.safeParse(answer.json);
  if (parsed.success) return parsed.data;
  throw unexpected(unexpectedForm(parsed.error, what));
}

/** What was asked for and the first thing about the answer that is not as agreed, in words. */
export function unexpectedForm({ issues }: z.ZodError, what: Asked): string {
  const [detail = ''] = issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
  );
  return say('feed.answer.notAsAgreed', { what, detail });
}

function isUnauthorised(error: unknown): error is HttpProblem {
  return error instanceof HttpProblem && error.kind === 'unauthorised';
}

function parseJson(text: string): { readonly json: unknown } | null {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

const tooLate = new DOMException('Too late', 'TimeoutError');

/** Rejects with the signal's reason as soon as it is aborted, even if `work` does not heed it. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abandon = (): void => {
      reject(asError(signal.reason));
    };
    if (signal.aborted) abandon();
    signal.addEventListener('abort', abandon);
    void work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abandon);
    });
  });
}
