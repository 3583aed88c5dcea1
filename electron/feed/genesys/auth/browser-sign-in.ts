import type { Tokens } from '../../../../domain/account.ts';
import { say } from '../../../../domain/words/say.ts';
import type { Clock } from '../../../../domain/toolbox/clock.ts';
import { unlessAborted } from '../http.ts';
import { openLoopback } from './loopback.ts';
import type { OAuth } from './oauth.ts';
import { SignInProblem } from './sign-in-problem.ts';

export interface SignInOptions {
  readonly oauth: OAuth;
  readonly ports: readonly number[];
  readonly path: string;
  /** Opens the system browser; rejects when there is none. */
  readonly openBrowser: (url: URL) => Promise<void>;
  readonly clock: Clock;
  /** How long the person has, in ms. */
  readonly limitMs: number;
  /** Aborted to cancel. */
  readonly signal: AbortSignal;
}

/** A sign-in that is open in the browser. */
export interface SignIn {
  /** Rejects with `SignInProblem`. The port is free again by then, however it ended. */
  readonly tokens: Promise<Tokens>;
}

/**
 * Authorization Code with PKCE (RFC 8252, RFC 7636): opens a loopback port, then the browser. Resolves when
 * the browser has it. Throws `SignInProblem` when it cannot begin.
 */
export async function beginSignIn(options: SignInOptions): Promise<SignIn> {
  const { oauth, ports, path, clock, limitMs, signal } = options;
  const challenge = oauth.challenge();
  const loopback = await openLoopback({ ports, path, state: challenge.state });
  try {
    const url = await oauth.authorizeUrl(challenge, loopback.redirectUri);
    await options.openBrowser(url).catch(() => {
      throw new SignInProblem('local', say('signIn.noBrowser'));
    });
  } catch (error) {
    await loopback.close();
    throw error;
  }

  async function finish(): Promise<Tokens> {
    const wait = new AbortController();
    const giveUp = (): void => {
      wait.abort();
    };
    const cancelTimer = clock.after(limitMs, () => {
      const minutes = Math.round(limitMs / 60_000);
      wait.abort(new SignInProblem('cancelled', say('signIn.tooLate', { minutes })));
    });
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    try {
      const answer = await unlessAborted(loopback.answer, wait.signal);
      return await oauth.redeem(answer, challenge, loopback.redirectUri, signal);
    } catch (error) {
      if (signal.aborted) throw new SignInProblem('cancelled', say('signIn.cancelled'));
      throw error;
    } finally {
      cancelTimer();
      signal.removeEventListener('abort', giveUp);
      await loopback.close();
    }
  }
  return { tokens: finish() };
}
