import { MemoryProblem } from '../../domain/memory.ts';
import { copyMemory, type TaskPlace } from '../store/copies/client.ts';
import { graceMs } from '../store/copies/ladder.ts';
import {
  changedAt,
  clearStale,
  copiesIn,
  dropOlder,
  isStale,
  markStale,
  sizeOf,
} from '../store/copies/place.ts';
import { dropKept } from '../store/copies/replace.ts';

/** A copy is due when the last one is so old and something has changed since, in ms. */
export const dueAfterMs = 4 * 3_600_000;
/** The start is busy enough. */
export const firstLookMs = 2 * 60_000;
const lookEveryMs = 30 * 60_000;
/** A memory up to this many bytes is copied before the program ends, too: that takes a moment only. */
const quickBytes = 8 << 20;

export interface CopiesParts {
  /** Epoch ms. */
  readonly clock: () => number;
  /** Age at which records are deleted, ms; null when never. */
  readonly keepMs: () => number | null;
  /** What was to be copied is not whole. */
  readonly damaged: (problem: MemoryProblem) => void;
  readonly log: (message: string) => void;
}

export interface Copies {
  /** When the newest was made, epoch ms; null when there is none. */
  readonly lastAt: () => number | null;
  /** Why the last attempt made none, in words; empty when all is well. */
  readonly problem: () => string;
  /** Makes one if it is due. Never rejects. */
  readonly look: () => Promise<void>;
  /**
   * Deletes something, and then every copy that still has it: a fresh one takes their place. Where the
   * program ends before that, the next start makes up for it.
   */
  readonly without: <Value>(deleting: () => Promise<Value>) => Promise<Value>;
  /** No further looks; a last copy where that is due and quick. The memory is still open. */
  readonly close: () => Promise<void>;
  /** No further looks, no copy: the memory cannot be used. */
  readonly stop: () => Promise<void>;
}

/** Copies of the memory in use: now and then while it runs, and when it is closed. */
export function keepCopies(place: TaskPlace, parts: CopiesParts): Copies {
  const { folder } = place;
  const { clock, log } = parts;
  let problem = '';
  let under: Promise<void> = Promise.resolve();
  let stopped = false;

  const newestAt = (): number | null => copiesIn(folder)[0]?.at ?? null;

  function isDue(now: number): boolean {
    if (isStale(folder)) return true;
    const last = newestAt();
    const changed = changedAt(folder);
    // A copy from the future was made before the clock was set back, and says nothing.
    return last === null || last > now ? changed > 0 : now - last >= dueAfterMs && changed > last;
  }

  function dropExpired(now: number): void {
    const keepMs = parts.keepMs();
    if (keepMs === null) return;
    dropOlder(folder, now - keepMs - graceMs);
    dropKept(folder, now - keepMs - graceMs);
  }

  async function copy(): Promise<void> {
    const now = clock();
    const alone = isStale(folder);
    const { records } = await copyMemory(place, { now, keepMs: parts.keepMs(), alone });
    if (alone) clearStale(folder);
    problem = '';
    log(`copies: made one with ${String(records)} records${alone ? '; the older ones are gone' : ''}`);
  }

  function failed(error: unknown): void {
    problem = error instanceof Error ? error.message : String(error);
    log(`copies: none made: ${problem}`);
    if (error instanceof MemoryProblem && error.code === 'damaged') parts.damaged(error);
  }

  /** One after the other: two at once would take each other's unfinished files away. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    under = under.then(work).catch(failed);
    return under;
  }

  const look = (): Promise<void> =>
    inTurn(async () => {
      if (stopped) return;
      dropExpired(clock());
      if (isDue(clock())) await copy();
    });

  const first = setTimeout(() => void look(), firstLookMs);
  const every = setInterval(() => void look(), lookEveryMs);

  function stop(): Promise<void> {
    stopped = true;
    clearTimeout(first);
    clearInterval(every);
    return under;
  }

  return {
    lastAt: newestAt,
    problem: () => problem,
    look,
    without: async (deleting) => {
      markStale(folder);
      try {
        return await deleting();
      } finally {
        await inTurn(copy);
      }
    },
    stop,
    close: async () => {
      await stop();
      await inTurn(async () => {
        if (isDue(clock()) && sizeOf(folder) <= quickBytes) await copy();
      });
    },
  };
}
