import type { LinkState } from '../../../domain/feed.ts';
import type { Clock } from '../../../domain/toolbox/clock.ts';
import type { FeedLimits } from './limits.ts';
import type { SessionEnd } from './session.ts';

export interface SessionStatus {
  readonly opened: () => void;
  readonly live: () => void;
}

interface ReconnectLoopParts {
  readonly clock: Clock;
  readonly limits: FeedLimits;
  readonly random: () => number;
  readonly link: (state: LinkState) => void;
  /** After a refusal: the next try is perhaps another user's. */
  readonly forget: () => void;
  /** Runs one session until it ends, or until the signal is aborted. Never throws. */
  readonly run: (status: SessionStatus, signal: AbortSignal) => Promise<SessionEnd>;
}

/** One session after the other, with the waits between them. */
export interface ReconnectLoop {
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  /**
   * Ends the session or our own wait, and begins at once; from this moment nothing counts as live. A pause the server
   * asked for is kept.
   */
  readonly reconnect: () => void;
  /** Ends the session until the person acts. */
  readonly refuse: (reason: string) => void;
}

type Interruption = { readonly kind: 'again' } | { readonly kind: 'refused'; readonly reason: string };

/** Full jitter: anything between nothing and a bound that doubles, so that clients do not come in waves. */
function backOff(
  failures: number,
  { backOffBaseMs, backOffCapMs }: FeedLimits,
  random: () => number,
): number {
  return random() * Math.min(backOffCapMs, backOffBaseMs * 2 ** failures);
}

/** Long in any case; the second half of it by chance. */
function forbiddenPause(
  refusals: number,
  { forbiddenBaseMs, forbiddenCapMs }: FeedLimits,
  random: () => number,
): number {
  return (0.5 + random() / 2) * Math.min(forbiddenCapMs, forbiddenBaseMs * 2 ** refusals);
}

export function createReconnectLoop(parts: ReconnectLoopParts): ReconnectLoop {
  const { clock, limits, random, link, forget, run } = parts;
  let running: Promise<void> | null = null;
  let stopped = false;
  let session: AbortController | null = null;
  let interruption: Interruption | null = null;
  let wake = (): void => undefined;

  /** Sessions in a row that did not last. */
  let failures = 0;
  /** Those that ended with a 403 since the last one that was live. */
  let refusals = 0;
  let everLive = false;

  /** Resolves after `ms` (never, for null) or on stop; our own waits also when interrupted. */
  function wait(ms: number | null, whose: 'ours' | 'theirs'): Promise<void> {
    if (stopped || (whose === 'ours' && interruption)) return Promise.resolve();
    return new Promise((resolve) => {
      const cancelTimer = ms === null ? () => undefined : clock.after(ms, done);
      function done(): void {
        cancelTimer();
        wake = () => undefined;
        resolve();
      }
      wake = () => {
        if (stopped || whose === 'ours') done();
      };
    });
  }

  async function runOnce(): Promise<{ readonly end: SessionEnd; readonly wasLive: boolean }> {
    const controller = new AbortController();
    session = controller;
    let wasLive = false;
    let cancelStable = (): void => undefined;
    const end = await run(
      {
        opened() {
          if (everLive) link({ kind: 'stale' });
        },
        live() {
          // It was read before somebody asked to begin again.
          if (controller.signal.aborted) return;
          wasLive = true;
          everLive = true;
          refusals = 0;
          link({ kind: 'live' });
          // A session that moves to another socket is live again.
          cancelStable();
          cancelStable = clock.after(limits.stableMs, () => {
            failures = 0;
          });
        },
      },
      controller.signal,
    );
    cancelStable();
    session = null;
    return { end, wasLive };
  }

  async function waitForPerson(reason: string): Promise<void> {
    forget();
    failures = 0;
    link({ kind: 'refused', reason });
    await wait(null, 'ours');
  }

  async function waitToReconnect(end: SessionEnd, resuming: boolean): Promise<void> {
    if (stopped || interruption) return;
    if (end.kind === 'refused') {
      await waitForPerson(end.reason);
      return;
    }
    if (end.kind === 'forbidden') {
      const ms = forbiddenPause(refusals, limits, random);
      refusals += 1;
      forget();
      link({ kind: 'offline', reason: end.reason, retryAt: clock.now() + ms });
      await wait(ms, 'ours');
      return;
    }
    const serverMs = end.kind === 'lost' ? (end.retryAfterMs ?? 0) : 0;
    const atOnce = end.kind === 'again' && failures === 0;
    const ownMs = backOff(failures, limits, random);
    failures += 1;
    if (atOnce) return;
    if (resuming && serverMs === 0) {
      link({ kind: 'stale' });
    } else {
      link({ kind: 'offline', reason: end.reason, retryAt: clock.now() + Math.max(serverMs, ownMs) });
    }
    await wait(serverMs, 'theirs');
    await wait(Math.max(0, ownMs - serverMs), 'ours');
  }

  async function keepConnected(): Promise<void> {
    let resuming = false;
    while (!stopped) {
      link(resuming ? { kind: 'stale' } : { kind: 'connecting', attempt: failures + 1 });
      const { end, wasLive } = await runOnce();
      // Lost from a lasting link: most likely back in a moment, so it is not called offline yet.
      resuming = wasLive && failures === 0;
      await waitToReconnect(end, resuming);
      while (interruption) {
        const given: Interruption = interruption;
        interruption = null;
        if (given.kind === 'refused') {
          await waitForPerson(given.reason);
        } else {
          failures = 0;
          refusals = 0;
          resuming = everLive;
        }
      }
    }
  }

  function interrupt(next: Interruption): void {
    if (!running || stopped) return;
    interruption = next;
    session?.abort();
    wake();
  }

  return {
    start: () => {
      if (!stopped) running ??= keepConnected();
    },
    stop: async () => {
      stopped = true;
      session?.abort();
      wake();
      await running;
    },
    reconnect: () => {
      if (running && !stopped && session && everLive) link({ kind: 'stale' });
      interrupt({ kind: 'again' });
    },
    refuse: (reason) => {
      interrupt({ kind: 'refused', reason });
    },
  };
}
