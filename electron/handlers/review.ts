import type { Review } from '../../domain/database.ts';
import type { Snapshot } from '../../domain/state.ts';
import { isOnAir, detailWithoutNames, listingWithoutNames } from '../../domain/review/privacy.ts';
import { done, ok, reasonOf, refused } from '../../domain/toolbox/result.ts';
import { byteOrderMark } from '../../domain/words/csv-line.ts';
import { say } from '../../domain/words/say.ts';
import type { HandlersOf } from '../ipc/router.ts';
import type { OpenedFile } from '../review/opened-file.ts';
import { askWhatToOpen, askWhereToSave } from '../shell/file-dialogs.ts';
import type { Windows } from '../shell/windows.ts';
import { writePrivateFile } from '../store/export-file.ts';
import type { StateStore } from '../tracker/state.ts';
import type { RecordCalls } from './record-calls.ts';

export interface ReviewHandlerParts {
  readonly store: StateStore;
  readonly records: RecordCalls;
  /** Somebody's exported file, looked at instead of the own records. */
  readonly openedFile: OpenedFile;
  readonly windows: Pick<Windows, 'windowOf' | 'openSettings'>;
  readonly snapshot: () => Snapshot;
}

/** Of what this window asks while somebody types, only the last is answered. */
const asker = 'review';

/** The calls of the review, in the order of the call map. One source at a time: the own records, or an opened file. */
export function createReviewHandlers(parts: ReviewHandlerParts): HandlersOf<'review'> {
  const { store, records, openedFile, windows } = parts;
  const source = (): Review | null => openedFile.review() ?? records.own();
  const onAir = (): boolean => isOnAir(store.model.getState().communications);
  const ownWindow = () => windows.windowOf('review');

  return {
    getSnapshot: () => ok(parts.snapshot()),
    findRecords: ({ query, order, from, count }) =>
      records.ask(source(), async (review) => {
        const page = await review.find(query, order, from, count, asker);
        // Asked when the answer is there: the screen may have gone on air meanwhile.
        return onAir() ? { ...page, lines: page.lines.map(listingWithoutNames) } : page;
      }),
    countRecords: ({ query }) => records.ask(source(), (review) => review.count(query, asker)),
    readRecord: ({ key }) =>
      records.ask(source(), async (review) => {
        const detail = await review.record(key);
        return detail && onAir() ? detailWithoutNames(detail) : detail;
      }),
    readFacts: async ({ key, after }) => {
      const reply = await records.ask(source(), (review) => review.facts(key, after));
      return onAir() ? refused(say('review.hidden.facts')) : reply;
    },
    readFigures: ({ query, by }) => records.ask(source(), (review) => review.figures(query, by, asker)),
    exportRecords: (wanted) =>
      records.exportTo(ownWindow(), { review: source(), opened: openedFile.review() !== null }, wanted),
    stopTask: () => records.stopTask(),
    openFile: () =>
      records.whileFree(async () => {
        const file = await askWhatToOpen(ownWindow(), 'ndjson');
        return file === null ? done : openedFile.open(file);
      }),
    closeFile: async () => {
      await openedFile.close();
      return done;
    },
    saveChart: async (chart) => {
      const file = await askWhereToSave(ownWindow(), chart.name, chart.kind);
      if (file === null) return ok(null);
      try {
        const content = chart.kind === 'csv' ? `${byteOrderMark}${chart.text}` : chart.bytes;
        await writePrivateFile(file, content);
        return ok({ file });
      } catch (error) {
        return refused(say('settings.fileFailed', { file, reason: reasonOf(error) }));
      }
    },
    planDeletion: (what) =>
      openedFile.review() ? refused(say('review.file.readOnly')) : records.planDeletion(what),
    deleteRecords: (what) =>
      openedFile.review() ? refused(say('review.file.readOnly')) : records.deleteRecords(what),
    openSettings: () => {
      windows.openSettings();
      return done;
    },
  };
}
