import type { Forget, Forgotten } from '../../domain/review/forget.ts';
import type { OpenedMemory } from '../store/client.ts';
import type { StateStore } from '../tracker/state.ts';
import type { Tracker } from '../tracker/tracker.ts';
import type { Copies } from './copies.ts';
import { raiseRevision } from './revision.ts';

interface ForgettingParts {
  readonly store: StateStore;
  readonly tracker: Pick<Tracker, 'forgetting'>;
  /** The memory of the account in use; null while history is paused. */
  readonly memory: () => OpenedMemory | null;
  /** Of the same memory: what is deleted must not live on in them. */
  readonly copies: () => Pick<Copies, 'without'> | null;
  readonly log: (line: string) => void;
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
    try {
      const deleting = (): Promise<Forgotten> => memory.forget(what, parts.tracker.forgetting);
      // Without a record to delete there is nothing to make every copy anew for.
      const { records: planned } = await memory.review.planForget(what);
      const copies = planned > 0 ? parts.copies() : null;
      const forgotten = await (copies ? copies.without(deleting) : deleting());
      const { records, facts, staying } = forgotten;
      log(`forgotten (${what.kind}): ${records} records, ${facts} facts; ${staying} stay`);
      return forgotten;
    } finally {
      raiseRevision(store);
    }
  }

  return (what) => {
    const done = turn.then(() => forget(what));
    turn = done.catch(() => undefined);
    return done;
  };
}
