import type { Arrival, FeedListener, Person } from '../../../domain/feed.ts';
import { say } from '../../../domain/words/say.ts';
import type { Channel } from './channel.ts';
import { createChannel, isSubscribed, subscribe } from './channel.ts';
import type { Clock } from '../../../domain/toolbox/clock.ts';
import { createDeferred } from '../../../domain/toolbox/deferred.ts';
import { noTopic, readFrame } from './frames.ts';
import type { Http, Redactor } from './http.ts';
import { readEverything } from './full-reading.ts';
import { createInbox, type Lane } from './fact-queue.ts';
import type { FeedLimits } from './limits.ts';
import { readMe } from './auth/current-user.ts';
import { connectionFailure, HttpProblem } from './http-problem.ts';
import type { SocketConstructor, SocketEnd } from './socket.ts';
import { openSocket } from './socket.ts';
import { unreachable } from '../../../domain/toolbox/result.ts';

/** How following the server ended. Reasons are sentences for the agent. */
export type SessionEnd =
  /** Begin again at once: the server moves, or we were told to. */
  | { readonly kind: 'again'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'refused'; readonly reason: string };

/** What outlives a session: asked for once, used again until the server says otherwise. */
export interface RememberedSession {
  person: Person | null;
  channel: Channel | null;
  /** The server said that a sign-in was revoked, and has accepted ours not once since. */
  revoked: boolean;
}

export interface SessionParts {
  readonly http: Http;
  readonly listener: FeedListener;
  readonly lane: Lane;
  readonly remembered: RememberedSession;
  readonly clock: Clock;
  readonly limits: FeedLimits;
  readonly redactor: Redactor;
  readonly WebSocket: SocketConstructor;
  /** The server accepts this sign-in no longer. */
  readonly unauthorised: (reason: string) => void;
  /** Another client of the same user has taken the notifications. */
  readonly rivalled: (reason: string) => void;
  /** Every permission the person has, as far as the server says it. */
  readonly granted: (permissions: readonly string[]) => void;
  /** Permissions the server said are missing. */
  readonly missing: (permissions: readonly string[]) => void;
  /** One line for the log; holds no secret. */
  readonly log: (line: string) => void;
  /** Hands one fact to the listener. */
  readonly arrived: (arrival: Arrival) => Promise<void>;
  readonly listed: (conversationIds: readonly string[], isAll: boolean) => Promise<void>;
  /** The socket is open and everything is being read again. */
  readonly opened: () => void;
  /** Everything is read and what came meanwhile is delivered. */
  readonly live: () => void;
}

type FollowEnd = SessionEnd | { readonly kind: 'channel-gone' };

/** From nothing to live, and until it ends: me, channel, socket, subscription, snapshot, events. */
export async function runSession(parts: SessionParts, signal: AbortSignal): Promise<SessionEnd> {
  const { remembered } = parts;
  try {
    remembered.person ??= await identify(parts, signal);
    for (;;) {
      const kept = remembered.channel;
      remembered.channel ??= await createChannel(parts.http, parts.redactor, signal);
      const end = await follow(parts, remembered.person, remembered.channel, signal);
      if (end.kind !== 'channel-gone') return end;
      remembered.channel = null;
      // A kept channel may have been evicted or have run out; a new one that is unknown is the server's trouble.
      if (!kept) return lost(say('feed.channel.unknown'));
    }
  } catch (error) {
    return endOfProblem(parts, error);
  }
}

async function identify({ http, listener, granted }: SessionParts, signal: AbortSignal): Promise<Person> {
  const me = await readMe(http, signal);
  const { person } = me;
  if (me.granted !== null) granted(me.granted);
  await listener.identified(person);
  return person;
}

