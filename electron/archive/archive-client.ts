import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { z } from 'zod';
import {
  accessAnswerSchema,
  archiveErrorSchema,
  archivePaths,
  checkpointAnswerSchema,
  figuresAnswerSchema,
  pageAnswerSchema,
  recordAnswerSchema,
  recordsAnswerSchema,
  recordsType,
  sessionAnswerSchema,
  type AccessAnswer,
  type FiguresAnswer,
  type PageAnswer,
  type RecordAnswer,
  type RecordResult,
  type SessionAnswer,
} from '../../domain/archive/wire.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { excessOf } from '../../domain/toolbox/excess.ts';
import { plainLine } from '../../domain/words/plain-line.ts';
import { say } from '../../domain/words/say.ts';
import { connectionFailure, oneLine, retryAfter } from '../feed/genesys/http-problem.ts';
import { ArchiveProblem } from './archive-problem.ts';

/** How the archive is shown whose records these are: the token of the sign-in, once for each session. */
export interface Access {
  readonly token: () => string | Promise<string>;
  /** Another one where that was refused; null when only signing in again helps. */
  readonly renew?: (rejected: string) => Promise<string | null>;
}

export interface ClientParts {
  /** See `archiveOrigin`. */
  readonly url: string;
  readonly access: Access;
  readonly fetch: typeof fetch;
  readonly clock: Pick<Clock, 'now'>;
  /** Told with each answer what this machine's clock showed minus what the archive's did, ms. */
  readonly dated: (offsetMs: number) => void;
}

/** Filters of a page; absent ones do not narrow. Times are ISO-8601. */
export interface PageFilters {
  readonly agent?: string;
  readonly since?: string;
  readonly until?: string;
  readonly queue?: string;
  readonly code?: string;
}

/** The archive over HTTP. Every call throws only `ArchiveProblem`, and what the signal was aborted with. */
export interface ArchiveClient {
  /** Who the archive says asks; asked again when it ends. */
  readonly session: (signal?: AbortSignal) => Promise<SessionAnswer>;
  /** Up to which number it has the lines of a device, and how many of them are missing. */
  readonly checkpoint: (
    device: string,
    signal?: AbortSignal,
  ) => Promise<{ readonly seq: number; readonly missing: number }>;
  /** One result for each line, in their order. */
  readonly send: (lines: readonly string[], signal?: AbortSignal) => Promise<readonly RecordResult[]>;
  readonly page: (filters: PageFilters, limit: number, after: string | null) => Promise<PageAnswer>;
  readonly record: (key: string) => Promise<RecordAnswer>;
  readonly figures: (filters: PageFilters) => Promise<FiguresAnswer>;
  readonly access: (after: string | null) => Promise<AccessAnswer>;
}

/** An answer has to come within, ms. */
const answerWithinMs = 30_000;
/** A session is given back a little before it ends, ms. */
const reserveMs = 30_000;
/** Where the archive's times cannot be read, ms. */
const usualSessionMs = 9 * 60_000;
/** Smaller bodies are not worth packing. */
const packedFrom = 1_000;
/** Far more than a page of records has. */
const mostValues = 500_000;
const longestPauseMs = 15 * 60_000;

const pack = promisify(gzip);

/** `answeredAt`: epoch ms of the archive's clock; null where it does not say. */
interface Answer<Value> {
  readonly value: Value;
  readonly answeredAt: number | null;
}

interface Question<Value> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly schema: z.ZodType<Value>;
  readonly body?: { readonly type: string; readonly text: string };
  readonly bearer?: string;
  readonly signal?: AbortSignal | undefined;
}

