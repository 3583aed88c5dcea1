import { redirectPath, redirectPorts, type Tokens } from '../../domain/account.ts';
import { say } from '../../domain/words/say.ts';
import { createOAuth, type OAuth } from '../feed/genesys/auth/oauth.ts';
import { SignInProblem } from '../feed/genesys/auth/problem.ts';
import { beginSignIn, type SignIn } from '../feed/genesys/auth/browser-sign-in.ts';
import { systemClock } from '../system-clock.ts';
import { HttpProblem } from '../feed/genesys/http-problem.ts';
import type { Place } from './sign-in-target.ts';

export interface SignInParts {
  readonly fetch: typeof fetch;
  readonly openBrowser: (url: URL) => Promise<void>;
  /**
   * Somebody signed in. `isWanted` turns false when they gave up, or began again, while this was under way;
   * `settle` ends the sign-in.
   */
  readonly signedIn: (place: Place, tokens: Tokens, turn: Turn) => Promise<void>;
  /** It begins (with an empty problem) or ended without success, and why. */
  readonly changed: (problem: string) => void;
  readonly log: (line: string) => void;
}

export interface Turn {
  readonly isWanted: () => boolean;
  readonly settle: () => void;
}

/** The one sign-in the browser may have. */
export interface SignIns {
  readonly isUnderWay: () => boolean;
  /** Resolves when the browser has it: null, or in words why it has not. */
  readonly begin: (place: Place) => Promise<string | null>;
  readonly giveUp: () => void;
}

/** The person may have to find a second factor. */
const limitMs = 10 * 60_000;
const requestMs = 15_000;

export function oauthOf({ addresses, clientId }: Place, fetch: SignInParts['fetch']): OAuth {
  return createOAuth({ login: new URL(addresses.login), clientId, fetch, clock: systemClock, requestMs });
}

export function createSignIns({ fetch, openBrowser, signedIn, changed, log }: SignInParts): SignIns {
  let attempt: AbortController | null = null;

  async function finish(place: Place, begun: SignIn, mine: AbortController): Promise<void> {
    const turn: Turn = {
      isWanted: () => attempt === mine,
      settle: () => {
        attempt = null;
      },
    };
    try {
      await signedIn(place, await begun.tokens, turn);
    } catch (error) {
      const known = error instanceof SignInProblem || error instanceof HttpProblem;
      const problem = known ? error.message : say('account.failed');
      log(`account: not signed in: ${known ? problem : 'unknown error'}`);
      if (!turn.isWanted()) return;
      turn.settle();
      changed(problem);
    }
  }

  function giveUp(): void {
    attempt?.abort();
    attempt = null;
  }

  return {
    isUnderWay: () => attempt !== null,
    giveUp,
    begin: async (place) => {
      giveUp();
      const mine = new AbortController();
      attempt = mine;
      changed('');
      try {
        const begun = await beginSignIn({
          oauth: oauthOf(place, fetch),
          ports: redirectPorts,
          path: redirectPath,
          openBrowser,
          clock: systemClock,
          limitMs,
          signal: mine.signal,
        });
        void finish(place, begun, mine);
        return null;
      } catch (error) {
        const problem = error instanceof SignInProblem ? error.message : say('account.failed');
        // Given up meanwhile, or begun anew: what is shown is about that.
        if (attempt === mine) {
          attempt = null;
          changed(problem);
        }
        return problem;
      }
    },
  };
}
