import type { CallArguments } from '../../domain/ipc/contract.ts';
import { DatabaseProblem, type Review, type Verification } from '../../domain/database.ts';
import { documentLimit } from '../../domain/exported-record.ts';
import { maskDetail } from '../../domain/review/masked-detail.ts';
import { everything } from '../../domain/review/query.ts';
import { documentHtml, documentStyle, type DocumentParts } from '../../domain/review/record-document.ts';
import type { RecordDetail } from '../../domain/review/record-detail.ts';
import { asError, ok, reasonOf, refused, type Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import type { PrintedDocument } from '../shell/print-document.ts';
import { maskWordsOf } from '../store/mask-records.ts';
import type { LongTasks, Progress } from './long-task.ts';

export type DocumentRecords = CallArguments['makeDocument'][0]['records'];

interface Wanted {
  readonly longTasks: LongTasks;
  readonly review: Review;
  readonly records: DocumentRecords;
  readonly redact: boolean;
  /** The file or the printer, as the person reads of it while it is made. */
  readonly target: string;
  /** Looks at the whole database; null where the records come from somebody's exported file. */
  readonly verify: (() => Promise<Verification>) | null;
  /** Saves or prints it; false: the person changed their mind. */
  readonly put: (document: PrintedDocument, signal: AbortSignal) => Promise<boolean>;
  /** Why it could not be, in words. */
  readonly failed: (reason: string) => string;
  readonly about: Pick<DocumentParts, 'agent' | 'version' | 'reader' | 'timeZone'>;
}

/** Where paper is as wide as in these countries, and where not. */
const letterRegions = new Set(['US', 'CA', 'MX', 'PH', 'CL', 'CO']);

export function pageSizeOf(locale: string): PrintedDocument['pageSize'] {
  try {
    return letterRegions.has(new Intl.Locale(locale).maximize().region ?? '') ? 'Letter' : 'A4';
  } catch {
    return 'A4';
  }
}

/** Why there is no document of these records; null where there can be one. @throws DatabaseProblem */
export async function documentProblem(review: Review, records: DocumentRecords): Promise<string | null> {
  if (records.kind === 'one') return null;
  const count = await review.count(records.query ?? everything);
  if (count === 0) return say('review.pdf.none');
  return count > documentLimit ? say('review.pdf.tooMany', { limit: documentLimit, count }) : null;
}

async function keysOf(review: Review, records: DocumentRecords): Promise<readonly string[]> {
  if (records.kind === 'one') return [records.key];
  const oldestFirst = { by: 'time', descending: false } as const;
  const { lines } = await review.find(records.query ?? everything, oldestFirst, 0, documentLimit);
  return lines.map(({ key }) => key);
}

/** What became of each of them meanwhile: one that was deleted is left out without a word, as in the list. */
async function readAll(
  review: Review,
  records: DocumentRecords,
  { signal, expect, reached }: Progress,
): Promise<{ readonly details: readonly RecordDetail[]; readonly unread: number }> {
  const keys = await keysOf(review, records);
  expect(keys.length);
  const details: RecordDetail[] = [];
  let unread = 0;
  for (const key of keys) {
    signal.throwIfAborted();
    try {
      const detail = await review.record(key);
      if (detail) details.push(detail);
    } catch (error) {
      if (!(error instanceof DatabaseProblem && error.code === 'damaged') || records.kind === 'one')
        throw error;
      unread += 1;
    }
    reached(details.length);
  }
  return { details, unread };
}

/** With the same digests as in an export of the same search. */
async function maskAll(
  details: readonly RecordDetail[],
  review: Review,
  records: DocumentRecords,
): Promise<readonly RecordDetail[]> {
  const scope = records.kind === 'one' ? { key: records.key } : { query: records.query ?? everything };
  const words = maskWordsOf(await review.maskKey(scope));
  return details.map((detail) => maskDetail(detail, words));
}

/** What cannot be stopped goes on by itself; nobody waits for it. */
function unlessStopped<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(asError(signal.reason));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject);
  });
}

/** There is nothing to put on paper. */
class NothingToSave extends Error {}

/** `unread`: damaged records, which are not in it. */
interface Made {
  readonly records: number;
  readonly unread: number;
}

/**
 * Puts records on paper, in sight of the person and to be stopped by them. Null: it was stopped, or they changed their
 * mind.
 * @throws DatabaseProblem
 */
export async function makeDocument({
  longTasks,
  review,
  records,
  redact,
  target,
  verify,
  put,
  failed,
  about,
}: Wanted): Promise<Result<Made | null>> {
  try {
    const end = await longTasks.run('export', target, async (progress) => {
      const { details, unread } = await readAll(review, records, progress);
      if (details.length === 0) throw new NothingToSave(say('review.pdf.none'));
      const verification = verify && (await unlessStopped(verify(), progress.signal));
      const html = documentHtml({
        ...about,
        records: redact ? await maskAll(details, review, records) : details,
        unread,
        masked: redact,
        agent: redact ? null : about.agent,
        verification,
      });
      const pageSize = pageSizeOf(about.reader.locale);
      const isPut = await put({ html, style: documentStyle, pageSize }, progress.signal);
      return isPut ? { records: details.length, unread } : null;
    });
    switch (end.kind) {
      case 'done':
        return ok(end.value);
      case 'stopped':
        return ok(null);
      case 'busy':
        return refused(say('review.work.busy'));
    }
  } catch (error) {
    if (error instanceof DatabaseProblem) throw error;
    if (error instanceof NothingToSave) return refused(error.message);
    return refused(failed(reasonOf(error)));
  }
}
