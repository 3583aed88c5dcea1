import WebSocket from 'ws';
import type { Arrival, Feed, FeedListener, LinkState } from '../../../domain/feed.ts';
import { checkBaseUrl } from './server-address.ts';
import type { Clock } from '../../../domain/toolbox/clock.ts';
import { systemClock } from '../../system-clock.ts';
import { readWrapupCodes, requestOf, resultOf } from './commands.ts';
import { readEverything } from './full-reading.ts';
import { createHttp, createRedactor, pathId } from './http.ts';
import { createLane } from './fact-queue.ts';
import type { FeedLimits } from './limits.ts';
import { defaultLimits } from './limits.ts';
import { createLoop } from './reconnect-loop.ts';
import { HttpProblem } from './http-problem.ts';
import type { SessionParts } from './session.ts';
import { runSession } from './session.ts';
import type { SocketConstructor } from './socket.ts';

export interface GenesysFeedOptions {
  /** `https://api.<domain>`, or plain http to this machine: see `checkBaseUrl`. */
  readonly apiUrl: string;
  /** The bearer token; asked before every request, so that a renewed one is used at once. */
  readonly token: () => string | Promise<string>;
  /** Another token after a 401, tried once; null when only signing in again helps. */
  readonly renew?: (rejected: string) => Promise<string | null>;
  /** The server accepts this sign-in no longer; the link is `refused` until `reconnect()`. */
  readonly unauthorised?: (reason: string) => void;
  /** Another client of the same user has taken the notifications; they are taken back. */
  readonly rivalled?: (reason: string) => void;
  /** Every permission the person has, as the server names them; told with who they are, where it says so. */
  readonly granted?: (permissions: readonly string[]) => void;
  /** Permissions the server said are missing, as it names them. */
  readonly missing?: (permissions: readonly string[]) => void;
  /**
   * Facts come strictly one after the other. Only a `reread` reports beside them, so that the listener
   * may ask for one (and wait for it) while it takes a fact.
   */
  readonly listener: FeedListener;
  readonly clock?: Clock;
  /** 0 ≤ n < 1. */
  readonly random?: () => number;
  readonly limits?: Partial<FeedLimits>;
  readonly fetch?: typeof fetch;
  readonly WebSocket?: SocketConstructor;
  /** One line for the log when the listener failed to take a fact; holds no secret. */
  readonly log?: (line: string) => void;
}

/** The feed of one signed-in user, for one start and one stop. Throws when `apiUrl` cannot be used. */
export function createGenesysFeed(options: GenesysFeedOptions): Feed {
  const { listener, clock = systemClock } = options;
  const limits: FeedLimits = { ...defaultLimits, ...options.limits };
  const baseUrl = checkBaseUrl(options.apiUrl);
  if ('problem' in baseUrl) throw new Error(baseUrl.problem);

  const redactor = createRedactor();
  const log = (line: string): void => options.log?.(redactor.redact(line));
  const lifetime = new AbortController();
  let closed = false;

  const unauthorised = (reason: string): void => {
    if (!lifetime.signal.aborted) options.unauthorised?.(redactor.redact(reason));
  };
  const rivalled = (reason: string): void => {
    if (!lifetime.signal.aborted) options.rivalled?.(redactor.redact(reason));
  };
  const granted = (permissions: readonly string[]): void => {
    if (!lifetime.signal.aborted) options.granted?.(permissions);
  };
  const missing = (permissions: readonly string[]): void => {
    if (!lifetime.signal.aborted) options.missing?.(permissions.map((name) => redactor.redact(name)));
  };

  const http = createHttp({
    baseUrl,
    token: options.token,
    ...(options.renew ? { renew: options.renew } : {}),
    unauthorised,
    missing,
    fetch: options.fetch ?? fetch,
    clock,
    limits,
    redactor,
    contact: listener.contact.bind(listener),
    dated: listener.dated.bind(listener),
  });
  const lane = createLane((error) => {
    log(`feed: a fact was not taken: ${error instanceof Error ? error.message : 'unknown error'}`);
  });

  const arrived = async (arrival: Arrival): Promise<void> => {
    if (!closed) await listener.arrived(arrival);
  };
  const listed = async (ids: readonly string[], isAll: boolean): Promise<void> => {
    if (!closed) await listener.listed(ids, isAll);
  };

  let last: LinkState | null = null;
  function link(state: LinkState): void {
    const news = last?.kind !== state.kind || state.kind === 'connecting' || state.kind === 'offline';
    if (!news || lifetime.signal.aborted) return;
    last = state;
    listener.link('reason' in state ? { ...state, reason: redactor.redact(state.reason) } : state);
  }

  const remembered: SessionParts['remembered'] = { person: null, channel: null, revoked: false };
  const loop = createLoop({
    clock,
    limits,
    random: options.random ?? Math.random,
    link,
    forget() {
      remembered.person = null;
      remembered.channel = null;
      remembered.revoked = false;
    },
    run: (status, signal) =>
      runSession(
        {
          http,
          listener,
          lane,
          remembered,
          clock,
          limits,
          redactor,
          WebSocket: options.WebSocket ?? WebSocket,
          log,
          unauthorised,
          rivalled,
          granted,
          missing,
          arrived,
          listed,
          ...status,
        },
        signal,
      ),
  });

  /** Every request outside the session comes through here: a 401 concerns the whole feed. */
  async function asking<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof HttpProblem && error.kind === 'unauthorised') loop.refuse(error.reason);
      throw error;
    }
  }

  return {
    start: () => {
      loop.start();
    },
    async stop() {
      lifetime.abort();
      let cancelLimit = (): void => undefined;
      const limit = new Promise<void>((resolve) => {
        cancelLimit = clock.after(limits.drainMs, resolve);
      });
      await Promise.race([loop.stop().then(() => lane.idle()), limit]);
      cancelLimit();
      closed = true;
    },
    reconnect: () => {
      loop.reconnect();
    },
    async send(target, command) {
      try {
        const { method, path, body } = requestOf(target, command);
        await asking(() => http.request(method, path, { body, signal: lifetime.signal }));
        return { kind: 'accepted' };
      } catch (error) {
        if (error instanceof HttpProblem) return resultOf(error);
        throw error;
      }
    },
    async reread(conversationId) {
      try {
        const path = `/api/v2/conversations/${pathId(conversationId)}`;
        const askedAt = new Date(clock.now()).toISOString();
        const { text, json } = await asking(() => http.request('GET', path, { signal: lifetime.signal }));
        await arrived({
          source: 'rest',
          subject: `GET ${path}`,
          receivedAt: new Date(clock.now()).toISOString(),
          askedAt,
          body: text,
          content: { kind: 'conversation', value: json },
        });
        return true;
      } catch (error) {
        if (!(error instanceof HttpProblem)) throw error;
        if (error.kind !== 'not-found') return false;
        await listener.missing(conversationId);
        return true;
      }
    },
    async relist() {
      try {
        const parts = { http, lane, clock, limits, arrived, listed };
        await asking(() => readEverything(parts, lifetime.signal));
        return true;
      } catch (error) {
        if (!(error instanceof HttpProblem)) throw error;
        return false;
      }
    },
    wrapupCodes: (target) => asking(() => readWrapupCodes(http, target, lifetime.signal)),
  };
}
