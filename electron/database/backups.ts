import { DatabaseProblem } from '../../domain/database.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { createSerialQueue } from '../../domain/toolbox/serial-queue.ts';
import { makeBackup, type TaskPlace } from '../store/backups/run-task.ts';
import { graceMs } from '../store/backups/rotation.ts';
import {
  changedAt,
  clearStale,
  backupsIn,
  dropOlder,
  isStale,
  markStale,
  sizeOf,
} from '../store/backups/backup-files.ts';
import { dropKept, dropReplaced } from '../store/backups/replace-database.ts';

/** A backup is due when the last one is so old and something has changed since, in ms. */
export const dueAfterMs = 4 * 3_600_000;
/** The start is busy enough. */
const firstLookMs = 2 * 60_000;
const lookEveryMs = 30 * 60_000;
/** A database up to this many bytes is backed up before the program ends, too: that takes a moment only. */
const quickBytes = 8 << 20;

/** How long the end waits for a backup: one that is not made by then is made by the next start. */
const closingMs = 10_000;

export interface BackupParts {
  /** Epoch ms, this machine's clock. */
  readonly now: () => number;
  /** See `Tracker.agreedNow`: a clock alone, which may be wrong, makes nothing old. */
  readonly agreedNow: () => number | null;
  /** Age at which records are deleted, ms; null when never. */
  readonly keepMs: () => number | null;
  /** What was to be backed up is not whole. */
  readonly damaged: (problem: DatabaseProblem) => void;
  /** Something of what follows from the rest is damaged: it is to be made again. */
  readonly rebuild: () => Promise<void>;
  /** Finishes what a deletion still owes; nothing where it owes nothing. */
  readonly sweep: () => Promise<void>;
  readonly log: (message: string) => void;
}

/** How far a deletion is, for the backups that hold what it deletes. */
export interface DeletionProgress {
  /** From now on something may be gone. */
  readonly begins: () => void;
  /** Something is gone. */
  readonly removed: () => void;
}

/** What came of a deletion, and of the backups after it. */
export interface AfterDeletion<Value> {
  readonly value: Value;
  /** Why older backups still hold what was deleted, in words; empty when none does. */
  readonly problem: string;
}

export interface Backups {
  /** When the newest was made, epoch ms; null when there is none. */
  readonly lastAt: () => number | null;
  /** Why the last attempt made none, in words; empty when all is well. */
  readonly problem: () => string;
  /** Makes one if it is due. Never rejects. */
  readonly look: () => Promise<void>;
  /**
   * Deletes something, and then every backup that still has it: a fresh one takes their place. Where the
   * program ends before that, the next start makes up for it. Backups stay where nothing was deleted.
   * @throws what `work` throws
   */
  readonly deleting: <Value>(
    work: (progress: DeletionProgress) => Promise<Value>,
  ) => Promise<AfterDeletion<Value>>;
  /** Takes away what a restore replaced: all of the database was deleted, and it is that database. */
  readonly dropReplaced: () => void;
  /** No further looks; a last backup where that is due and quick. The database is still open. */
  readonly close: () => Promise<void>;
  /** No further looks, no backup, not a word: the database cannot be used. One under way is given up. */
  readonly stop: () => Promise<void>;
}

