import WebSocket from 'ws';
import type { Arrival, Feed, FeedListener, LinkState } from '../../../domain/feed.ts';
import { atMost, type Clock } from '../../../domain/toolbox/clock.ts';
import { done, reasonOf, refused } from '../../../domain/toolbox/result.ts';
import { say } from '../../../domain/words/say.ts';
import { systemClock } from '../../system-clock.ts';
import { readWrapupCodes, requestOf, resultOf } from './commands.ts';
import { createFactQueue } from './fact-queue.ts';
import { conversationReading, isoNow, readEverything } from './full-reading.ts';
import { conversationsPath, createHttp, createRedactor, pathId } from './http.ts';
import { HttpProblem } from './http-problem.ts';
import { defaultLimits, type FeedLimits } from './limits.ts';
import { createReconnectLoop } from './reconnect-loop.ts';
import { checkBaseUrl } from './server-address.ts';
import { refusal, runSession, type AccountEvents, type RememberedSession } from './session.ts';
import type { Dial } from './socket.ts';
import { readStatusChoices, setStatus } from './status.ts';

export interface GenesysFeedOptions extends Partial<AccountEvents> {
  /** `https://api.<domain>`, or plain http to this machine: see `checkBaseUrl`. */
  readonly apiUrl: string;
  /** The bearer token; asked before every request, so that a renewed one is used at once. */
  readonly token: () => string | Promise<string>;
  /** Another token after a 401, tried once; null when only signing in again helps. */
  readonly renew?: (rejected: string) => Promise<string | null>;
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
  readonly dial?: Dial;
  /** One line for the log; holds no secret. */
  readonly log?: (line: string) => void;
}

/** The feed of one signed-in user, for one start and one stop. Throws when `apiUrl` cannot be used. */
export function createGenesysFeed(options: GenesysFeedOptions): Feed {
  const { listener, clock = systemClock } = options;
  const limits: FeedLimits = { ...defaultLimits, ...options.limits };
  const baseUrl = checkBaseUrl(options.apiUrl);
  if (!baseUrl.ok) throw new Error(baseUrl.reason);

  const redactor = createRedactor();
  const { redact } = redactor;
  const log = (line: string): void => options.log?.(redact(line));
  const lifetime = new AbortController();
  const { signal } = lifetime;
  let isStopped = false;

  const whileRunning =
    <Word>(report: (word: Word) => void) =>
    (word: Word): void => {
      if (!signal.aborted) report(word);
    };
  const remembered: RememberedSession = {
    person: null,
    channel: null,
    revoked: false,
    listening: null,
  };
  /** A request and the socket are two roads: the refusal may arrive before the word that explains it. */
  async function explained(): Promise<void> {
    if (remembered.listening === null || remembered.revoked || limits.explanationMs === 0) return;
    await atMost(clock, limits.explanationMs, remembered.listening);
  }
  const account: AccountEvents = {
    unauthorised: whileRunning((reason) => options.unauthorised?.(redact(refusal(reason, remembered)))),
    takenOver: whileRunning((reason) => options.takenOver?.(redact(reason))),
    granted: whileRunning((permissions) => options.granted?.(permissions)),
    missing: whileRunning((permissions) => options.missing?.(permissions.map(redact))),
  };

  const http = createHttp({
    baseUrl: baseUrl.value,
    token: options.token,
    renew: options.renew,
    explained,
    unauthorised: account.unauthorised,
    missing: account.missing,
    fetch: options.fetch ?? fetch,
    clock,
    limits,
    redactor,
    contact: listener.contact.bind(listener),
    dated: listener.dated.bind(listener),
  });

  const facts = createFactQueue((error) => {
    log(`feed: a fact was not taken: ${reasonOf(error)}`);
  });
  const arrived = async (arrival: Arrival): Promise<void> => {
    if (!isStopped) await listener.arrived(arrival);
  };
  const listed = async (ids: readonly string[], isAll: boolean): Promise<void> => {
    if (!isStopped) await listener.listed(ids, isAll);
  };
  const reading = { http, facts, clock, limits, arrived, listed };

  let last: LinkState | null = null;
  function link(state: LinkState): void {
    const isNew = last?.kind !== state.kind || state.kind === 'connecting' || state.kind === 'offline';
    if (!isNew || signal.aborted) return;
    last = state;
    listener.link('reason' in state ? { ...state, reason: redact(state.reason) } : state);
  }

  const loop = createReconnectLoop({
    clock,
    limits,
    random: options.random ?? Math.random,
    link,
    forget() {
      Object.assign(remembered, { person: null, channel: null, revoked: false });
    },
    run: (status, sessionSignal) =>
      runSession(
        {
          ...reading,
          ...status,
          listener,
          remembered,
          redactor,
          dial: options.dial ?? ((address, settings) => new WebSocket(address, settings)),
          log,
          account,
        },
        sessionSignal,
      ),
  });

  /** Every request outside the session comes through here: a 401 concerns the whole feed. */
  async function orRefuse<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof HttpProblem && error.kind === 'unauthorised')
        loop.refuse(refusal(error.reason, remembered));
      throw error;
    }
  }

  return {
    start: loop.start,
    reconnect: loop.reconnect,
    async stop() {
      lifetime.abort();
      await atMost(clock, limits.drainMs, loop.stop().then(facts.idle));
      isStopped = true;
    },
    async send(target, command) {
      try {
        const { method, path, body } = requestOf(target, command);
        await orRefuse(http.request(method, path, { body, signal }));
        return { kind: 'accepted' };
      } catch (error) {
        if (error instanceof HttpProblem) return resultOf(error);
        throw error;
      }
    },
    async reread(conversationId) {
      try {
        const path = `${conversationsPath}/${pathId(conversationId)}`;
        const askedAt = isoNow(clock);
        const answer = await orRefuse(http.request('GET', path, { signal }));
        const arrival = conversationReading(conversationId, path, answer, askedAt, clock);
        await arrived(arrival);
        return arrival.content.kind === 'conversation' ? 'read' : 'unreadable';
      } catch (error) {
        if (!(error instanceof HttpProblem)) throw error;
        if (error.kind === 'not-found') {
          await listener.missing(conversationId);
          return 'read';
        }
        if (error.kind === 'forbidden') return 'forbidden';
        return error.kind === 'not-json' ? 'unreadable' : 'failed';
      }
    },
    async relist() {
      try {
        await orRefuse(readEverything(reading, signal));
        return done;
      } catch (error) {
        if (!(error instanceof HttpProblem)) throw error;
        return refused(redact(error.reason));
      }
    },
    statusChoices: () => orRefuse(readStatusChoices(http, signal)),
    setStatus: async (id) => {
      const { person } = remembered;
      if (!person) return { kind: 'unreachable', reason: say('link.offline'), mayHaveArrived: false };
      return setStatus(http, person.id, id, signal);
    },
    wrapupCodes: (target) => orRefuse(readWrapupCodes(http, target, signal)),
  };
}
