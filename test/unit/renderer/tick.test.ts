import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startPulse } from '../../../renderer/state/tick.ts';

const start = Date.UTC(2026, 10, 23, 14, 0, 0);

class Page extends EventTarget {
  hidden = false;
  show(visible: boolean): void {
    this.hidden = !visible;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

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
    const stop = startPulse(new Page(), clock(), (second) => beats.push(second - start));
    vi.advanceTimersByTime(3000);
    expect(beats).toEqual([1000, 2000, 3000]);
    stop();
  });

  it('is still while the page is hidden, and right at once when it is seen again', () => {
    const page = new Page();
    const beats: number[] = [];
    const kept = clock();
    const stop = startPulse(page, kept, (second) => beats.push(second - start));
    page.show(false);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(beats).toEqual([]);
    page.show(true);
    expect(beats).toEqual([60_000]);
    // It may have slept meanwhile.
    expect(kept.checks).toBe(1);
    stop();
  });

  it('leaves nothing behind', () => {
    const page = new Page();
    const removed = vi.spyOn(page, 'removeEventListener');
    startPulse(page, clock(), () => undefined)();
    expect(vi.getTimerCount()).toBe(0);
    expect(removed).toHaveBeenCalledOnce();
  });
});
