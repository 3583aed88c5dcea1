import type { Clock } from '../../domain/toolbox/clock.ts';

/** A key that is held begins to repeat after this long at the earliest and at the latest, ms. */
const repeatsAfterMs = 200;
const repeatsBeforeMs = 1_000;
/** And then comes again within this long, ms. */
const repeatsWithinMs = 150;

export interface Presses {
  /** The system says that the key is down: for a press, or because it is held. */
  readonly press: () => void;
  readonly stop: () => void;
}

/**
 * Tells presses of a key from its repeating while it is held, as the system reports both alike and no release:
 * somebody who leans on the stop key has pressed it once. What could be the first repetition waits for a moment,
 * whether another one follows.
 */
export function createPresses({ now, after }: Clock, pressed: () => void): Presses {
  let last = -Infinity;
  let held = false;
  let cancel: (() => void) | null = null;

  function wait(): void {
    cancel = after(repeatsWithinMs, () => {
      cancel = null;
      pressed();
    });
  }

  return {
    press: () => {
      const gap = now() - last;
      last = now();
      const repeats = gap < repeatsWithinMs && (held || cancel !== null);
      cancel?.();
      cancel = null;
      held = repeats;
      if (repeats) return;
      if (gap >= repeatsAfterMs && gap < repeatsBeforeMs) wait();
      else pressed();
    },
    stop: () => cancel?.(),
  };
}