async function follow(
  parts: SessionParts,
  me: Person,
  channel: Channel,
  signal: AbortSignal,
): Promise<FollowEnd> {
  const { http, lane, clock, limits } = parts;
  const topic = `v2.users.${me.id}.conversations`;
  const verdict = createDeferred<FollowEnd>();
  const over = new AbortController();
  let cancelRenewal = (): void => undefined;

  function conclude(end: FollowEnd): void {
    verdict.resolve(end);
    over.abort();
  }

  const finished = (): boolean => over.signal.aborted;
  const receivedAt = (): string => new Date(clock.now()).toISOString();

  function unreadable(subject: string, body: string, reason: string): void {
    inbox.take({
      source: 'socket',
      subject: parts.redactor.redact(subject),
      receivedAt: receivedAt(),
      body,
      content: { kind: 'unreadable', reason: parts.redactor.redact(reason) },
    });
  }

  function receive(text: string): void {
    const frame = readFrame(text, { topic, channelId: channel.id });
    switch (frame.kind) {
      case 'event':
        inbox.take({
          source: 'socket',
          subject: frame.topic,
          receivedAt: receivedAt(),
          body: text,
          content: { kind: 'conversation', value: frame.value },
        });
        return;
      case 'sign-of-life':
        return;
      case 'closing':
        conclude({ kind: 'again', reason: say('feed.ended.maintenance') });
        return;
      case 'unsubscribed':
        parts.remembered.channel = null;
        conclude(
          frame.cause === 'another_channel_subscribed'
            ? takenOver(parts)
            : lost(say('feed.ended.unsubscribed', { cause: frame.cause })),
        );
        return;
      case 'revoked':
        // Perhaps another one of this user, or one that was renewed since: the next request knows.
        parts.remembered.revoked = true;
        conclude({ kind: 'again', reason: say('feed.ended.revocation') });
        return;
      case 'resubscribed':
        void checkSubscription().catch(fail);
        return;
      case 'unreadable':
        unreadable(frame.subject, text, frame.reason);
        return;
      default:
        unreachable(frame);
    }
  }

  const socket = openSocket({
    address: channel.connectUri,
    WebSocket: parts.WebSocket,
    clock,
    limits,
    onText: receive,
    onBytes: (body) => {
      unreadable(noTopic, body, say('feed.notification.notText'));
    },
    onHeard: () => {
      parts.listener.contact(clock.now());
    },
  });
  const inbox = createInbox({ lane, arrived: parts.arrived, socket, limit: limits.waitingFacts });
  void socket.ended.then((how) => {
    if (how.kind === 'too-big') unreadable(noTopic, '', tooBig(limits));
    if (wasKicked(how)) {
      parts.remembered.channel = null;
      conclude(takenOver(parts));
    } else {
      conclude(endOfSocket(how, channel.connectUri.host, limits));
    }
  });

  /** The server is asked for everything after each opening: there is no replay of what was missed. */
  async function catchUp(): Promise<void> {
    if ((await socket.opened) !== null) return;
    parts.opened();
    await renew();
    await readEverything(parts, over.signal);
    if (finished()) return;
    await inbox.release();
    if (!finished()) parts.live();
  }

  const orGone = (error: unknown): never => {
    if (error instanceof HttpProblem && error.kind === 'not-found') conclude({ kind: 'channel-gone' });
    throw error;
  };

  async function renew(): Promise<void> {
    await subscribe(http, channel, topic, over.signal).catch(orGone);
    parts.remembered.revoked = false;
    cancelRenewal = clock.after(limits.renewMs, () => {
      void renew().catch(fail);
    });
    if (finished()) cancelRenewal();
  }

  let isChanged = false;
  let isChecking = false;
  /**
   * A channel without our topic is silent and looks alive. Asked, not subscribed again: that might be
   * told as another change, and so on.
   */
  async function checkSubscription(): Promise<void> {
    isChanged = true;
    if (isChecking) return;
    isChecking = true;
    while (isChanged && !finished()) {
      isChanged = false;
      const isThere = await isSubscribed(http, channel, topic, over.signal).catch(orGone);
      if (!isThere) conclude({ kind: 'again', reason: say('feed.ended.resubscribed') });
    }
    isChecking = false;
  }

  const fail = (error: unknown): void => {
    conclude(endOfProblem(parts, error));
  };
  const giveUp = (): void => {
    conclude({ kind: 'again', reason: say('feed.ended.anew') });
  };
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  void catchUp().catch(fail);
  try {
    return await verdict.promise;
  } finally {
    signal.removeEventListener('abort', giveUp);
    cancelRenewal();
    await socket.close();
    // What was received is a fact, even if the snapshot it waited for never came.
    void inbox.release();
  }
}

function lost(reason: string, retryAfterMs: number | null = null): SessionEnd {
  return { kind: 'lost', reason, retryAfterMs };
}

/** Most likely back in a moment, and perhaps taken over again: the person must know who else is there. */
function takenOver({ rivalled }: SessionParts): SessionEnd {
  const reason = say('feed.ended.takenOver');
  rivalled(reason);
  return lost(reason);
}

/** A channel has one socket; the server says so when a second one takes its place. */
function wasKicked(how: SocketEnd): boolean {
  return how.kind === 'closed' && /another (connection|client|socket)/i.test(how.reason);
}

function endOfProblem(parts: SessionParts, error: unknown): SessionEnd {
  const { log, missing, remembered, unauthorised } = parts;
  if (!(error instanceof HttpProblem)) {
    log(`feed: ${error instanceof Error ? error.message : 'unknown error'}`);
    return lost(say('feed.ended.inside'));
  }
  if (error.missing.length > 0) missing(error.missing);
  if (error.kind === 'unauthorised' && remembered.revoked) {
    const reason = say('feed.ended.revoked');
    unauthorised(reason);
    return { kind: 'refused', reason };
  }
  return error.kind === 'unauthorised' || error.kind === 'forbidden'
    ? { kind: 'refused', reason: error.reason }
    : lost(error.reason, error.retryAfterMs);
}

function tooBig(limits: FeedLimits): string {
  return say('feed.notification.tooBig', { size: Math.round(limits.frameBytes / 1024) });
}

function endOfSocket(how: SocketEnd, host: string, limits: FeedLimits): FollowEnd {
  switch (how.kind) {
    case 'declined':
      return how.status === 401 || how.status === 404 || how.status === 410
        ? { kind: 'channel-gone' }
        : lost(say('feed.channel.declined', { host, status: how.status }), how.retryAfterMs);
    case 'unreachable':
      return lost(connectionFailure(host, how.error).reason);
    case 'not-opened':
      return lost(say('feed.channel.notOpened', { host, seconds: limits.openMs / 1000 }));
    case 'closed':
      return lost(say('feed.ended.closed', { host, code: how.code }));
    case 'silent':
      return lost(say('feed.ended.silent', { host }));
    case 'too-big':
      return lost(tooBig(limits));
  }
}
