import type { BrowserWindow } from 'electron/main';
import { DatabaseProblem, Superseded, type Review } from '../../domain/database.ts';
import type { CallArguments, CallReplies, Reply } from '../../domain/ipc/contract.ts';
import type { Deletion, DeletionPlan } from '../../domain/review/deletion.ts';
import { done, ok, refused } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import type { AccountSession } from '../account/account-session.ts';
import { exportRecords } from '../review/export-records.ts';
import type { LongTasks } from '../review/long-task.ts';
import { askWhereToSave } from '../shell/file-dialogs.ts';
import type { StateStore } from '../tracker/state.ts';

interface RecordParts {
  readonly store: StateStore;
  /** Of the account in use; null while another one's is being opened. */
  readonly session: () => Pick<AccountSession, 'database' | 'deleteRecords'> | null;
  readonly longTasks: LongTasks;
  /** Epoch ms. */
  readonly now: () => number;
}

/** What the settings and the review both ask about records. */
export interface RecordCalls {
  /** The records of the account in use; null while its database is not open. */
  readonly own: () => Review | null;
  /** Asks one source. What its database says is wrong is a refusal; anything else is our own mistake. */
  readonly ask: <Value>(
    review: Review | null,
    question: (review: Review) => Promise<Value>,
  ) => Promise<Reply<Value>>;
  /** @param window to put the question for the file over; `opened`: these are the records of an opened file */
  readonly exportTo: (
    window: BrowserWindow | null,
    source: { readonly review: Review | null; readonly opened: boolean },
    wanted: CallArguments['exportRecords'][0],
  ) => Promise<Reply<CallReplies['exportRecords']>>;
  readonly stopTask: () => Promise<Reply<null>>;
  /** Said before anybody is asked for a file; one of two asked at the same time is still refused later. */
  readonly whileFree: <Value>(task: () => Promise<Reply<Value>>) => Promise<Reply<Value>>;
  readonly planDeletion: (what: Deletion) => Promise<Reply<DeletionPlan>>;
  readonly deleteRecords: (what: Deletion) => Promise<Reply<CallReplies['deleteRecords']>>;
}

/** Today's date for the name of a file, from epoch ms. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

export function createRecordCalls({ store, session, longTasks, now }: RecordParts): RecordCalls {
  const own = (): Review | null => session()?.database.inUse()?.database.review ?? null;

  /** Only what somebody looks at can be found damaged; then the whole database is checked. */
  function suspect(problem: DatabaseProblem): Reply<never> {
    if (problem.code === 'damaged') session()?.database.suspectDamage(problem);
    return refused(problem.message);
  }

  const ask: RecordCalls['ask'] = async (review, question) => {
    if (!review) return refused(say('settings.noDatabase'));
    try {
      return ok(await question(review));
    } catch (error) {
      if (error instanceof Superseded) return { ...refused(error.message), superseded: true };
      if (!(error instanceof DatabaseProblem)) throw error;
      return review === own() ? suspect(error) : refused(error.message);
    }
  };

  const whileFree: RecordCalls['whileFree'] = (task) =>
    store.model.getState().review.task === null ? task() : Promise.resolve(refused(say('review.work.busy')));

  return {
    own,
    ask,
    whileFree,
    exportTo: async (window, { review, opened }, { format, redact, query }) => {
      if (!review) return refused(say('settings.noDatabase'));
      return whileFree(async () => {
        const file = await askWhereToSave(window, `sharelight-${dayOf(now())}`, format);
        if (file === null) return ok(null);
        return exportRecords({ longTasks, review, query, file, options: { format, redact, opened } });
      });
    },
    stopTask: async () => {
      await longTasks.stop();
      return done;
    },
    planDeletion: (what) => ask(own(), (review) => review.planDeletion(what)),
    deleteRecords: async (what) => {
      try {
        const deleted = await session()?.deleteRecords(what);
        return deleted ? ok(deleted) : refused(say('settings.noDatabase'));
      } catch (error) {
        if (!(error instanceof DatabaseProblem)) throw error;
        return suspect(error);
      }
    },
  };
}
