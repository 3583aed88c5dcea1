import { createPauses } from '../../domain/toolbox/backoff.ts';
import type { StateStore } from './state.ts';

export interface DoubtParts {
  readonly store: StateStore;
  /** Epoch ms. */
  readonly clock: () => number;
  /** Calls after `ms`, unless what it returns is called first. */
  readonly after: (ms: number, call: () => void) => () => void;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  /** Reads a conversation again; false when the server did not answer. */
  readonly ask: (conversationId: string) => Promise<boolean>;
}

/**
 * Conversations of which nobody knows how they stand. They are shown as not confirmed, and asked about until
 * an answer can be read: with longer and longer pauses, while the link is live.
 */
export interface Doubts {
  readonly raise: (conversationId: string) => void;
  /** It was spoken of in a way that could be read, or is no more. */
  readonly lift: (conversationId: string) => void;
  /** Those the server does not list, and of which nothing is open, are over. */
  readonly keep: (isLeft: (conversationId: string) => boolean) => void;
  readonly stop: () => void;
}

export function createDoubts({ store, clock, after, random, ask }: DoubtParts): Doubts {
  const pauses = createPauses({ after, random, over: look });
  const asked = new Set<string>();
  let stopped = false;

  const doubts = (): Readonly<Record<string, number>> => store.model.getState().doubts;
  const has = (id: string): boolean => doubts()[id] !== undefined;

  async function askAbout(id: string): Promise<void> {
    asked.add(id);
    await ask(id);
    asked.delete(id);
    // An answer that cannot be read settles nothing either.
    if (stopped || !has(id)) pauses.succeeded(id);
    else pauses.failed(id);
  }

  function look(): void {
    if (stopped || store.model.getState().link.kind !== 'live') return;
    for (const id of Object.keys(doubts())) if (!asked.has(id) && !pauses.has(id)) void askAbout(id);
  }

  function keep(isLeft: (id: string) => boolean): void {
    const left = Object.entries(doubts()).filter(([id]) => isLeft(id));
    if (left.length < Object.keys(doubts()).length)
      store.update(() => ({ doubts: Object.fromEntries(left) }));
  }

  const unsubscribe = store.model.subscribe((now, was) => {
    if (now.link === was.link) return;
    // A new link is a new beginning: what failed over the old one is tried at once.
    pauses.clear();
    look();
  });

  return {
    raise: (id) => {
      if (!has(id)) store.update((model) => ({ doubts: { ...model.doubts, [id]: clock() } }));
      look();
    },
    lift: (id) => {
      pauses.succeeded(id);
      keep((other) => other !== id);
    },
    keep,
    stop: () => {
      stopped = true;
      unsubscribe();
      pauses.clear();
    },
  };
}
