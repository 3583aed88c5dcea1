/** The clocks a page has, each in ms. */
export interface PageTime {
  /** From any zero; nobody sets it, and it may stand still while the machine sleeps. */
  readonly monotonic: () => number;
  /** Epoch ms as the desktop shows it; anyone may set it. */
  readonly wall: () => number;
}

/** Main's clock as this page follows it: all times main sends are told by it. */
export interface PageClock {
  /** Epoch ms. */
  readonly now: () => number;
  /** Main sent something when its clock showed `at`, epoch ms. */
  readonly anchor: (at: number) => void;
  /**
   * To be called now and then. When the machine may have slept since the last anchor (which only main can tell
   * from a wall clock that was set), asks, once for each time it happened.
   */
  readonly check: () => void;
  /** What to do in doubt: ask main for its time. */
  readonly whenInDoubt: (ask: () => void) => void;
  /** A time of main's clock as the desktop's clock would have shown it: for telling a time of day. */
  readonly toWall: (at: number) => number;
}

/** The wall and the monotonic clock parted by more than this. */
const noticeableMs = 500;

export function createPageClock({ monotonic, wall }: PageTime): PageClock {
  /** Main's clock minus our monotonic one. Until main has spoken the desktop's clock has to do. */
  let offset = wall() - monotonic();
  let anchored = false;
  let parted = wall() - monotonic();
  let inDoubt = (): void => undefined;

  const now = (): number => monotonic() + offset;
  return {
    now,
    anchor: (at) => {
      const seen = at - monotonic();
      // What was under way for long looks like a clock that is behind. Main's clock never goes back, so the
      // message that came fastest is the one to believe, and after a sleep the first one.
      offset = anchored ? Math.max(offset, seen) : seen;
      anchored = true;
      parted = wall() - monotonic();
    },
    check: () => {
      const is = wall() - monotonic();
      if (Math.abs(is - parted) <= noticeableMs) return;
      parted = is;
      inDoubt();
    },
    whenInDoubt: (ask) => {
      inDoubt = ask;
    },
    toWall: (at) => at + wall() - now(),
  };
}

/** The one clock of this page. */
export const pageClock = createPageClock({
  monotonic: () => performance.now(),
  wall: () => Date.now(),
});
