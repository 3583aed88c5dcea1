import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Review } from '../../domain/database.ts';
import type { ReviewState } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';
import { openImported, type ImportedDatabase } from '../store/import.ts';
import type { NumberedLine } from '../store/import-lines.ts';
import { linesOf } from '../store/lines.ts';
import type { StateStore } from '../tracker/state.ts';
import { workerFile, type Paths } from '../paths.ts';
import type { Progress, WorkKeeper } from './long-task.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';

interface OpenedFileParts {
  readonly store: StateStore;
  readonly paths: Paths;
  readonly work: WorkKeeper;
  readonly log: (line: string) => void;
}

/** Somebody's exported file, in a database of its own that passes. At most one. */
export interface OpenedFile {
  /** Null while none is open. */
  readonly review: () => Review | null;
  /** Opens this one instead of the one that is open; a reason in words when it cannot be, and all stays as it is. */
  readonly open: (file: string) => Promise<string | null>;
  readonly close: () => Promise<void>;
  /** Nobody looks at it any more: what is being read of a file is given up too. */
  readonly leave: () => Promise<void>;
  /** Removes what an earlier run had no time to. */
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
const patience = 100;
const problemsTold = 5;

/** The file is no export of ours; the message says so to the person. */
class WrongFile extends Error {}

/** What is known of the lines so far. */
class Reading {
  records = 0;
  unreadable = 0;
  readonly problems: string[] = [];

  cannotRead(number: number, reason: string): void {
    this.unreadable += 1;
    if (this.problems.length < problemsTold) this.problems.push(say('review.file.line', { number, reason }));
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
    reading.judge(name, reading.unreadable >= patience);
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

export function createOpenedFile({ store, paths, work, log }: OpenedFileParts): OpenedFile {
  const folder = join(paths.data, 'opened');
  let current: Read | null = null;
  /** Counts the times somebody left: a file that was still being read then is wanted no more. */
  let left = 0;
  let clearing: Promise<void> = Promise.resolve();

  function show(file: FileState | null): void {
    store.update(({ review }) => ({ review: { ...review, file, revision: review.revision + 1 } }));
  }

  async function read(file: string, progress: Progress): Promise<Read> {
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
    if (was) clearing = clearing.then(() => was.database.close());
    await clearing;
  }

  async function close(): Promise<void> {
    if (current) await swap(null);
    else await clearing;
  }

  return {
    review: () => current?.database.review ?? null,
    open: async (file) => {
      const since = left;
      try {
        const end = await work.run('import', file, (progress) => read(file, progress));
        if (end.kind === 'busy') return say('review.work.busy');
        if (end.kind !== 'done') return null;
        if (since === left) await swap(end.value);
        else await end.value.database.close();
        return null;
      } catch (error) {
        if (error instanceof WrongFile) return error.message;
        const reason = reasonOf(error);
        return say('review.file.failed', { file: basename(file), reason });
      }
    },
    close,
    leave: async () => {
      left += 1;
      if (store.model.getState().review.work?.kind === 'import') await work.stop();
      await close();
    },
    // Where that cannot be (a file in the place of the folder, a read-only disk), there are none that matter.
    clearLeftovers: () => rm(folder, { recursive: true, force: true }).catch(() => undefined),
  };
}
