import type { Deletion, DeletionResult, InTurn } from '../../domain/review/deletion.ts';
import { createSerialQueue } from '../../domain/toolbox/serial-queue.ts';
import { raiseRevision } from '../review/revision.ts';
import type { OpenedDatabase } from '../store/client.ts';
import type { StateStore } from '../tracker/state.ts';
import type { Tracker } from '../tracker/tracker.ts';
import type { DeletionProgress } from './backups.ts';

interface DeletionParts {
  readonly store: StateStore;
  readonly tracker: Pick<Tracker, 'betweenFacts' | 'agreedNow'>;
  /** The database of the account in use; null while recording is paused. */
  readonly database: () => Pick<OpenedDatabase, 'deleteRecords' | 'summary'> | null;
  readonly log: (line: string) => void;
}

export type DeleteRecords = (what: Deletion, progress?: DeletionProgress) => Promise<DeletionResult | null>;

/** For what leaves the backups in time. */
const unwatched: DeletionProgress = { begins: () => undefined, removed: () => undefined };

/**
 * Deletes records from the database, and from what still showed them; one deletion after the other.
 * @returns what became of it; null when there is no database to delete from
 * @throws DatabaseProblem what the database says; nothing of the last batch is gone then
 */
export function createDeletion(parts: DeletionParts): DeleteRecords {
  const { store, tracker, log } = parts;
  const queue = createSerialQueue();

  async function deleteRecords(what: Deletion, progress: DeletionProgress): Promise<DeletionResult | null> {
    const database = parts.database();
    if (!database) return null;
    let steps = 0;
    const inTurn: InTurn = (step) =>
      tracker.betweenFacts(async () => {
        progress.begins();
        const keys = await step();
        steps += 1;
        return keys;
      });
    try {
      const deleted = await database.deleteRecords(what, inTurn, tracker.agreedNow());
      const { records, facts, staying } = deleted;
      if (records + facts === 0) steps = 0;
      log(`deleted (${what.kind}): ${records} records, ${facts} facts; ${staying} stay`);
      const { quarantined } = await database.summary();
      store.update((model) => ({ database: { ...model.database, quarantined } }));
      return deleted;
    } finally {
      // One that broke off has deleted what came before.
      if (steps > 0) progress.removed();
      raiseRevision(store);
    }
  }

  return (what, progress = unwatched) => queue.run(() => deleteRecords(what, progress));
}
