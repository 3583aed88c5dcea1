import type { Clock } from '../../domain/toolbox/clock.ts';
import type { StateStore } from './state.ts';

/** Reading from the server again: one conversation when there is a reason, and everything now and then. */

export interface RereadParts {
  /** Reads a conversation; the answer arrives as a fact. */
  readonly reread: (conversationId: string) => Promise<boolean>;
  readonly clock: Clock;
}

/**
 * One reading at a time for each conversation, and pauses between them, so that a flood of reasons leaves room
 * for other requests.
 */
export interface Rereads {
  /** True when the server answered a reading that began after this call. */
  readonly read: (conversationId: string) => Promise<boolean>;
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
  current: Promise<boolean> | null;
  next: Promise<boolean> | null;
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

  async function answerOf(conversationId: string, conversation: Conversation): Promise<boolean> {
    try {
      return await reread(conversationId);
    } catch {
      return false;
    } finally {
      conversation.current = null;
      conversation.answeredAt = clock.now();
      conversation.inARow += 1;
    }
  }

  function readNow(conversationId: string, conversation: Conversation): Promise<boolean> {
    conversation.current = answerOf(conversationId, conversation);
    return conversation.current;
  }

  /** What is under way began before this call, and may not know the reason for it. */
  async function readNext(conversationId: string, conversation: Conversation): Promise<boolean> {
    await conversation.current;
    const ms = pauseMs(conversation);
    if (ms > 0 && !stopped) await wait(ms);
    conversation.next = null;
    return stopped ? false : readNow(conversationId, conversation);
  }

  return {
    read: (conversationId) => {
      if (stopped) return Promise.resolve(false);
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
  readonly relist: () => Promise<boolean>;
  readonly clock: Pick<Clock, 'after'>;
}

/** Two heartbeats: as long as a dead link may go unnoticed, so may an event that never came. */
const periodMs = 60_000;

/**
 * A socket that loses an event says nothing of it, and nothing is sent twice. While the link is live everything
 * is read again now and then, so that what is shown cannot stay wrong.
 */
export function startPeriodicReading({ store, relist, clock }: PeriodicReadingParts): () => void {
  let cancel: (() => void) | null = null;

  function plan(): void {
    cancel = clock.after(periodMs, () => {
      cancel = null;
      // A failure is the link's business.
      void relist().then(follow, follow);
    });
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
