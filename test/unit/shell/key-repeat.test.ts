import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createPresses, type Presses } from '../../../electron/shell/key-repeat.ts';
import { createManualClock, type ManualClock } from '../feed/manual-clock.ts';

let clock: ManualClock;
let pressed: ReturnType<typeof vi.fn<() => void>>;
let presses: Presses;
beforeEach(() => {
  clock = createManualClock();
  pressed = vi.fn<() => void>();
  presses = createPresses(clock, pressed);
});

/** The system says that the key is down at these moments, ms after each other. */
async function down(...gaps: readonly number[]): Promise<void> {
  for (const gap of gaps) {
    await clock.advance(gap);
    presses.press();
  }
}

describe('a key', () => {
  it('that is pressed counts at once', async () => {
    await down(0);
    expect(pressed).toHaveBeenCalledTimes(1);
  });

  it.each([80, 190, 210, 300, 600, 990, 1000, 1900])(
    'pressed again after %i ms counts twice',
    async (gap) => {
      await down(0, gap);
      await clock.advance(200);
      expect(pressed).toHaveBeenCalledTimes(2);
    },
  );

  it.each([
    ['X11', 660, 40],
    ['Windows', 500, 33],
    ['a patient one', 990, 140],
    ['a hasty one', 200, 15],
  ])('that is held on %s counts once', async (_where, first, next) => {
    await down(0, first, ...Array.from({ length: 60 }, () => next));
    await clock.advance(2000);
    expect(pressed).toHaveBeenCalledTimes(1);
  });

  it('that is let go and pressed again counts again', async () => {
    await down(0, 500, ...Array.from({ length: 10 }, () => 40));
    await down(400);
    await clock.advance(200);
    expect(pressed).toHaveBeenCalledTimes(2);
  });

  it('pressed as the program ends counts no more', async () => {
    await down(0, 500);
    presses.stop();
    await clock.advance(500);
    expect(pressed).toHaveBeenCalledTimes(1);
  });
});
