import type { Forget, Forgotten, InTurn } from '../../domain/review/deletion.ts';
import type { OpenedDatabase } from '../store/client.ts';
import type { StateStore } from '../tracker/state.ts';
import type { Tracker } from '../tracker/tracker.ts';
import type { Course } from './backups.ts';
import { raiseRevision } from '../review/revision.ts';

interface ForgettingParts {
  readonly store: StateStore;
  readonly tracker: Pick<Tracker, 'forgetting'>;
  /** The database of the account in use; null while history is paused. */
  readonly database: () => Pick<OpenedDatabase, 'forget' | 'summary'> | null;
  readonly log: (line: string) => void;
}

export type Forgetting = (what: Forget, course?: Course) => Promise<Forgotten | null>;

/** For what leaves the copies in time. */
const unwatched: Course = { begins: () => undefined, gone: () => undefined };

/**
 * Deleting records: from the database, and from what still showed them. One wish after the other.
 * @returns what became of it; null when there is no database to delete from
 * @throws DatabaseProblem what the database says; nothing of the last batch is gone then
 */
export function createForgetting(parts: ForgettingParts): Forgetting {
  const { store, tracker, log } = parts;
  let turn: Promise<unknown> = Promise.resolve();

  async function forget(what: Forget, course: Course): Promise<Forgotten | null> {
    const database = parts.database();
    if (!database) return null;
    let steps = 0;
    const inTurn: InTurn = (step) =>
      tracker.forgetting(async () => {
        course.begins();
        const keys = await step();
        steps += 1;
        return keys;
      });
    try {
      const forgotten = await database.forget(what, inTurn);
      const { records, facts, staying } = forgotten;
      if (records + facts === 0) steps = 0;
      log(`forgotten (${what.kind}): ${records} records, ${facts} facts; ${staying} stay`);
      const { quarantined } = await database.summary();
      store.update((model) => ({ database: { ...model.database, quarantined } }));
      return forgotten;
    } finally {
      // One that broke off has deleted what came before.
      if (steps > 0) course.gone();
      raiseRevision(store);
    }
  }

  return (what, course = unwatched) => {
    const done = turn.then(() => forget(what, course));
    turn = done.catch(() => undefined);
    return done;
  };
}
