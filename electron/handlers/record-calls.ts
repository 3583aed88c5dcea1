import type { BrowserWindow } from 'electron/main';
import {
  DatabaseProblem,
  SourceProblem,
  Superseded,
  type Review,
  type Verification,
} from '../../domain/database.ts';
import type { CallArguments, CallReplies, Reply } from '../../domain/ipc/contract.ts';
import type { Deletion, DeletionPlan } from '../../domain/review/deletion.ts';
import { done, ok, refused } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import type { AccountSession } from '../account/account-session.ts';
import { exportRecords } from '../review/export-records.ts';
import type { LongTasks } from '../review/long-task.ts';
import { askWhereToSave } from '../shell/file-dialogs.ts';
import { writePrivateFile } from '../store/export-file.ts';
import type { StateStore } from '../tracker/state.ts';

interface RecordParts {
  readonly store: StateStore;
  /** Of the account in use; null while another one's is being opened. */
  readonly session: () => Pick<AccountSession, 'agreedNow' | 'database' | 'deleteRecords'> | null;
  readonly longTasks: LongTasks;
  /** Of this program. */
  readonly version: string;
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
  /**
   * @param window to put the question for the file over
   * @param source `opened`: records that may be masked already; `counted`: it can say how many there are
   */
  readonly exportTo: (
    window: BrowserWindow | null,
    source: { readonly review: Review | null; readonly opened: boolean; readonly counted: boolean },
    wanted: CallArguments['exportRecords'][0],
  ) => Promise<Reply<CallReplies['exportRecords']>>;
  /** The same as PDF, or printed. */
  readonly makeDocument: (
    window: BrowserWindow | null,
    source: { readonly review: Review | null; readonly opened: boolean },
    wanted: CallArguments['makeDocument'][0],
  ) => Promise<Reply<CallReplies['makeDocument']>>;
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

export function createRecordCalls({ store, session, longTasks, version, now }: RecordParts): RecordCalls {
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
      if (error instanceof SourceProblem) return refused(error.message);
      if (!(error instanceof DatabaseProblem)) throw error;
      return review === own() ? suspect(error) : refused(error.message);
    }
  };

  const whileFree: RecordCalls['whileFree'] = (task) =>
    store.model.getState().review.task === null ? task() : Promise.resolve(refused(say('review.work.busy')));

  /** Of the database in use now, whichever is in use later. What it finds is dealt with as if it was asked for alone. */
  function verifier(): (() => Promise<Verification>) | null {
    const account = session()?.database;
    const database = account?.inUse()?.database;
    if (!account || !database) return null;
    return async () => {
      const verification = await database.verify();
      if (account.inUse()?.database === database) await account.handleVerification(verification);
      return verification;
    };
  }

  return {
    own,
    ask,
    whileFree,
    exportTo: async (window, { review, opened, counted }, { format, headings = 'words', redact, query }) => {
      if (!review) return refused(say('settings.noDatabase'));
      return whileFree(async () => {
        const file = await askWhereToSave(window, `sharelight-${dayOf(now())}`, format);
        if (file === null) return ok(null);
        return exportRecords({
          longTasks,
          review,
          counted,
          query,
          file,
          redact,
          options: { format, headings, opened },
        });
      });
    },
    makeDocument: async (window, { review, opened }, { records, redact, to }) => {
      if (!review) return refused(say('settings.noDatabase'));
      const verify = opened ? null : verifier();
      return whileFree(async () => {
        // Loaded with the first document: no start waits for it.
        const { documentProblem, makeDocument } = await import('../review/make-document.ts');
        const { hasPrinter, printOnPaper, printToPdf } = await import('../shell/print-document.ts');
        const problem = await ask(review, (from) => documentProblem(from, records));
        if (!problem.ok) return problem;
        if (problem.value !== null) return refused(problem.value);
        if (to === 'printer' && !(await hasPrinter(window))) return refused(say('review.print.none'));
        // Names nobody, as the title of the document does not.
        const file = to === 'file' ? await askWhereToSave(window, `sharelight-${dayOf(now())}`, 'pdf') : null;
        if (to === 'file' && file === null) return ok(null);
        const { person, account, appearance } = store.model.getState();
        const about = {
          agent: opened ? null : (person?.name ?? account.name),
          version,
          reader: { now: now(), locale: appearance.locale },
          timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        };
        const made = await ask(review, (from) =>
          makeDocument({
            ...{ longTasks, review: from, records, redact, verify, about },
            target: file ?? say('review.print.pages'),
            put: async (document, signal) => {
              if (file === null) return printOnPaper(document, signal);
              const pdf = await printToPdf(document, signal);
              signal.throwIfAborted();
              await writePrivateFile(file, pdf);
              return true;
            },
            failed: (reason) =>
              file === null
                ? say('review.print.failed', { reason })
                : say('settings.fileFailed', { file, reason }),
          }),
        );
        if (!made.ok) return made;
        const { value: paper } = made;
        return paper.ok ? ok(paper.value && { file, ...paper.value }) : paper;
      });
    },
    stopTask: async () => {
      await longTasks.stop();
      return done;
    },
    planDeletion: (what) => ask(own(), (review) => review.planDeletion(what, session()?.agreedNow() ?? null)),
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
