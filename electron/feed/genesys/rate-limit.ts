import type { Clock } from '../../../domain/toolbox/clock.ts';
import type { FeedLimits } from './limits.ts';
import { HttpProblem } from './http-problem.ts';

/**
 * The allowance of requests: 300 a minute and token (Genesys Cloud, "Rate limits"). Never more than our share
 * in any 60 s, so that it does not matter when the server's minute begins, and none while the server wants a
 * pause.
 */
export interface Budget {
  /**
   * Resolves when a request may be sent. Throws a `rate-limited` `HttpProblem` when that would take longer
   * than `budgetWaitMs`: whoever asked decides what is worth coming back for.
   */
  take(signal: AbortSignal): Promise<void>;
  /** The server asked to be left alone for `ms`. */
  pause(ms: number): void;
}

export interface BudgetOptions {
  readonly host: string;
  readonly clock: Clock;
  readonly limits: FeedLimits;
}

const windowMs = 60_000;

export function createBudget({ host, clock, limits }: BudgetOptions): Budget {
  /** When each request of the last minute was, or will be, sent; oldest first. */
  let sent: number[] = [];
  let pausedUntil = 0;

  function nextSlot(now: number): number {
    // A clock that was set back would otherwise leave us waiting for times that have been.
    sent = sent.filter((at) => at > now - windowMs && at <= now + windowMs);
    const oldest = sent.length < limits.requestsPerMinute ? undefined : sent.at(-limits.requestsPerMinute);
    return Math.max(now, pausedUntil, oldest === undefined ? now : oldest + windowMs);
  }

  return {
    async take(signal) {
      const now = clock.now();
      const at = nextSlot(now);
      const waitMs = at - now;
      if (waitMs > limits.budgetWaitMs) {
        throw new HttpProblem({
          kind: 'rate-limited',
          reason: `${host} is asked too often; Sharelight pauses for ${String(Math.ceil(waitMs / 1000))} s.`,
          retryAfterMs: waitMs,
          mayHaveArrived: false,
        });
      }
      sent.push(at);
      if (waitMs > 0) await wait(clock, waitMs, signal);
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
    },
  };
}

function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancelTimer();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancelTimer = clock.after(ms, done);
    signal.addEventListener('abort', done);
  });
}
