import type { Review } from '../../domain/database.ts';
import type { Snapshot } from '../../domain/state.ts';
import { agentFigures, figuresWithoutNames } from '../../domain/review/agent-figures.ts';
import type { Figure } from '../../domain/review/chart-figures.ts';
import { everything } from '../../domain/review/query.ts';
import { withSearch, type WrittenSearch } from '../../domain/review/search-parts.ts';
import type { NamedCount } from '../../domain/review/suggestions.ts';
import {
  isOnAir,
  detailWithoutNames,
  listingWithoutNames,
  lookWithoutNames,
} from '../../domain/review/privacy.ts';
import { systemCodeOf } from '../../domain/model/values.ts';
import { done, ok, reasonOf, refused } from '../../domain/toolbox/result.ts';
import { byteOrderMark } from '../../domain/words/csv-line.ts';
import { say } from '../../domain/words/say.ts';
import type { HandlersOf } from '../ipc/router.ts';
import type { ArchiveSource } from '../review/archive-source.ts';
import type { OpenedFile } from '../review/opened-file.ts';
import { askWhatToOpen, askWhereToSave } from '../shell/file-dialogs.ts';
import type { Windows } from '../shell/windows.ts';
import { writePrivateFile } from '../store/export-file.ts';
import { leadTo, type StateStore } from '../tracker/state.ts';
import type { CommunicationCommands } from './communication-commands.ts';
import type { StepTextSize } from './settings.ts';
import type { RecordCalls } from './record-calls.ts';

export interface ReviewHandlerParts {
  readonly store: StateStore;
  readonly records: RecordCalls;
  /** Somebody's exported file, looked at instead of the own records. */
  readonly openedFile: OpenedFile;
  readonly archiveSource: ArchiveSource;
  readonly stepTextSize: StepTextSize;
  readonly windows: Pick<Windows, 'windowOf' | 'openSettings' | 'focus'>;
  readonly commands: Pick<CommunicationCommands, 'correct'>;
  readonly snapshot: () => Snapshot;
}

/** Of what this window asks while somebody types, only the last is answered. */
const asker = 'review';

/** Those that have a name people know; the records of a queue or code in all. */
function namesOf(figures: readonly Figure[]): NamedCount[] {
  return figures
    .filter(({ name, code }) => name !== '' && name !== code && systemCodeOf(code) === null)
    .map(({ name, shares }) => ({ name, records: shares }));
}

/** The calls of the review, in the order of the call map. One source at a time: the own records, an opened file or the archive. */
export function createReviewHandlers(parts: ReviewHandlerParts): HandlersOf<'review'> {
  const { store, records, openedFile, archiveSource, windows } = parts;
  const source = (): Review | null => openedFile.review() ?? archiveSource.review() ?? records.own();
  /** Why nothing of it can be deleted; null where it can. */
  const readOnly = (): string | null => {
    if (openedFile.review()) return say('review.file.readOnly');
    return archiveSource.review() ? say('review.archive.readOnly') : null;
  };
  const onAir = (): boolean => isOnAir(store.model.getState().communications);
  /** Of one account or file, and never on the disk: they name customers. */
  const searches = new WeakMap<Review, readonly WrittenSearch[]>();
  const ownWindow = () => windows.windowOf('review');

  return {
    getSnapshot: () => ok(parts.snapshot()),
    findRecords: ({ query, order, from, count }) =>
      records.ask(source(), async (review) => {
        const page = await review.find(query, order, from, count, asker);
        // Asked when the answer is there: the screen may have gone on air meanwhile.
        return onAir() ? { ...page, lines: page.lines.map(listingWithoutNames) } : page;
      }),
    readSearchNames: () =>
      records.ask(source(), async (review) => {
        const isCounted = review !== archiveSource.review();
        const queues = isCounted ? await review.figures(everything, 'queue') : [];
        const codes = isCounted ? await review.figures(everything, 'code') : [];
        // What was searched for may name a customer.
        const recent = onAir() ? [] : (searches.get(review) ?? []);
        return { queues: namesOf(queues), codes: namesOf(codes), recent };
      }),
    keepSearch: (search) => {
      const review = source();
      if (review) searches.set(review, withSearch(searches.get(review) ?? [], search));
      return done;
    },
    countRecords: ({ query }) => records.ask(source(), (review) => review.count(query, asker)),
    readRecord: ({ key }) =>
      records.ask(source(), async (review) => {
        const detail = await review.record(key);
        return detail && onAir() ? detailWithoutNames(detail) : detail;
      }),
    correctWrapUp: ({ key }) => {
      const reply = parts.commands.correct(key);
      if (reply.ok) windows.focus();
      return reply;
    },
    readFacts: async ({ key, after }) => {
      const reply = await records.ask(source(), (review) => review.facts(key, after));
      return onAir() ? refused(say('review.hidden.facts')) : reply;
    },
    readFigures: ({ query, by }) => records.ask(source(), (review) => review.figures(query, by, asker)),
    exportRecords: (wanted) =>
      records.exportTo(
        ownWindow(),
        { review: source(), opened: readOnly() !== null, counted: source() !== archiveSource.review() },
        wanted,
      ),
    makeDocument: (wanted) => {
      // The archive does not say how many there are, and paper has a limit.
      if (
        wanted.records.kind === 'found' &&
        source() === archiveSource.review() &&
        archiveSource.review() !== null
      )
        return Promise.resolve(refused(say('review.archive.pdf')));
      // The system's dialog may show the pages.
      if (wanted.to === 'printer' && onAir()) return Promise.resolve(refused(say('review.print.onAir')));
      return records.makeDocument(ownWindow(), { review: source(), opened: readOnly() !== null }, wanted);
    },
    stopTask: () => records.stopTask(),
    openFile: () =>
      records.whileFree(async () => {
        const file = await askWhatToOpen(ownWindow(), 'ndjson');
        if (file === null) return done;
        const reply = await openedFile.open(file);
        if (openedFile.review() !== null) archiveSource.close();
        return reply;
      }),
    closeFile: async () => {
      await openedFile.close();
      return done;
    },
    chooseSource: async ({ source: chosen }) => {
      if (chosen === 'desk') archiveSource.close();
      else if (!archiveSource.open()) return refused(say('review.archive.none'));
      await openedFile.close();
      return done;
    },
    readLooks: async ({ after }) => {
      const archived = archiveSource.review();
      if (archived === null) return refused(say('review.archive.none'));
      return records.ask(archived, async () => {
        const { access, next } = await archived.looks(after);
        return { access: onAir() ? access.map(lookWithoutNames) : access, next };
      });
    },
    readAgentFigures: async ({ query }) => {
      const archived = archiveSource.review();
      if (archived === null) return refused(say('review.archive.none'));
      return records.ask(archived, async () => {
        const figures = agentFigures(await archived.byAgent(query));
        return onAir() ? figuresWithoutNames(figures) : figures;
      });
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
    planDeletion: (what) => {
      const why = readOnly();
      return why === null ? records.planDeletion(what) : refused(why);
    },
    deleteRecords: (what) => {
      const why = readOnly();
      return why === null ? records.deleteRecords(what) : refused(why);
    },
    stepTextSize: ({ step }) => parts.stepTextSize(step),
    openSettings: (to) => {
      if (to) leadTo(store, to);
      windows.openSettings();
      return done;
    },
  };
}
