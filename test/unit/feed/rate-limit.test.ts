import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createBudget, type Budget } from '../../../electron/feed/genesys/rate-limit.ts';
import { defaultLimits } from '../../../electron/feed/genesys/limits.ts';
import { createManualClock } from './manual-clock.ts';

const never = new AbortController().signal;

function budgetOf(over: Partial<typeof defaultLimits> = {}) {
  const clock = createManualClock();
  const budget = createBudget({ host: 'api.example', clock, limits: { ...defaultLimits, ...over } });
  return { clock, budget };
}

async function takeMany(budget: Budget, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await budget.take(never);
}

describe('the allowance of requests', () => {
  it('is below the 300 a minute of the server', () => {
    expect(defaultLimits.requestsPerMinute).toBeLessThan(300);
  });

  it('gives a request back with the time to wait when it is used up, and opens again', async () => {
    const { clock, budget } = budgetOf({ requestsPerMinute: 3 });
    await takeMany(budget, 3);
    await clock.advance(10_000);
    await expect(budget.take(never)).rejects.toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: 50_000,
      mayHaveArrived: false,
    });
    await clock.advance(50_000);
    await takeMany(budget, 3);
  });

  it('waits itself when it is only for a moment', async () => {
    const { clock, budget } = budgetOf({ requestsPerMinute: 1 });
    await budget.take(never);
    await clock.advance(58_000);
    let taken = false;
    const taking = budget.take(never).then(() => (taken = true));
    await clock.advance(1_999);
    expect(taken).toBe(false);
    await clock.advance(1);
    await taking;
  });

  it('ends the wait of a request that is given up', async () => {
    const { clock, budget } = budgetOf({ requestsPerMinute: 1 });
    await budget.take(never);
    await clock.advance(58_000);
    const abort = new AbortController();
    const taking = budget.take(abort.signal);
    abort.abort();
    await taking;
    expect(clock.pending).toEqual([]);
  });

  it('is closed while the server wants a pause', async () => {
    const { clock, budget } = budgetOf();
    budget.pause(30_000);
    await expect(budget.take(never)).rejects.toMatchObject({ retryAfterMs: 30_000 });
    await clock.advance(30_000);
    await budget.take(never);
  });

  it('is never exceeded in any minute, whatever the rhythm', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 60 }), async (pauses) => {
        const { clock, budget } = budgetOf({ requestsPerMinute: 5 });
        const sent: number[] = [];
        for (const pause of pauses) {
          await clock.advance(pause);
          void budget.take(never).then(
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
