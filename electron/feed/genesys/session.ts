import type { FeedListener, Person } from '../../../domain/feed.ts';
import { createDeferred } from '../../../domain/toolbox/deferred.ts';
import { loggedReasonOf, unreachable } from '../../../domain/toolbox/result.ts';
import { say } from '../../../domain/words/say.ts';
import { readCurrentUser } from './auth/current-user.ts';
import { createChannel, isSubscribed, subscribe, type Channel } from './channel.ts';
import { createEventBuffer } from './fact-queue.ts';
import { noTopic, readFrame } from './frames.ts';
import { isoNow, readEverything, type FullReadingParts } from './full-reading.ts';
import type { Redactor } from './http.ts';
import { connectionFailure, HttpProblem } from './http-problem.ts';
import type { FeedLimits } from './limits.ts';
import { UnexplainedFailure } from './engine-socket.ts';
import { openSocket, type Dial, type SocketEnd } from './socket.ts';

/** How a session ended. Reasons are sentences for the agent. */
export type SessionEnd =
  /** Begin again at once: the server moves, or we were told to. */
  | { readonly kind: 'again'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string; readonly retryAfterMs: number | null }
  /** A 403: only an administrator can help, and may have by the next try. */
  | { readonly kind: 'forbidden'; readonly reason: string }
  /** Only signing in again helps. */
  | { readonly kind: 'refused'; readonly reason: string };

/** What a live connection says about the account, rather than about calls. */
export interface AccountEvents {
  /** The server accepts this sign-in no longer. */
  readonly unauthorised: (reason: string) => void;
  /** Another client of the same user has taken the notifications; they are taken back. */
  readonly takenOver: (reason: string) => void;
  /** Every permission the person has, as the server names them, where it says so. */
  readonly granted: (permissions: readonly string[]) => void;
  /** Permissions the server said are missing, as it names them. */
  readonly missing: (permissions: readonly string[]) => void;
}

/** What outlives a session: asked for once, used again until the server says otherwise. */
export interface RememberedSession {
  person: Person | null;
  channel: Channel | null;
  /** The server said that a sign-in was revoked, and has accepted ours not once since. */
  revoked: boolean;
  /** Resolves when the open socket says nothing more; null while none is open. */
  listening: Promise<unknown> | null;
}

interface SessionParts extends FullReadingParts {
  readonly listener: FeedListener;
  readonly remembered: RememberedSession;
  readonly redactor: Redactor;
  readonly dial: Dial;
  readonly account: AccountEvents;
  /** One line for the log; holds no secret. */
  readonly log: (line: string) => void;
  /** The socket is open and everything is being read again. */
  readonly opened: () => void;
  /** Everything is read, and what came meanwhile is delivered. */
  readonly live: () => void;
}

type FollowEnd = SessionEnd | { readonly kind: 'channel-gone' };

/** From nothing to live, until it ends: user, channel, socket, subscription, full reading, events. */
export async function runSession(parts: SessionParts, signal: AbortSignal): Promise<SessionEnd> {
  const { remembered } = parts;
  try {
    remembered.person ??= await identify(parts, signal);
    for (;;) {
      const earlier = remembered.channel;
      remembered.channel ??= await createChannel(parts.http, parts.redactor, signal);
      const end = await followThroughMoves(parts, remembered.person, remembered.channel, signal);
      if (end.kind !== 'channel-gone') return end;
      remembered.channel = null;
      // An earlier channel may have been evicted or have run out; a new one that is unknown is a fault there.
      if (!earlier) return lost(say('feed.channel.unknown'));
    }
  } catch (error) {
    return endOfProblem(parts, error);
  }
}

/** A server that announces another move so soon after one is not followed without a pause, ms. */
const betweenMovesMs = 30_000;

/**
 * Opens the next socket because the server has announced that it will close this one. Resolves when that one has ended;
 * null where the last move was only just made.
 */
type Move = () => Promise<void> | null;

/**
 * Follows a channel until it ends. When the server announces that it will close the socket, the next one is opened
 * first: this one is left when that one has read everything, so that nothing is in doubt meanwhile. Where the next one
 * fails before that, this one is followed for as long as it lasts.
 */
