import type { Forget, Forgotten } from '../../domain/review/forget.ts';
import type { OpenedMemory } from '../store/client.ts';
import type { StateStore } from '../tracker/state.ts';
import type { Tracker } from '../tracker/tracker.ts';
import { raiseRevision } from './revision.ts';

interface ForgettingParts {
  readonly store: StateStore;
  readonly tracker: Pick<Tracker, 'forgetting'>;
  /** The memory of the account in use; null while history is paused. */
  readonly memory: () => Pick<OpenedMemory, 'forget' | 'summary'> | null;
  readonly log: (line: string) => void;
}

/**
 * Deleting records: from the memory, and from what still showed them. One wish after the other.
 * @returns what became of it; null when there is no memory to delete from
 * @throws MemoryProblem what the memory says; nothing of the last batch is gone then
 */
export function createForgetting(parts: ForgettingParts): (what: Forget) => Promise<Forgotten | null> {
  const { store, tracker, log } = parts;
  let turn: Promise<unknown> = Promise.resolve();

  async function forget(what: Forget): Promise<Forgotten | null> {
    const memory = parts.memory();
    if (!memory) return null;
    try {
      const forgotten = await memory.forget(what, tracker.forgetting);
      const { records, facts, staying } = forgotten;
      log(`forgotten (${what.kind}): ${records} records, ${facts} facts; ${staying} stay`);
      const { quarantined } = await memory.summary();
      store.update((model) => ({ memory: { ...model.memory, quarantined } }));
      return forgotten;
    } finally {
      // One that broke off has deleted what came before.
      raiseRevision(store);
    }
  }

  return (what) => {
    const done = turn.then(() => forget(what));
    turn = done.catch(() => undefined);
    return done;
  };
}
