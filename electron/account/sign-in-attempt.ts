import { redirectPath, redirectPorts, type Tokens } from '../../domain/account.ts';
import { done, refused, type Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import type { OAuth } from '../feed/genesys/auth/oauth.ts';
import type { SignIn } from '../feed/genesys/auth/browser-sign-in.ts';
import { SignInProblem } from '../feed/genesys/auth/sign-in-problem.ts';
import { systemClock } from '../system-clock.ts';
import { checkBaseUrl } from '../feed/genesys/server-address.ts';
import { HttpProblem } from '../feed/genesys/http-problem.ts';
import type { Place } from './sign-in-target.ts';

export interface SignInParts {
  readonly fetch: typeof fetch;
  readonly openBrowser: (url: URL) => Promise<void>;
  /** Somebody signed in. */
  readonly signedIn: (place: Place, tokens: Tokens, attempt: Attempt) => Promise<void>;
  /** It begins (with an empty problem) or ended without success, and why. */
  readonly changed: (problem: string) => void;
  readonly log: (line: string) => void;
}

export interface Attempt {
  /** False once they gave up, or began another one, while this was under way. */
  readonly isWanted: () => boolean;
  /** It has succeeded: nothing is under way any more. */
  readonly succeed: () => void;
}

/** The one sign-in the browser may have. */
export interface SignInAttempts {
  readonly isUnderWay: () => boolean;
  /** Resolves when the browser has it, or has not. */
  readonly begin: (place: Place) => Promise<Result>;
  readonly giveUp: () => void;
}

/** The person may have to find a second factor. */
const limitMs = 10 * 60_000;
const requestMs = 15_000;

/** Rejects with `SignInProblem` where the address may not have a token: it is asked each time one is on its way. */
export async function oauthOf({ addresses, clientId }: Place, fetch: SignInParts['fetch']): Promise<OAuth> {
  const { createOAuth } = await import('../feed/genesys/auth/oauth.ts');
  const login = checkBaseUrl(addresses.login);
  if (!login.ok) throw new SignInProblem('refused', login.reason);
  return createOAuth({ login: login.value, clientId, fetch, clock: systemClock, requestMs });
}

export function createSignInAttempts({
  fetch,
  openBrowser,
  signedIn,
  changed,
  log,
}: SignInParts): SignInAttempts {
  let current: AbortController | null = null;

  async function finish(place: Place, begun: SignIn, mine: AbortController): Promise<void> {
    const attempt: Attempt = {
      isWanted: () => current === mine,
      succeed: () => {
        current = null;
      },
    };
    try {
      await signedIn(place, await begun.tokens, attempt);
    } catch (error) {
      const known = error instanceof SignInProblem || error instanceof HttpProblem;
      const problem = known ? error.reason : say('account.failed');
      log(`account: not signed in: ${known ? error.message : 'unknown error'}`);
      if (!attempt.isWanted()) return;
      current = null;
      changed(problem);
    }
  }

  function giveUp(): void {
    current?.abort();
    current = null;
  }

  return {
    isUnderWay: () => current !== null,
    giveUp,
    begin: async (place) => {
      giveUp();
      const mine = new AbortController();
      current = mine;
      changed('');
      try {
        const { beginSignIn } = await import('../feed/genesys/auth/browser-sign-in.ts');
        const begun = await beginSignIn({
          oauth: await oauthOf(place, fetch),
          ports: redirectPorts,
          path: redirectPath,
          openBrowser,
          clock: systemClock,
          limitMs,
          signal: mine.signal,
        });
        void finish(place, begun, mine);
        return done;
      } catch (error) {
        const problem = error instanceof SignInProblem ? error.reason : say('account.failed');
        // Given up meanwhile, or begun again: what is shown is about that.
        if (current === mine) {
          current = null;
          changed(problem);
        }
        return refused(problem);
      }
    },
  };
}
