import type { Tokens } from '../../domain/account.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';

export interface EndingParts {
  /** This sign-in ends soon, epoch ms, and nothing prolongs it; null: that is no longer so. */
  readonly near: (endsAt: number | null) => void;
  readonly clock: Clock;
}

/** Follows the end of the sign-in in use: a person can begin a new one before it comes. */
export interface Ending {
  readonly follow: (tokens: Tokens | null) => void;
}

/** Enough to sign in with a second factor, and not so much that it is put off and forgotten. */
const aheadMs = 5 * 60_000;
/** The longest a timer can wait without firing at once. */
const longestMs = 2 ** 31 - 1;

export function followEnding({ near, clock }: EndingParts): Ending {
  let cancelTimer = (): void => undefined;
  let told: number | null = null;

  function tell(endsAt: number | null): void {
    if (told === endsAt) return;
    told = endsAt;
    near(endsAt);
  }

  function look(endsAt: number): void {
    const left = endsAt - clock.now();
    tell(left > 0 && left <= aheadMs ? endsAt : null);
    if (left <= 0) return;
    const wait = left > aheadMs ? left - aheadMs : left;
    cancelTimer = clock.after(Math.min(wait, longestMs), () => {
      look(endsAt);
    });
  }

  return {
    follow: (tokens) => {
      cancelTimer();
      // With a refresh token it goes on by itself.
      if (tokens === null || tokens.expiresAt === null || tokens.refreshToken !== null) tell(null);
      else look(tokens.expiresAt);
    },
  };
}
