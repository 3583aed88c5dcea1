import type { CallReplies } from '../../domain/ipc/contract.ts';
import type { Review } from '../../domain/database.ts';
import type { ExportedRecord } from '../../domain/exported-record.ts';
import { everything, type ReviewQuery } from '../../domain/review/query.ts';
import { ok, reasonOf, refused, type Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import type { ExportOptions } from '../store/export.ts';
import { exportToFile } from '../store/export-file.ts';
import type { Progress, LongTasks } from './long-task.ts';

interface Wanted {
  readonly longTasks: LongTasks;
  readonly review: Review;
  /** It can say how many there are. */
  readonly counted: boolean;
  /** Null: every record. */
  readonly query: ReviewQuery | null;
  readonly file: string;
  readonly redact: boolean;
  readonly options: Pick<ExportOptions, 'format' | 'headings' | 'opened'>;
}

async function* countedOff(
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
  longTasks,
  review,
  counted,
  query,
  file,
  redact,
  options,
}: Wanted): Promise<Result<CallReplies['exportRecords']>> {
  let unread = 0;
  const onUnread = (more: number): void => {
    unread += more;
  };
  try {
    const end = await longTasks.run('export', file, async (progress) => {
      const about = query ?? everything;
      if (counted) progress.expect(await review.count(about));
      const { signal, reached } = progress;
      const maskKey = redact ? await review.maskKey({ query: about }) : null;
      const records = countedOff(review.records(about, onUnread), reached);
      return exportToFile(records, file, { ...options, maskKey, signal });
    });
    switch (end.kind) {
      case 'done':
        return ok({ file, records: end.value, unread });
      case 'stopped':
        return ok(null);
      case 'busy':
        return refused(say('review.work.busy'));
    }
  } catch (error) {
    return refused(say('settings.fileFailed', { file, reason: reasonOf(error) }));
  }
}
