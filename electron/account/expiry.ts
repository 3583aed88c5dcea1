import type { Tokens } from '../../domain/account.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';

export interface ExpiryParts {
  /** This sign-in ends soon, epoch ms, and nothing prolongs it; null: that is no longer so. */
  readonly near: (endsAt: number | null) => void;
  readonly clock: Clock;
}

/** Watches when the sign-in in use ends, so that a person can begin a new one before. */
export interface ExpiryWatch {
  readonly follow: (tokens: Tokens | null) => void;
}

/** Enough to sign in with a second factor, and not so much that it is put off and forgotten. */
const aheadMs = 5 * 60_000;
/** The longest a timer can wait without firing at once. */
const longestMs = 2 ** 31 - 1;

export function createExpiryWatch({ near, clock }: ExpiryParts): ExpiryWatch {
  let cancelTimer = (): void => undefined;
  let announced: number | null = null;

  function announce(endsAt: number | null): void {
    if (announced === endsAt) return;
    announced = endsAt;
    near(endsAt);
  }

  function check(endsAt: number): void {
    const left = endsAt - clock.now();
    announce(left > 0 && left <= aheadMs ? endsAt : null);
    if (left <= 0) return;
    const wait = left > aheadMs ? left - aheadMs : left;
    cancelTimer = clock.after(Math.min(wait, longestMs), () => {
      check(endsAt);
    });
  }

  return {
    follow: (tokens) => {
      cancelTimer();
      // With a refresh token it goes on by itself.
      if (tokens === null || tokens.expiresAt === null || tokens.refreshToken !== null) announce(null);
      else check(tokens.expiresAt);
    },
  };
}