export function createArchiveClient({ url, access, fetch, clock, dated }: ClientParts): ArchiveClient {
  const { host } = new URL(url);
  let current: { readonly answer: SessionAnswer; readonly until: number } | null = null;
  let asking: Promise<SessionAnswer> | null = null;

  const foreign = (): ArchiveProblem =>
    new ArchiveProblem('foreign', say('archive.problem.foreign', { host }));
  const otherVersion = (): ArchiveProblem =>
    new ArchiveProblem('version', say('archive.problem.version', { host }));

  async function ask<Value>({
    method,
    path,
    schema,
    body,
    bearer,
    signal,
  }: Question<Value>): Promise<Answer<Value>> {
    const headers = new Headers({ accept: 'application/json' });
    if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`);
    if (body) headers.set('content-type', body.type);
    let content: Uint8Array<ArrayBuffer> | string | null = body?.text ?? null;
    if (body && body.text.length >= packedFrom) {
      headers.set('content-encoding', 'gzip');
      content = Uint8Array.from(await pack(body.text));
    }
    const within = AbortSignal.timeout(answerWithinMs);
    const ended = signal ? AbortSignal.any([signal, within]) : within;
    let response: Response;
    let text: string;
    try {
      // No archive leads elsewhere; a network that wants a person to sign in does.
      const request = { method, headers, body: content, redirect: 'manual', signal: ended } as const;
      response = await fetch(new URL(path, url), request);
      text = await response.text();
    } catch (error) {
      signal?.throwIfAborted();
      if (within.aborted) throw new ArchiveProblem('unreachable', say('archive.problem.slow', { host }));
      throw new ArchiveProblem('unreachable', connectionFailure(host, error).reason);
    }
    return read(response, text, schema);
  }

  function read<Value>(response: Response, text: string, schema: z.ZodType<Value>): Answer<Value> {
    const { status, headers } = response;
    if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) throw foreign();
    const json = jsonIn(text);
    if (json === undefined || excessOf(json, mostValues) !== null) throw foreign();
    const at = Date.parse(headers.get('date') ?? '');
    const answeredAt = Number.isNaN(at) ? null : at;
    if (answeredAt !== null) dated(clock.now() - answeredAt);
    if (!response.ok) throw problemOf(status, json, headers.get('retry-after'));
    const parsed = schema.safeParse(json);
    if (!parsed.success) throw otherVersion();
    return { value: parsed.data, answeredAt };
  }

  function problemOf(status: number, json: unknown, later: string | null): ArchiveProblem {
    const parsed = archiveErrorSchema.safeParse(json);
    if (!parsed.success) return status < 500 ? otherVersion() : foreign();
    const { code, message } = parsed.data.error;
    const words = say(`archive.problem.${code}`, { host, said: oneLine(plainLine(message)) });
    return new ArchiveProblem(code, words, retryAfter(later, clock.now(), longestPauseMs));
  }

  async function openSession(signal: AbortSignal | undefined): Promise<SessionAnswer> {
    const token = await access.token();
    try {
      return await openWith(token, signal);
    } catch (error) {
      if (!(error instanceof ArchiveProblem) || error.kind !== 'token') throw error;
      const another = (await access.renew?.(token)) ?? null;
      if (another === null) throw error;
      return openWith(another, signal);
    }
  }

  async function openWith(accessToken: string, signal: AbortSignal | undefined): Promise<SessionAnswer> {
    const askedAt = clock.now();
    const { value, answeredAt } = await ask({
      method: 'POST',
      path: archivePaths.session,
      schema: sessionAnswerSchema,
      body: { type: 'application/json', text: JSON.stringify({ accessToken }) },
      signal,
    });
    // By the archive's own clock, for this one may be days off.
    const lasts = answeredAt === null ? Number.NaN : Date.parse(value.expiresAt) - answeredAt;
    current = { answer: value, until: askedAt + (lasts > 0 ? lasts : usualSessionMs) - reserveMs };
    return value;
  }

  function session(signal?: AbortSignal): Promise<SessionAnswer> {
    if (current !== null && clock.now() < current.until) return Promise.resolve(current.answer);
    asking ??= openSession(signal).finally(() => {
      asking = null;
    });
    return asking;
  }

  /** One that ended sooner than it said is asked for again, once. */
  async function askAs<Value>(question: Omit<Question<Value>, 'bearer'>): Promise<Value> {
    const { session: bearer } = await session(question.signal);
    try {
      return (await ask({ ...question, bearer })).value;
    } catch (error) {
      if (!(error instanceof ArchiveProblem) || error.kind !== 'session') throw error;
      if (current?.answer.session === bearer) current = null;
      const again = await session(question.signal);
      return (await ask({ ...question, bearer: again.session })).value;
    }
  }

  function get<Value>(
    path: string,
    parameters: Readonly<Record<string, string | number | null | undefined>>,
    schema: z.ZodType<Value>,
    signal?: AbortSignal,
  ): Promise<Value> {
    const given = Object.entries(parameters).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name, String(value)] as [string, string]],
    );
    const query = new URLSearchParams(given).toString();
    return askAs({ method: 'GET', path: query === '' ? path : `${path}?${query}`, schema, signal });
  }

  return {
    session,
    checkpoint: (device, signal) => get(archivePaths.checkpoint, { device }, checkpointAnswerSchema, signal),
    send: async (lines, signal) => {
      const { results } = await askAs({
        method: 'POST',
        path: archivePaths.records,
        schema: recordsAnswerSchema,
        body: { type: recordsType, text: `${lines.join('\n')}\n` },
        signal,
      });
      if (results.length !== lines.length) throw otherVersion();
      return results;
    },
    page: (filters, limit, after) =>
      get(archivePaths.records, { ...filters, limit, after }, pageAnswerSchema),
    record: (key) => get(`${archivePaths.records}/${encodeURIComponent(key)}`, {}, recordAnswerSchema),
    figures: (filters) => get(archivePaths.figures, { ...filters }, figuresAnswerSchema),
    access: (after) => get(archivePaths.access, { after }, accessAnswerSchema),
  };
}

/** Undefined where it is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