async function followThroughMoves(
  parts: SessionParts,
  person: Person,
  channel: Channel,
  signal: AbortSignal,
  openedAt = Number.NEGATIVE_INFINITY,
): Promise<FollowEnd> {
  const { clock, http, redactor } = parts;
  const leaving = new AbortController();
  const next: { end: Promise<FollowEnd> | null; isLive: boolean } = { end: null, isLive: false };
  let isOver = false;
  let movedAt = openedAt;

  async function open(): Promise<FollowEnd> {
    const fresh = await createChannel(http, redactor, signal);
    const moved: SessionParts = {
      ...parts,
      opened: () => {
        if (next.isLive || isOver) parts.opened();
      },
      live: () => {
        next.isLive = true;
        leaving.abort();
        parts.live();
      },
    };
    return followThroughMoves(moved, person, fresh, signal, clock.now());
  }
  const move: Move = () => {
    if (clock.now() - movedAt < betweenMovesMs) return null;
    movedAt = clock.now();
    next.end = open().catch((error: unknown) => endOfProblem(parts, error));
    return next.end.then(({ kind }) => {
      if (next.isLive || isOver) return;
      // A sign-in that is over is over for this one, too.
      if (kind === 'refused') leaving.abort();
      else next.end = null;
    });
  };

  const end = await follow(parts, person, channel, AbortSignal.any([signal, leaving.signal]), move);
  isOver = true;
  if (next.end === null) return end;
  // The server was faster: until the next one has read everything nothing is sure.
  if (!next.isLive) parts.opened();
  return next.end;
}

async function identify({ http, listener, account }: SessionParts, signal: AbortSignal): Promise<Person> {
  const { person, granted } = await readCurrentUser(http, signal);
  if (granted !== null) account.granted(granted);
  await listener.identified(person);
  return person;
}

