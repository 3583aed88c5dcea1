import type { Clock } from '../../../domain/toolbox/clock.ts';
import { say } from '../../../domain/words/say.ts';
import { HttpProblem } from './http-problem.ts';
import type { FeedLimits } from './limits.ts';

/**
 * 300 requests a minute and token are allowed (Genesys Cloud, "Rate limits"). Never more than our share in any
 * 60 s, whenever the server's minute begins, and none in a pause the server asked for.
 */
export interface RateLimit {
  /**
   * Resolves when a request may be sent. Throws a `rate-limited` `HttpProblem` when that would take longer than
   * `rateLimitWaitMs`: whoever asked decides what is worth coming back for.
   */
  take(signal: AbortSignal): Promise<void>;
  /** The server asked for a pause of `ms` (a 429 with `Retry-After`). */
  pause(ms: number): void;
}

interface RateLimitParts {
  readonly host: string;
  readonly clock: Clock;
  readonly limits: FeedLimits;
}

const windowMs = 60_000;

export function createRateLimit({ host, clock, limits }: RateLimitParts): RateLimit {
  /** When each request of the last minute was, or will be, sent; oldest first. */
  let sent: number[] = [];
  let pausedUntil = 0;

  function nextSlot(now: number): number {
    // A clock that was set back would leave us waiting for times already counted.
    sent = sent.filter((at) => at > now - windowMs && at <= now + windowMs);
    const oldest = sent.length < limits.requestsPerMinute ? undefined : sent.at(-limits.requestsPerMinute);
    return Math.max(now, pausedUntil, oldest === undefined ? now : oldest + windowMs);
  }

  return {
    async take(signal) {
      const now = clock.now();
      const at = nextSlot(now);
      const waitMs = at - now;
      if (waitMs > limits.rateLimitWaitMs) {
        throw new HttpProblem({
          kind: 'rate-limited',
          reason: say('feed.request.tooOften', { host, seconds: Math.ceil(waitMs / 1000) }),
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
