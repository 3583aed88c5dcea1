import type { CallReplies, Reply } from '../../domain/ipc/contract.ts';
import type { Review } from '../../domain/database.ts';
import type { ExportedRecord } from '../../domain/exported-record.ts';
import { everything, type ReviewQuery } from '../../domain/review/query.ts';
import { say } from '../../domain/words/say.ts';
import type { ExportOptions } from '../store/export.ts';
import { exportToFile } from '../store/export-file.ts';
import type { Progress, WorkKeeper } from './long-task.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';

interface Wanted {
  readonly work: WorkKeeper;
  readonly review: Review;
  /** Null: every record. */
  readonly query: ReviewQuery | null;
  readonly file: string;
  readonly options: Pick<ExportOptions, 'format' | 'redact' | 'opened'>;
}

async function* followed(
  records: AsyncIterable<ExportedRecord>,
  reached: Progress['reached'],
): AsyncGenerator<ExportedRecord> {
  let done = 0;
  for await (const record of records) {
    yield record;
    done += 1;
    reached(done);
  }
}

/** Writes records into a file, in sight of the person and to be stopped by them; what was there before stays then. */
export async function exportRecords({
  work,
  review,
  query,
  file,
  options,
}: Wanted): Promise<Reply<CallReplies['exportRecords']>> {
  let unread = 0;
  const onUnread = (more: number): void => {
    unread += more;
  };
  try {
    const end = await work.run('export', file, async (progress) => {
      const about = query ?? everything;
      progress.of(await review.count(about));
      const { signal, reached } = progress;
      return exportToFile(followed(review.records(about, onUnread), reached), file, { ...options, signal });
    });
    switch (end.kind) {
      case 'done':
        return { ok: true, value: { file, records: end.value, unread } };
      case 'stopped':
        return { ok: true, value: null };
      case 'busy':
        return { ok: false, reason: say('review.work.busy') };
    }
  } catch (error) {
    const reason = reasonOf(error);
    return { ok: false, reason: say('settings.fileFailed', { file, reason }) };
  }
}
