import { climb, type OnAirWatch } from '../../domain/present/still-sharing.ts';
import type { AppState, Reminder, Rung, StateSource } from '../../domain/state.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';

interface StillSharingParts {
  readonly source: StateSource;
  /** The call or chat this share belonged to is over. */
  readonly isLinkedOver: (key: string) => boolean;
  readonly minutes: () => readonly number[];
  /** A rung was reached; null once the share is over. */
  readonly report: (reminder: Reminder | null) => void;
  /** Brings the window into sight, without the keyboard. */
  readonly raise: () => void;
  readonly clock: Clock;
}

/** What was seen of one share. */
interface Share {
  readonly key: string;
  reached: Rung | null;
  callEndedAt: number | null;
  lockedAt: number | null;
  asleepAt: number | null;
}

/** A machine sleeps in between: no wait is longer, ms. */
const lookMs = 30_000;

/** Climbs the ladder of `domain/present/still-sharing.ts` while the screen is shared. Returns its stop. */
export function startStillSharing(parts: StillSharingParts): () => void {
  const { source, clock } = parts;
  let share: Share | null = null;
  let cancel = (): void => undefined;

  /** Since when something is so, as far as it was seen. */
  const sinceWhen = (is: boolean, at: number | null): number | null => (is ? (at ?? clock.now()) : null);

  function watchOf(seen: Share, { status, presence }: AppState): OnAirWatch {
    seen.callEndedAt = sinceWhen(parts.isLinkedOver(seen.key), seen.callEndedAt);
    seen.lockedAt = sinceWhen(presence.locked, seen.lockedAt);
    seen.asleepAt = sinceWhen(presence.asleep, seen.asleepAt);
    const { callEndedAt, lockedAt, asleepAt } = seen;
    return {
      since: status.clock?.at ?? clock.now(),
      minutes: [...parts.minutes()].sort((a, b) => a - b),
      callEndedAt,
      lockedAt,
      asleepAt,
      idleSince: presence.idleSince,
    };
  }

  function follow(): void {
    cancel();
    const state = source.getState();
    const { key, phase, clock: onAir } = state.status;
    const isOver = share !== null && (phase !== 'sharing' || key !== share.key);
    if (isOver) {
      share = null;
      parts.report(null);
      follow();
      return;
    }
    if (phase !== 'sharing' || key === null) return;
    if (share?.key !== key) share = { key, reached: null, callEndedAt: null, lockedAt: null, asleepAt: null };
    const now = clock.now();
    const { step, nextAt } = climb(watchOf(share, state), now, share.reached);
    if (nextAt !== null) cancel = clock.after(Math.min(Math.max(0, nextAt - now) + 1, lookMs), follow);
    if (!step) return;
    // First: what is reported comes back here as a change of the state.
    share.reached = step.rung;
    const minutes = Math.round((now - (onAir?.at ?? now)) / 60_000);
    const asks = step.rung === 'modal';
    parts.report({ key, rung: step.rung, reason: step.reason, minutes, asks });
    if (asks) parts.raise();
  }

  const unsubscribe = source.subscribe(follow);
  follow();
  return () => {
    unsubscribe();
    cancel();
  };
}