async function follow(
  parts: SessionParts,
  person: Person,
  channel: Channel,
  signal: AbortSignal,
  move: Move,
): Promise<FollowEnd> {
  const { http, facts, clock, limits } = parts;
  let isLive = false;
  let isMoving = false;
  let isUnsubscribed = false;
  const topic = `v2.users.${person.id}.conversations`;
  const ended = createDeferred<FollowEnd>();
  const abort = new AbortController();
  let cancelRenewal = (): void => undefined;

  function end(how: FollowEnd): void {
    ended.resolve(how);
    abort.abort();
  }
  const hasEnded = (): boolean => abort.signal.aborted;
  const fail = (error: unknown): void => {
    end(endOfProblem(parts, error));
  };

  function unreadable(subject: string, body: string, reason: string): void {
    buffer.take({
      source: 'socket',
      subject: parts.redactor.redact(subject),
      receivedAt: isoNow(clock),
      body,
      content: { kind: 'unreadable', reason: parts.redactor.redact(reason) },
    });
  }

  function receive(text: string): void {
    const frame = readFrame(text, { topic, channelId: channel.id });
    switch (frame.kind) {
      case 'event':
        buffer.take({
          source: 'socket',
          subject: frame.topic,
          receivedAt: isoNow(clock),
          body: text,
          content: { kind: 'conversation', value: frame.value },
        });
        return;
      case 'sign-of-life':
        return;
      case 'closing':
        if (!isMoving) moveOn();
        return;
      case 'unsubscribed':
        // Most likely by our own next channel: it is followed already.
        isUnsubscribed = true;
        if (isMoving) return;
        parts.remembered.channel = null;
        end(
          frame.cause === 'another_channel_subscribed'
            ? endOfTakeover(parts)
            : lost(say('feed.ended.unsubscribed', { cause: frame.cause })),
        );
        return;
      case 'revoked':
        // Perhaps another sign-in of this user, or one that was renewed since: the next request will show.
        parts.remembered.revoked = true;
        end({ kind: 'again', reason: say('feed.ended.revocation') });
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

  function moveOn(): void {
    const moved = isLive ? move() : null;
    const again = (): void => {
      end({ kind: 'again', reason: say('feed.ended.maintenance') });
    };
    if (moved === null) {
      again();
      return;
    }
    isMoving = true;
    void moved.then(() => {
      isMoving = false;
      // It would be silent and look alive.
      if (isUnsubscribed) again();
    });
  }

  const socket = openSocket({
    address: channel.connectUri,
    dial: parts.dial,
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
  const buffer = createEventBuffer({ facts, arrived: parts.arrived, socket, limit: limits.waitingFacts });
  void socket.ended.then((how) => {
    if (how.kind === 'too-big') unreadable(noTopic, '', tooBig(limits));
    // It may be gone: the next try needs another one.
    if (how.kind === 'unreachable' && how.error instanceof UnexplainedFailure)
      parts.remembered.channel = null;
    if (wasReplaced(how) && !isMoving) {
      parts.remembered.channel = null;
      end(endOfTakeover(parts));
    } else {
      end(endOfSocket(how, channel.connectUri.host, limits));
    }
  });

  /** Everything is read after each opening, because the service replays nothing. */
  async function catchUp(): Promise<void> {
    if ((await socket.opened) !== null) return;
    parts.remembered.listening = ended.promise;
    parts.opened();
    await renewSubscription();
    await readEverything(parts, abort.signal);
    if (hasEnded()) return;
    await buffer.release();
    if (hasEnded()) return;
    isLive = true;
    parts.remembered.channel = channel;
    parts.live();
  }

  const orChannelGone = (error: unknown): never => {
    if (error instanceof HttpProblem && error.kind === 'not-found') end({ kind: 'channel-gone' });
    throw error;
  };

  async function renewSubscription(): Promise<void> {
    await subscribe(http, channel, topic, abort.signal).catch(orChannelGone);
    parts.remembered.revoked = false;
    cancelRenewal = clock.after(limits.renewMs, () => {
      void renewSubscription().catch(fail);
    });
    if (hasEnded()) cancelRenewal();
  }

  let isChanged = false;
  let isChecking = false;
  /**
   * A channel without our topic is silent and looks alive. It is asked, not subscribed again: the server might
   * call that another change, and so on.
   */
  async function checkSubscription(): Promise<void> {
    isChanged = true;
    if (isChecking) return;
    isChecking = true;
    while (isChanged && !hasEnded()) {
      isChanged = false;
      const isThere = await isSubscribed(http, channel, topic, abort.signal).catch(orChannelGone);
      if (!isThere) end({ kind: 'again', reason: say('feed.ended.resubscribed') });
    }
    isChecking = false;
  }

  const giveUp = (): void => {
    end({ kind: 'again', reason: say('feed.ended.again') });
  };
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  void catchUp().catch(fail);
  try {
    return await ended.promise;
  } finally {
    signal.removeEventListener('abort', giveUp);
    cancelRenewal();
    if (parts.remembered.listening === ended.promise) parts.remembered.listening = null;
    await socket.close();
    // What was received is a fact, even if the reading it waited for never came.
    void buffer.release();
  }
}

function lost(reason: string, retryAfterMs: number | null = null): SessionEnd {
  return { kind: 'lost', reason, retryAfterMs };
}

/** Most likely back in a moment, and perhaps taken over again: the person must know who else is there. */
function endOfTakeover({ account }: SessionParts): SessionEnd {
  const reason = say('feed.ended.takenOver');
  account.takenOver(reason);
  return lost(reason);
}

/** A channel has one socket; the server says so when a second one takes its place. */
function wasReplaced(how: SocketEnd): boolean {
  return how.kind === 'closed' && /another (connection|client|socket)/i.test(how.reason);
}

/** Why a sign-in is not accepted, in words. */
export function refusal(reason: string, { revoked }: RememberedSession): string {
  return revoked ? say('feed.ended.revoked') : reason;
}

function endOfProblem({ log, account, remembered }: SessionParts, error: unknown): SessionEnd {
  if (!(error instanceof HttpProblem)) {
    log(`feed: ${loggedReasonOf(error)}`);
    return lost(say('feed.ended.inside'));
  }
  if (error.missing.length > 0) account.missing(error.missing);
  if (error.kind === 'unauthorised') return { kind: 'refused', reason: refusal(error.reason, remembered) };
  if (error.kind === 'forbidden') return { kind: 'forbidden', reason: error.reason };
  return lost(error.reason, error.retryAfterMs);
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
