import type { Reading } from '../../domain/feed.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import type { Result } from '../../domain/toolbox/result.ts';
import { noteListing, type StateStore } from './state.ts';

/** Reading from the server again: one conversation when there is a reason, and everything now and then. */

export interface RereadParts {
  /** Reads a conversation; the answer arrives as a fact. */
  readonly reread: (conversationId: string) => Promise<Reading>;
  readonly clock: Clock;
}

/**
 * One reading at a time for each conversation, and pauses between them, so that a flood of reasons leaves room
 * for other requests.
 */
export interface Rereads {
  /** How a reading ended that began after this call. */
  readonly read: (conversationId: string) => Promise<Reading>;
  /** What waits for its turn is not read any more. */
  readonly stop: () => void;
}

/** Between an answer and the next reading: first, and once there were `manyInARow`. */
const shortMs = 500;
const longMs = 2000;
const manyInARow = 6;
/** After so long without a reading the pauses are short again. */
const quietMs = 10_000;

interface Conversation {
  current: Promise<Reading> | null;
  next: Promise<Reading> | null;
  /** Epoch ms; when the last answer came. */
  answeredAt: number;
  /** Readings in a row without a quiet time between them. */
  inARow: number;
}

export function createRereads({ reread, clock }: RereadParts): Rereads {
  const conversations = new Map<string, Conversation>();
  const waits = new Set<() => void>();
  let stopped = false;

  function conversationOf(conversationId: string): Conversation {
    for (const [id, { current, next, answeredAt }] of conversations)
      if (!current && !next && Math.abs(clock.now() - answeredAt) > quietMs) conversations.delete(id);
    const fresh = { current: null, next: null, answeredAt: -Infinity, inARow: 0 };
    const conversation = conversations.get(conversationId) ?? fresh;
    conversations.set(conversationId, conversation);
    return conversation;
  }

  /** How long until the next reading may begin, ms. A clock that was set back makes nobody wait. */
  function pauseMs({ answeredAt, inARow }: Conversation): number {
    const passed = clock.now() - answeredAt;
    const pause = inARow < manyInARow ? shortMs : longMs;
    return passed < 0 ? 0 : Math.max(0, pause - passed);
  }

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        waits.delete(done);
        resolve();
      };
      const cancel = clock.after(ms, done);
      waits.add(done);
    });
  }

  async function answerOf(conversationId: string, conversation: Conversation): Promise<Reading> {
    try {
      return await reread(conversationId);
    } catch {
      return 'failed';
    } finally {
      conversation.current = null;
      conversation.answeredAt = clock.now();
      conversation.inARow += 1;
    }
  }

  function readNow(conversationId: string, conversation: Conversation): Promise<Reading> {
    conversation.current = answerOf(conversationId, conversation);
    return conversation.current;
  }

  /** What is under way began before this call, and may not know the reason for it. */
  async function readNext(conversationId: string, conversation: Conversation): Promise<Reading> {
    await conversation.current;
    const ms = pauseMs(conversation);
    if (ms > 0 && !stopped) await wait(ms);
    conversation.next = null;
    return stopped ? 'failed' : readNow(conversationId, conversation);
  }

  return {
    read: (conversationId) => {
      if (stopped) return Promise.resolve('failed');
      const conversation = conversationOf(conversationId);
      const isFree = !conversation.current && !conversation.next && pauseMs(conversation) === 0;
      if (isFree) return readNow(conversationId, conversation);
      conversation.next ??= readNext(conversationId, conversation);
      return conversation.next;
    },
    stop: () => {
      stopped = true;
      for (const done of [...waits]) done();
    },
  };
}

export interface PeriodicReadingParts {
  readonly store: StateStore;
  /** Reads everything the server lists; what it says arrives as facts. */
  readonly relist: () => Promise<Result>;
  readonly clock: Clock;
}

/** Two heartbeats: as long as a dead link may go unnoticed, so may an event that never came. */
const periodMs = 60_000;
/** After a listing that could not be read: first, then doubling up to a period. */
const againMs = 3000;

/**
 * A socket that loses an event says nothing of it, and nothing is sent twice. While the link is live everything
 * is read again now and then, so that what is shown cannot stay wrong. Where that fails nothing is confirmed until it
 * succeeds again.
 */
export function startPeriodicReading({ store, relist, clock }: PeriodicReadingParts): () => void {
  let cancel: (() => void) | null = null;
  /** In a row. */
  let failures = 0;

  function plan(): void {
    const { listingProblem } = store.model.getState();
    const ms = listingProblem === null ? periodMs : Math.min(periodMs, againMs * 2 ** failures);
    cancel = clock.after(ms, () => {
      cancel = null;
      void relist().then(note, follow);
    });
  }

  function note(result: Result): void {
    const isLive = store.model.getState().link.kind === 'live';
    // Without a link that is the link's business.
    if (!result.ok && isLive) noteListing(store, result.reason, clock.now());
    failures = store.model.getState().listingProblem === null ? 0 : failures + 1;
    follow();
  }

  function follow(): void {
    const isLive = store.model.getState().link.kind === 'live';
    if (isLive && !cancel) plan();
    if (isLive || !cancel) return;
    cancel();
    cancel = null;
  }

  const unsubscribe = store.model.subscribe((now, was) => {
    if (now.link !== was.link) follow();
  });
  follow();
  return () => {
    unsubscribe();
    cancel?.();
    // A reading that is under way plans no other.
    cancel = () => undefined;
  };
}
