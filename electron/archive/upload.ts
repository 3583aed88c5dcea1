import { archiveLimits, type SessionAnswer } from '../../domain/archive/wire.ts';
import type {
  ArchiveCounts,
  ArchiveQueue,
  LineMaking,
  LineOutcome,
  QueuedLine,
} from '../../domain/archive/queue.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { oneLine } from '../feed/genesys/http-problem.ts';
import { plainLine } from '../../domain/words/plain-line.ts';
import { ArchiveProblem } from './archive-problem.ts';
import type { ArchiveClient } from './archive-client.ts';

/** Why nothing is sent for now. */
export type Wait = 'database' | 'sharing' | 'metered';

/** How a round of sending ended. */
export type RoundEnd =
  /** Nothing waits any more. */
  | { readonly kind: 'done' }
  | { readonly kind: 'waits'; readonly wait: Wait }
  /** Tried again after so long, ms. */
  | { readonly kind: 'failed'; readonly problem: ArchiveProblem; readonly retryMs: number };

export interface UploadParts {
  readonly client: ArchiveClient;
  /** Null while the database is not open. */
  readonly queue: () => ArchiveQueue | null;
  readonly making: () => Pick<LineMaking, 'mask' | 'now'>;
  /** Asked before each batch. */
  readonly wait: () => Promise<Wait | null>;
  readonly newDevice: () => string;
  /** The archive said who asks. */
  readonly identified: (answer: SessionAnswer) => void;
  readonly counted: (counts: ArchiveCounts) => void;
  /** Lines of this desk that the archive says it has not received. */
  readonly missing: (lines: number) => void;
  readonly clock: Clock;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

export interface Upload {
  /** Sends what waits, a batch after the other. Never two at once; rejects only where the database fails. */
  readonly round: () => Promise<RoundEnd>;
}

const shortestRetryMs = 2_000;
const longestRetryMs = 5 * 60_000;
/** A batch that took longer went over a slow line: the line gets as much time for itself again, twice. */
const slowMs = 2_000;

export function createUpload(parts: UploadParts): Upload {
  const { client, clock, random, signal } = parts;
  /** Where the archive said no to many at once, fewer go; then more again. */
  let most: number = archiveLimits.records;
  let failures = 0;
  let isMet = false;

  async function meet(queue: ArchiveQueue): Promise<LineMaking> {
    const answer = await client.session(signal);
    parts.identified(answer);
    const identity = { agentId: answer.agent.id, maskKey: answer.maskKey };
    if (!isMet) {
      const { seq, missing } = await client.checkpoint(await queue.device(), signal);
      await queue.met(identity, seq, parts.newDevice());
      parts.missing(missing);
      isMet = true;
    }
    return { ...identity, ...parts.making() };
  }

  /** False when nothing waits. */
  async function sendBatch(queue: ArchiveQueue): Promise<boolean> {
    // Once it was met, the archive is not asked for nothing.
    if (isMet && (await queue.counts()).waiting === 0) return false;
    const making = await meet(queue);
    while (await queue.fill(making)) signal.throwIfAborted();
    const lines = await queue.batch(most, archiveLimits.bytes);
    if (lines.length === 0) return false;
    const began = clock.now();
    const outcomes = await deliver(lines);
    parts.counted(await queue.answered(outcomes));
    const took = clock.now() - began;
    if (took > slowMs) await pause(2 * took);
    return true;
  }

  async function deliver(lines: readonly QueuedLine[]): Promise<readonly LineOutcome[]> {
    try {
      const results = await client.send(
        lines.map(({ text }) => text),
        signal,
      );
      most = Math.min(archiveLimits.records, most * 2);
      return results.flatMap(({ outcome, reason = '' }, at) => {
        const line = lines[at];
        return line ? [{ seq: line.seq, outcome, reason: oneLine(plainLine(reason)) }] : [];
      });
    } catch (error) {
      // One of them must not hold up the others: it is found by halves.
      const [first] = lines;
      if (!isAboutLines(error) || !first) throw error;
      if (lines.length === 1) return [{ seq: first.seq, outcome: 'refused', reason: error.message }];
      most = Math.ceil(lines.length / 2);
      return [];
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(ms, resolve);
      signal.addEventListener(
        'abort',
        () => {
          cancel();
          resolve();
        },
        { once: true },
      );
    });
  }

  /** Doubling, half of it by chance, so that desks do not come in waves; never before the archive wants it. */
  function retryMs({ retryAfterMs }: ArchiveProblem): number {
    const whole = Math.min(longestRetryMs, shortestRetryMs * 2 ** failures);
    failures += 1;
    const spread = whole / 2 + (random() * whole) / 2;
    return retryAfterMs === null ? spread : retryAfterMs + random() * Math.max(whole, retryAfterMs / 2);
  }

  return {
    round: async () => {
      for (;;) {
        const queue = parts.queue();
        const wait = queue === null ? 'database' : await parts.wait();
        if (queue === null || wait !== null) return { kind: 'waits', wait: wait ?? 'database' };
        try {
          if (!(await sendBatch(queue))) return { kind: 'done' };
          failures = 0;
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof ArchiveProblem)) throw error;
          return { kind: 'failed', problem: error, retryMs: retryMs(error) };
        }
      }
    },
  };
}

/** The archive could not take the batch as it was, and would not take it later either. */
function isAboutLines(error: unknown): error is ArchiveProblem {
  return error instanceof ArchiveProblem && (error.kind === 'bad-request' || error.kind === 'too-large');
}
