import type { Tokens } from '../../../../domain/account.ts';
import type { Clock } from '../../../../domain/toolbox/clock.ts';
import { HttpProblem } from '../http-problem.ts';
import { SignInProblem } from './sign-in-problem.ts';

/** The tokens in use: asked before every request, and once more when a request was not accepted. */
export interface TokenKeeper {
  /**
   * The access token; a new one when the old one is about to end. Empty when there is none. Throws
   * `HttpProblem` when it has run out and the server cannot be asked for another one now.
   */
  readonly current: () => Promise<string>;
  /** A token in place of `rejected`; null when only signing in again helps. Throws as `current`. */
  readonly renew: (rejected: string) => Promise<string | null>;
  /** After signing in again. */
  replace(tokens: Tokens): void;
  /** Forgets them, and everything planned. Returns what is to be revoked. */
  drop(): Tokens | null;
  stop(): void;
}

interface TokenKeeperOptions {
  readonly tokens: Tokens | null;
  /** Throws `SignInProblem`. */
  readonly refresh: (refreshToken: string) => Promise<Tokens>;
  /** They changed; null: they are worth nothing any more. */
  readonly changed: (tokens: Tokens | null) => void;
  /** The moment they end has come and nothing can prolong them: the server should be asked what it thinks. */
  readonly ended: () => void;
  readonly clock: Clock;
}

const aheadMs = 5 * 60_000;
/** The longest a timer can wait without firing at once. */
const longestMs = 2 ** 31 - 1;

/** When to renew them, epoch ms: five minutes before the end, or in the last tenth of a short life. */
function renewalAt({ obtainedAt }: Tokens, expiresAt: number): number {
  return expiresAt - Math.min(aheadMs, (expiresAt - obtainedAt) / 10);
}

export function createTokenKeeper({
  refresh,
  changed,
  ended,
  clock,
  ...options
}: TokenKeeperOptions): TokenKeeper {
  let tokens = options.tokens;
  let renewing: Promise<string | null> | null = null;
  let cancelTimer = (): void => undefined;

  function isDue(held: Tokens): boolean {
    if (held.expiresAt === null || held.refreshToken === null) return false;
    return clock.now() >= renewalAt(held, held.expiresAt);
  }

  function plan(): void {
    cancelTimer();
    cancelTimer = () => undefined;
    if (tokens?.expiresAt === null || tokens === null) return;
    const { expiresAt, refreshToken } = tokens;
    const at = refreshToken === null ? expiresAt : renewalAt(tokens, expiresAt);
    const wait = Math.min(Math.max(0, at - clock.now()), longestMs);
    cancelTimer = clock.after(wait, () => {
      // Should it fail now, the next request tries again.
      if (refreshToken !== null) void renew().catch(() => undefined);
      else ended();
    });
  }

  function take(next: Tokens | null): void {
    tokens = next;
    plan();
    changed(next);
  }

  async function ask(was: Tokens, refreshToken: string): Promise<string | null> {
    try {
      const next = await refresh(refreshToken);
      // Signed out, or in again, while the server was asked.
      if (tokens === was) take(next);
      return tokens?.accessToken ?? null;
    } catch (error) {
      if (!(error instanceof SignInProblem)) throw error;
      if (error.kind !== 'refused') {
        throw new HttpProblem({ kind: 'unreachable', reason: error.message, mayHaveArrived: false });
      }
      if (tokens === was) take(null);
      return tokens?.accessToken ?? null;
    }
  }

  function renew(): Promise<string | null> {
    const was = tokens;
    if (was === null || was.refreshToken === null) return Promise.resolve(null);
    // However many requests find out at once, the refresh token is used once.
    renewing ??= ask(was, was.refreshToken).finally(() => {
      renewing = null;
    });
    return renewing;
  }

  plan();
  return {
    async current() {
      const held = tokens;
      if (held === null) return '';
      if (!isDue(held)) return held.accessToken;
      try {
        return (await renew()) ?? '';
      } catch (error) {
        // Not yet over: the old one still serves.
        if (held.expiresAt !== null && clock.now() < held.expiresAt) return held.accessToken;
        throw error;
      }
    },
    renew(rejected) {
      // Another request has already seen to it.
      if (tokens !== null && tokens.accessToken !== rejected) return Promise.resolve(tokens.accessToken);
      return renew();
    },
    replace: take,
    drop() {
      const was = tokens;
      tokens = null;
      cancelTimer();
      return was;
    },
    stop() {
      cancelTimer();
    },
  };
}
