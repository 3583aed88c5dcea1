import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createRateLimit, type RateLimit } from '../../../electron/feed/genesys/rate-limit.ts';
import { defaultLimits } from '../../../electron/feed/genesys/limits.ts';
import { createManualClock } from './manual-clock.ts';

const never = new AbortController().signal;

function rateLimitOf(over: Partial<typeof defaultLimits> = {}) {
  const clock = createManualClock();
  const rateLimit = createRateLimit({ host: 'api.example', clock, limits: { ...defaultLimits, ...over } });
  return { clock, rateLimit };
}

async function takeMany(rateLimit: RateLimit, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await rateLimit.take(never);
}

describe('the allowance of requests', () => {
  it('is below the 300 a minute of the server', () => {
    expect(defaultLimits.requestsPerMinute).toBeLessThan(300);
  });

  it('gives a request back with the time to wait when it is used up, and opens again', async () => {
    const { clock, rateLimit } = rateLimitOf({ requestsPerMinute: 3 });
    await takeMany(rateLimit, 3);
    await clock.advance(10_000);
    await expect(rateLimit.take(never)).rejects.toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: 50_000,
      mayHaveArrived: false,
    });
    await clock.advance(50_000);
    await takeMany(rateLimit, 3);
  });

  it('waits itself when it is only for a moment', async () => {
    const { clock, rateLimit } = rateLimitOf({ requestsPerMinute: 1 });
    await rateLimit.take(never);
    await clock.advance(58_000);
    let taken = false;
    const taking = rateLimit.take(never).then(() => (taken = true));
    await clock.advance(1_999);
    expect(taken).toBe(false);
    await clock.advance(1);
    await taking;
  });

  it('ends the wait of a request that is given up', async () => {
    const { clock, rateLimit } = rateLimitOf({ requestsPerMinute: 1 });
    await rateLimit.take(never);
    await clock.advance(58_000);
    const abort = new AbortController();
    const taking = rateLimit.take(abort.signal);
    abort.abort();
    await taking;
    expect(clock.pending).toEqual([]);
  });

  it('is closed while the server wants a pause', async () => {
    const { clock, rateLimit } = rateLimitOf();
    rateLimit.pause(30_000);
    await expect(rateLimit.take(never)).rejects.toMatchObject({ retryAfterMs: 30_000 });
    await clock.advance(30_000);
    await rateLimit.take(never);
  });

  it('is never exceeded in any minute, whatever the rhythm', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 60 }), async (pauses) => {
        const { clock, rateLimit } = rateLimitOf({ requestsPerMinute: 5 });
        const sent: number[] = [];
        for (const pause of pauses) {
          await clock.advance(pause);
          void rateLimit.take(never).then(
            () => sent.push(clock.now()),
            () => undefined,
          );
        }
        await clock.advance(60_000);
        for (const at of sent) {
          expect(sent.filter((other) => other > at - 60_000 && other <= at).length).toBeLessThanOrEqual(5);
        }
      }),
      { numRuns: 100 },
    );
  });
});

it('silence is called stale within two heartbeats of 30 s', () => {
  expect(defaultLimits.silenceMs + defaultLimits.pongMs).toBeLessThanOrEqual(2 * 30_000);
});
