import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Review } from '../../domain/database.ts';
import type { ReviewState } from '../../domain/state.ts';
import { createSerialQueue } from '../../domain/toolbox/serial-queue.ts';
import { done, reasonOf, refused, type Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import { fileReason } from '../store/export-file.ts';
import { openImported, type ImportedDatabase } from '../store/imported-database.ts';
import type { NumberedLine } from '../store/import-records.ts';
import { linesOf } from '../store/file-lines.ts';
import type { StateStore } from '../tracker/state.ts';
import { workerFile, type Paths } from '../paths.ts';
import type { LongTasks, Progress } from './long-task.ts';

interface OpenedFileParts {
  readonly store: StateStore;
  readonly paths: Pick<Paths, 'out' | 'data'>;
  readonly longTasks: LongTasks;
  readonly log: (line: string) => void;
}

/** Somebody's exported file, in a temporary database of its own. At most one. */
export interface OpenedFile {
  /** Null while none is open. */
  readonly review: () => Review | null;
  /** Opens this one instead of the one that is open; when it cannot be, all stays as it is. */
  readonly open: (file: string) => Promise<Result>;
  readonly close: () => Promise<void>;
  /** Nobody looks at it any more: a file that is still being read is given up too. */
  readonly leave: () => Promise<void>;
  /** Removes what an earlier run had no time to; before the first file is opened at the latest. */
  readonly clearLeftovers: () => Promise<void>;
}

type FileState = NonNullable<ReviewState['file']>;
interface Read {
  readonly database: ImportedDatabase;
  readonly state: FileState;
}

/** Handed to the thread at once: so many lines, or so many characters where they are long. */
const batchSize = 1_000;
const batchLength = 4_000_000;
/** More lines than this without one record: it is another kind of file. */
const linesWithoutRecord = 100;
const problemsShown = 5;

/** The file is no export of ours; the message says so to the person. */
class WrongFile extends Error {}

/** What is known of the lines so far. */
class Reading {
  records = 0;
  unreadable = 0;
  readonly problems: string[] = [];

  cannotRead(number: number, reason: string): void {
    this.unreadable += 1;
    if (this.problems.length < problemsShown) this.problems.push(say('review.file.line', { number, reason }));
  }
  /** @throws WrongFile when there is no record in what was read, and that was enough */
  judge(name: string, isEnough: boolean): void {
    if (this.records > 0 || !isEnough) return;
    throw new WrongFile(
      this.unreadable === 0
        ? say('review.file.empty', { file: name })
        : say('review.file.wrong', { file: name }),
    );
  }
}

async function readInto(database: ImportedDatabase, file: string, progress: Progress): Promise<FileState> {
  const name = basename(file);
  const reading = new Reading();
  let batch: NumberedLine[] = [];
  let length = 0;

  async function add(): Promise<void> {
    const { records, problems } = await database.add(batch);
    batch = [];
    length = 0;
    for (const { number, reason } of problems) reading.cannotRead(number, reason);
    reading.records = records;
    progress.reached(records);
    reading.judge(name, reading.unreadable >= linesWithoutRecord);
  }

  let first = true;
  for await (const { number, text } of linesOf(file, progress.signal)) {
    // An export as JSON: its last line alone would pass for a record.
    if (first && text?.startsWith('[')) throw new WrongFile(say('review.file.wrong', { file: name }));
    first = false;
    if (text === null) {
      if (batch.length > 0) await add();
      reading.cannotRead(number, say('review.file.tooLong'));
      // One endless line is no list of records.
      reading.judge(name, true);
    } else {
      batch.push({ number, text });
      length += text.length;
    }
    if (batch.length >= batchSize || length >= batchLength) await add();
    progress.signal.throwIfAborted();
  }
  await add();
  reading.judge(name, true);
  const { records, unreadable, problems } = reading;
  return { name, records, unreadable, problems };
}

export function createOpenedFile({ store, paths, longTasks, log }: OpenedFileParts): OpenedFile {
  const folder = join(paths.data, 'opened');
  let current: Read | null = null;
  /** Counts the times somebody left: a file that was still being read then is not wanted any more. */
  let timesLeft = 0;
  const closing = createSerialQueue();

  function show(file: FileState | null): void {
    store.update(({ review }) => ({ review: { ...review, file, revision: review.revision + 1 } }));
  }

  let clearing: Promise<void> | null = null;
  // Where that cannot be (a file in the place of the folder, a read-only disk), there are none that matter.
  const clearLeftovers = (): Promise<void> =>
    (clearing ??= rm(folder, { recursive: true, force: true }).catch(() => undefined));

  async function read(file: string, progress: Progress): Promise<Read> {
    await clearLeftovers();
    const database = await openImported({
      folder: join(folder, randomUUID()),
      workerFile: workerFile(paths.out),
      onFailure: (problem) => {
        log(`opened file: ${problem.message}`);
      },
    });
    try {
      return { database, state: await readInto(database, file, progress) };
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async function swap(next: Read | null): Promise<void> {
    const was = current;
    current = next;
    show(next?.state ?? null);
    if (was) await closing.run(() => was.database.close());
    else await closing.idle();
  }

  async function close(): Promise<void> {
    if (current) await swap(null);
    else await closing.idle();
  }

  return {
    review: () => current?.database.review ?? null,
    open: async (file) => {
      const since = timesLeft;
      try {
        const end = await longTasks.run('import', file, (progress) => read(file, progress));
        if (end.kind === 'busy') return refused(say('review.work.busy'));
        if (end.kind !== 'done') return done;
        if (since === timesLeft) await swap(end.value);
        else await end.value.database.close();
        return done;
      } catch (error) {
        if (error instanceof WrongFile) return refused(error.message);
        const reason = fileReason(error, 'file.missing') ?? reasonOf(error);
        return refused(say('review.file.failed', { file: basename(file), reason }));
      }
    },
    close,
    leave: async () => {
      timesLeft += 1;
      if (store.model.getState().review.task?.kind === 'import') await longTasks.stop();
      await close();
    },
    clearLeftovers,
  };
}