/** Backups of the database in use: now and then while it runs, and when it is closed. */
export function createBackups(place: TaskPlace, parts: BackupParts): Backups {
  const { folder } = place;
  const { agreedNow, log } = parts;
  let problem = '';
  /** One after the other: two at once would take each other's unfinished files away. */
  const queue = createSerialQueue();
  let stopped = false;
  const givenUp = new AbortController();
  /** Deletions that were begun, and those of them that go on. A backup may hold what one of these deletes. */
  let begun = 0;
  let deletions = 0;

  const newestAt = (): number | null => backupsIn(folder)[0]?.at ?? null;
  const now = (): number => agreedNow() ?? parts.now();

  function isDue(): boolean {
    if (isStale(folder)) return true;
    const last = newestAt();
    // The file system's time is this machine's.
    const changed = changedAt(folder);
    const since = changed + (now() - parts.now());
    // A backup from the future was made before the clock was set back, and says nothing.
    return last === null || last > now() ? changed > 0 : now() - last >= dueAfterMs && since > last;
  }

  function dropExpired(): void {
    const keepMs = parts.keepMs();
    const today = agreedNow();
    if (keepMs === null || today === null) return;
    dropOlder(folder, today - keepMs - graceMs);
    dropKept(folder, today - keepMs - graceMs);
  }

  async function makeOne(): Promise<void> {
    const before = begun;
    const hasAll = deletions === 0;
    const alone = isStale(folder);
    const options = { now: now(), keepMs: parts.keepMs(), alone, rotate: agreedNow() !== null };
    const { records, derivedFault } = await makeBackup(place, options, givenUp.signal);
    // What was begun meanwhile may be in it: then another one takes its place.
    if (alone && hasAll && begun === before) clearStale(folder);
    problem = '';
    if (derivedFault !== undefined) {
      log(`backups: rebuilt what follows from the records: ${derivedFault}`);
      await parts.rebuild();
    }
    log(`backups: made one with ${String(records)} records${alone ? '; the older ones are gone' : ''}`);
  }

  function failed(error: unknown): void {
    if (stopped) return;
    problem = reasonOf(error);
    log(`backups: none made: ${problem}`);
    if (error instanceof DatabaseProblem && error.code === 'damaged') parts.damaged(error);
  }

  async function sweep(): Promise<void> {
    await parts.sweep().catch((error: unknown) => {
      log(`backups: sweeping after a deletion: ${reasonOf(error)}`);
    });
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    return queue.run(() => work().catch(failed));
  }

  const look = (): Promise<void> =>
    inTurn(async () => {
      if (stopped) return;
      dropExpired();
      if (isDue()) await makeOne();
      // A reader may have stood in its way: a review, a backup.
      await sweep();
    });

  const first = setTimeout(() => void look(), firstLookMs);
  const every = setInterval(() => void look(), lookEveryMs);

  function noFurther(): void {
    stopped = true;
    clearTimeout(first);
    clearInterval(every);
  }

  /** Gives up a backup that goes on, and resolves when its thread has ended, or hangs. */
  function stop(): Promise<void> {
    noFurther();
    givenUp.abort();
    return queue.idle();
  }

  async function freshOne(): Promise<void> {
    await inTurn(async () => {
      if (stopped) return;
      await makeOne();
      await sweep();
    });
  }

  /** A deletion has ended, or broken off. @param mine its number */
  async function settle(
    done: { marked: boolean; removed: boolean },
    mine: number,
    wasStale: boolean,
  ): Promise<void> {
    deletions -= 1;
    if (done.removed) await freshOne();
    // Nothing was deleted: no backup has to go for it. Where another one was begun meanwhile, that one's mark stays.
    else if (done.marked && !wasStale && begun === mine && deletions === 0) clearStale(folder);
  }

  async function deleting<Value>(
    work: (progress: DeletionProgress) => Promise<Value>,
  ): Promise<AfterDeletion<Value>> {
    // A backup under way reads what is deleted, and keeps the log from being emptied.
    await queue.idle();
    const wasStale = isStale(folder);
    const done = { marked: false, removed: false };
    begun += 1;
    deletions += 1;
    const mine = begun;
    const progress: DeletionProgress = {
      begins: () => {
        if (!done.marked) markStale(folder);
        done.marked = true;
      },
      removed: () => {
        done.removed = true;
      },
    };
    let value: Value;
    try {
      value = await work(progress);
    } finally {
      await settle(done, mine, wasStale);
    }
    return { value, problem: done.removed && isStale(folder) ? problem : '' };
  }

  return {
    lastAt: newestAt,
    problem: () => problem,
    look,
    deleting,
    dropReplaced: () => {
      dropReplaced(folder);
    },
    stop,
    close: async () => {
      noFurther();
      const last = inTurn(async () => {
        if (isDue() && sizeOf(folder) <= quickBytes) await makeOne();
      });
      const timer = setTimeout(() => {
        givenUp.abort();
      }, closingMs);
      await last;
      clearTimeout(timer);
    },
  };
}
