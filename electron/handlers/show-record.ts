import type { ArchiveSource } from '../review/archive-source.ts';
import type { OpenedFile } from '../review/opened-file.ts';
import type { Windows } from '../shell/windows.ts';
import { leadTo, type StateStore } from '../tracker/state.ts';

interface ShowRecordParts {
  readonly store: Pick<StateStore, 'update'>;
  readonly windows: Pick<Windows, 'openReview'>;
  readonly openedFile: Pick<OpenedFile, 'close'>;
  readonly archiveSource: Pick<ArchiveSource, 'close'>;
}

export type ShowRecord = (key: string) => Promise<void>;

/** Opens one of the own records in the review. Somebody's opened file and the archive would not have it. */
export function createShowRecord({ store, windows, openedFile, archiveSource }: ShowRecordParts): ShowRecord {
  return async (key) => {
    archiveSource.close();
    await openedFile.close();
    leadTo(store, { record: key });
    windows.openReview();
  };
}
