import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSight, type Sight } from '../../../renderer/state/sight.ts';
import { startPulse } from '../../../renderer/state/tick.ts';

const start = Date.UTC(2026, 10, 23, 14, 0, 0);

class Page extends EventTarget {
  hidden = false;
  show(visible: boolean): void {
    this.hidden = !visible;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

const sightOf = (page: Page): Sight => createSight(() => page);

/** The page's clock in step with main's; how often it was asked whether it still is. */
function clock(): { now: () => number; check: () => void; checks: number } {
  const one = { now: () => Date.now(), checks: 0, check: () => void (one.checks += 1) };
  return one;
}

beforeEach(() => vi.useFakeTimers({ now: start + 400 }));
afterEach(() => vi.useRealTimers());

describe('the pulse', () => {
  it('beats as each second begins', () => {
    const beats: number[] = [];
    const stop = startPulse(sightOf(new Page()), clock(), (second) => beats.push(second - start));
    vi.advanceTimersByTime(3000);
    expect(beats).toEqual([1000, 2000, 3000]);
    stop();
  });

  it.each<[string, (sight: Sight, page: Page, seen: boolean) => void]>([
    ['the page is hidden', (_sight, page, seen) => page.show(seen)],
    [
      'its window is not shown, which the page takes for visible',
      ({ setShown }, _page, seen) => setShown(seen),
    ],
    ['the screen is locked', ({ setLocked }, _page, seen) => setLocked(!seen)],
  ])('is still while %s, and right at once when it is seen again', (_what, put) => {
    const page = new Page();
    const sight = sightOf(page);
    const beats: number[] = [];
    const kept = clock();
    const stop = startPulse(sight, kept, (second) => beats.push(second - start));
    put(sight, page, false);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(beats).toEqual([]);
    put(sight, page, true);
    expect(beats).toEqual([60_000]);
    // It may have slept meanwhile.
    expect(kept.checks).toBe(1);
    stop();
  });

  it('does not begin before its window is shown', () => {
    const sight = sightOf(new Page());
    sight.setShown(false);
    const beats: number[] = [];
    const stop = startPulse(sight, clock(), (second) => beats.push(second - start));
    expect(vi.getTimerCount()).toBe(0);
    sight.setShown(true);
    expect(beats).toEqual([0]);
    stop();
  });

  it('leaves nothing behind', () => {
    const sight = sightOf(new Page());
    const heard = vi.fn();
    startPulse(sight, clock(), heard)();
    sight.setShown(false);
    sight.setShown(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(heard).not.toHaveBeenCalled();
  });
});
