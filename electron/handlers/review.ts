import { writeFile } from 'node:fs/promises';
import type { Reply } from '../../domain/ipc/contract.ts';
import { DatabaseProblem, Superseded, type Review } from '../../domain/database.ts';
import type { Deleted, Forget } from '../../domain/review/deletion.ts';
import { isOnAir, veiledDetail, veiledListing } from '../../domain/review/privacy.ts';
import { byteOrderMark } from '../../domain/words/csv-line.ts';
import { say } from '../../domain/words/say.ts';
import type { Handlers } from '../ipc/router.ts';
import type { Windows } from '../shell/windows.ts';
import type { StateStore } from '../tracker/state.ts';
import { askWhatToOpen, askWhereToSave } from '../shell/file-dialogs.ts';
import type { Desk } from '../account/account-session.ts';
import { exportRecords } from '../review/export-records.ts';
import type { OpenedFile } from '../review/opened-file.ts';
import { dayMs } from '../database/retention.ts';
import type { WorkKeeper } from '../review/long-task.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';

interface ReviewIntentParts {
  readonly store: StateStore;
  /** Of the account in use; null while another one's turn comes. */
  readonly desk: () => Desk | null;
  /** Somebody's exported file, looked at instead of the own records. */
  readonly opened: OpenedFile;
  readonly work: WorkKeeper;
  readonly windows: Pick<Windows, 'openReview' | 'windowOf'>;
  /** Epoch ms. */
  readonly clock: () => number;
}

export type ReviewCall =
  | 'openReview'
  | 'findRecords'
  | 'countRecords'
  | 'readRecord'
  | 'readFacts'
  | 'readFigures'
  | 'exportRecords'
  | 'stopWork'
  | 'openFile'
  | 'closeFile'
  | 'saveChart'
  | 'planForget'
  | 'planKeeping'
  | 'forget'
  | 'nextExpiry';

const done: Reply<null> = { ok: true, value: null };
const refused = (reason: string): Extract<Reply<never>, { ok: false }> => ({ ok: false, reason });

/** What main does for looking back. One source at a time: the own records, or somebody's exported file. */
export function createReviewIntents(parts: ReviewIntentParts): Pick<Handlers, ReviewCall> {
  const { store, opened, work, windows } = parts;
  const ownReview = (): Review | null => parts.desk()?.keeper.reading()?.database.review ?? null;
  const source = (): Review | null => opened.review() ?? ownReview();
  /** As the server told it; until it has, as this machine does. */
  const serverNow = (): number => parts.desk()?.serverNow() ?? parts.clock();
  const onAir = (): boolean => isOnAir(store.model.getState().communications);
  const today = (): string => new Date(parts.clock()).toISOString().slice(0, 10);

  /** What the database says is wrong is said; anything else is our own mistake, and the router's to tell. */
  async function answer<Value>(
    review: Review | null,
    ask: (review: Review) => Promise<Value>,
  ): Promise<Reply<Value>> {
    if (!review) return refused(say('settings.noDatabase'));
    try {
      return { ok: true, value: await ask(review) };
    } catch (error) {
      if (error instanceof Superseded) return { ...refused(error.message), superseded: true };
      const isOwn = error instanceof DatabaseProblem && review === ownReview();
      if (isOwn && error.code === 'damaged') parts.desk()?.keeper.suspected(error);
      if (error instanceof DatabaseProblem) return refused(error.message);
      throw error;
    }
  }

  /** Said before anybody is asked for a file; one of two asked at the same time is still refused later. */
  function busy(): Reply<never> | null {
    return store.model.getState().review.work === null ? null : refused(say('review.work.busy'));
  }

  async function forgetOwn(what: Forget): Promise<Reply<Deleted>> {
    try {
      const forgotten = await parts.desk()?.forget(what);
      return forgotten ? { ok: true, value: forgotten } : refused(say('settings.noDatabase'));
    } catch (error) {
      if (!(error instanceof DatabaseProblem)) throw error;
      if (error.code === 'damaged') parts.desk()?.keeper.suspected(error);
      return refused(error.message);
    }
  }

  return {
    openReview: () => {
      windows.openReview();
      return done;
    },
    findRecords: (caller, { query, order, from, count }) =>
      answer(source(), async (review) => {
        const page = await review.find(query, order, from, count, caller);
        // Asked when the answer is there: the screen may have gone on air meanwhile.
        return onAir() ? { ...page, lines: page.lines.map(veiledListing) } : page;
      }),
    countRecords: (caller, { query }) => answer(source(), (review) => review.count(query, caller)),
    readFigures: (caller, { query, by }) => answer(source(), (review) => review.figures(query, by, caller)),
    readRecord: (_caller, { key }) =>
      answer(source(), async (review) => {
        const detail = await review.record(key);
        return detail && onAir() ? veiledDetail(detail) : detail;
      }),
    readFacts: async (_caller, { key, after }) => {
      const reply = await answer(source(), (review) => review.facts(key, after));
      return onAir() ? refused(say('review.hidden.facts')) : reply;
    },
    exportRecords: async (caller, { format, redact, query }) => {
      const review = caller === 'review' ? source() : ownReview();
      if (!review) return refused(say('settings.noDatabase'));
      const notNow = busy();
      if (notNow) return notNow;
      const file = await askWhereToSave(windows.windowOf(caller), `sharelight-${today()}`, format);
      if (file === null) return { ok: true, value: null };
      const isOpened = review === opened.review();
      return exportRecords({ work, review, query, file, options: { format, redact, opened: isOpened } });
    },
    stopWork: async () => {
      await work.stop();
      return done;
    },
    openFile: async (caller) => {
      const notNow = busy();
      if (notNow) return notNow;
      const file = await askWhatToOpen(windows.windowOf(caller), 'ndjson');
      if (file === null) return done;
      const problem = await opened.open(file);
      return problem === null ? done : refused(problem);
    },
    closeFile: async () => {
      await opened.close();
      return done;
    },
    saveChart: async (caller, chart) => {
      const file = await askWhereToSave(windows.windowOf(caller), chart.name, chart.kind);
      if (file === null) return { ok: true, value: null };
      try {
        await writeFile(file, chart.kind === 'csv' ? `${byteOrderMark}${chart.text}` : chart.bytes, {
          mode: 0o600,
        });
        return { ok: true, value: { file } };
      } catch (error) {
        return refused(say('settings.fileFailed', { file, reason: reasonOf(error) }));
      }
    },
    planForget: (caller, what) =>
      caller === 'review' && opened.review()
        ? refused(say('review.file.readOnly'))
        : answer(ownReview(), (review) => review.planForget(what)),
    planKeeping: (_caller, { days }) =>
      answer(ownReview(), (review) => {
        return review.planForget({ kind: 'range', since: null, until: serverNow() - days * dayMs });
      }),
    forget: (caller, what) =>
      caller === 'review' && opened.review() ? refused(say('review.file.readOnly')) : forgetOwn(what),
    nextExpiry: () => {
      const { keepDays } = store.model.getState().settings.values;
      if (keepDays === null) return { ok: true, value: null };
      return answer(ownReview(), async (review) => {
        const next = await review.nextExpiry(keepDays * dayMs);
        // Records are as old as the server says; the windows count by this machine's clock.
        return next && { ...next, at: next.at - (serverNow() - parts.clock()) };
      });
    },
  };
}
