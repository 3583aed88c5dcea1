import type { Memory } from '../../domain/memory.ts';
import type { Forget, Forgotten } from '../../domain/review/forget.ts';
import { isSettled } from '../../domain/fold/phase.ts';
import type { OpenedMemory } from '../store/client.ts';
import type { StateStore } from '../tracker/state.ts';
import type { Tracker } from '../tracker/tracker.ts';

interface ForgettingParts {
  readonly store: StateStore;
  readonly tracker: Pick<Tracker, 'forget'>;
  /** The memory of the account in use; null while history is paused. */
  readonly memory: () => OpenedMemory | null;
  /** Whoever else keeps something of what is gone now. */
  readonly onForgotten: (forgotten: Forgotten) => void;
  readonly log: (line: string) => void;
}

/** The settled ones of a state's communications that the memory holds, by key. */
async function heldOf(memory: Memory, store: StateStore): Promise<Set<string>> {
  const settled = Object.values(store.model.getState().communications).filter(isSettled);
  const conversations = [...new Set(settled.map(({ conversationId }) => conversationId))];
  const held = await Promise.all(conversations.map((id) => memory.communicationsOf(id)));
  return new Set(held.flat().map(({ key }) => key));
}

/**
 * Deleting records: from the memory, then from everything that still showed them. One wish after the other.
 * @returns what became of it; null when there is no memory to delete from
 * @throws MemoryProblem what the memory says; nothing of the last batch is gone then
 */
export function createForgetting(parts: ForgettingParts): (what: Forget) => Promise<Forgotten | null> {
  const { store, log } = parts;
  let turn: Promise<unknown> = Promise.resolve();

  async function forget(what: Forget): Promise<Forgotten | null> {
    const memory = parts.memory();
    if (!memory) return null;
    const before = await heldOf(memory, store);
    try {
      const forgotten = await memory.forget(what);
      const { records, facts, staying } = forgotten;
      log(`forgotten (${what.kind}): ${records} records, ${facts} facts; ${staying} stay`);
      if (records > 0) parts.onForgotten(forgotten);
      return forgotten;
    } finally {
      // A deletion that broke off has deleted what came before.
      const after = await heldOf(memory, store).catch(() => before);
      parts.tracker.forget([...before].filter((key) => !after.has(key)));
      store.update(({ review }) => ({ review: { ...review, revision: review.revision + 1 } }));
    }
  }

  return (what) => {
    const done = turn.then(() => forget(what));
    turn = done.catch(() => undefined);
    return done;
  };
}
