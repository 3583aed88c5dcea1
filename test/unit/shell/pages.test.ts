import { expect, it, vi } from 'vitest';
import { createReloads } from '../../../electron/shell/pages.ts';
import { createManualClock } from '../feed/manual-clock.ts';

vi.mock('electron/main', () => ({}));

it('a page that ends is loaded again at once, and later and later where it ends again and again', async () => {
  const clock = createManualClock();
  const reload = vi.fn();
  const ended = createReloads(clock, reload);
  ended();
  expect(reload).toHaveBeenCalledTimes(1);
  let loads = 1;
  for (const pauseMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
    ended();
    await clock.advance(pauseMs - 1);
    expect(reload).toHaveBeenCalledTimes(loads);
    await clock.advance(1);
    loads += 1;
    expect(reload).toHaveBeenCalledTimes(loads);
  }
  // One that lived for a while ended for a reason of its own.
  await clock.advance(130_000);
  ended();
  expect(reload).toHaveBeenCalledTimes(loads + 1);
});
