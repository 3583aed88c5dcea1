import { createBackoff } from '../../domain/toolbox/backoff.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import type { StateStore } from './state.ts';

export interface UnconfirmedParts {
  readonly store: StateStore;
  readonly clock: Clock;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  /** Asks the server how a conversation stands; what it says arrives as a fact. */
  readonly reread: (conversationId: string) => Promise<unknown>;
}

/**
 * Conversations of which nobody knows how they stand. They are shown as not confirmed, and read again until
 * an answer can be understood: with longer and longer pauses, while the link is live.
 */
export interface UnconfirmedConversations {
  readonly add: (conversationId: string) => void;
  /** A fact about it was understood, or it is no more. */
  readonly confirm: (conversationId: string) => void;
  /** Those the server does not list, and of which nothing is open, are over. */
  readonly keepOnly: (isKept: (conversationId: string) => boolean) => void;
  readonly stop: () => void;
}

export function createUnconfirmedConversations(parts: UnconfirmedParts): UnconfirmedConversations {
  const { store, clock, random, reread } = parts;
  const backoff = createBackoff({ clock, random, retry: readAgain });
  const underWay = new Set<string>();
  let stopped = false;

  const sinceById = (): Readonly<Record<string, number>> => store.model.getState().unconfirmedConversations;
  const has = (id: string): boolean => sinceById()[id] !== undefined;

  async function read(id: string): Promise<void> {
    underWay.add(id);
    await reread(id);
    underWay.delete(id);
    // An answer that cannot be understood confirms nothing either.
    if (stopped || !has(id)) backoff.succeeded(id);
    else backoff.failed(id);
  }

  function readAgain(): void {
    if (stopped || store.model.getState().link.kind !== 'live') return;
    for (const id of Object.keys(sinceById())) if (!underWay.has(id) && !backoff.isPaused(id)) void read(id);
  }

  function keepOnly(isKept: (id: string) => boolean): void {
    const kept = Object.entries(sinceById()).filter(([id]) => isKept(id));
    if (kept.length < Object.keys(sinceById()).length)
      store.update(() => ({ unconfirmedConversations: Object.fromEntries(kept) }));
  }

  const unsubscribe = store.model.subscribe((now, was) => {
    if (now.link === was.link) return;
    // A new link is a new beginning: what failed over the old one is tried at once.
    backoff.clear();
    readAgain();
  });

  return {
    add: (id) => {
      if (!has(id))
        store.update(({ unconfirmedConversations }) => ({
          unconfirmedConversations: { ...unconfirmedConversations, [id]: clock.now() },
        }));
      readAgain();
    },
    confirm: (id) => {
      backoff.succeeded(id);
      keepOnly((other) => other !== id);
    },
    keepOnly,
    stop: () => {
      stopped = true;
      unsubscribe();
      backoff.clear();
    },
  };
}
