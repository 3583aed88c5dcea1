import type { Timer } from './state.ts';
import { clockDuration } from './words/time-words.ts';

/**
 * What a `Timer` shows at a moment. All times are epoch ms of this machine's clock; durations are ms.
 * The moment comes in by argument, so that one shared tick moves every number in a window at once.
 */
export interface ShownTime {
  /** `4:37`, `1:02:08`; never negative. */
  readonly text: string;
  /** Part of a countdown that is left, 1 → 0; null when there is no whole to be a part of. */
  readonly left: number | null;
}

const SECOND = 1000;

/**
 * Ms a timer shows: what has passed, or what is left. Never negative: a server clock ahead of ours must
 * not show `-0:01`. A countdown never shows more than its whole either.
 */
export function shownMs(timer: Timer, now: number): number {
  if (timer.mode === 'since') return Math.max(0, now - timer.at);
  return Math.min(Math.max(0, timer.at - now), timer.totalMs ?? Infinity);
}

export function readTimer(timer: Timer, now: number): ShownTime {
  const shown = shownMs(timer, now);
  const whole = timer.totalMs;
  return {
    text: clockDuration(shown),
    left: whole === null || whole <= 0 ? null : Math.min(1, shown / whole),
  };
}

/** Moments of a countdown worth interrupting a listener for, in seconds; 20 is the product's warning. */
const MILESTONES = [0, 10, 20, 60] as const;
export type Milestone = (typeof MILESTONES)[number];

/** Product: "Warning 20 s before the end". */
export const acwWarningMs = 20 * SECOND;

/**
 * The last milestone a countdown has passed, null before the first one or for a timer that counts up. The
 * answer changes only when something should be said, so it can be spoken as it changes: a listener is
 * never read a ticking number. A countdown shorter than a milestone never passes it.
 */
export function milestone(timer: Timer | null, now: number): Milestone | null {
  if (timer?.mode !== 'until') return null;
  const left = shownMs(timer, now);
  return (
    MILESTONES.find(
      (each) => left <= each * SECOND && (timer.totalMs === null || timer.totalMs > each * SECOND),
    ) ?? null
  );
}

/** Whether a countdown must stand out: in its last 20 s, or the last half of one too short for that. */
export function isUrgent(timer: Timer | null, now: number): boolean {
  if (timer?.mode !== 'until') return false;
  return shownMs(timer, now) <= Math.min(acwWarningMs, (timer.totalMs ?? Infinity) / 2);
}
