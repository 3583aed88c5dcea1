import * as oauth from 'oauth4webapi';
import type { Tokens } from '../../../../domain/account.ts';
import type { Clock } from '../../../../domain/toolbox/clock.ts';
import { say } from '../../../../domain/words/say.ts';
import { oneLine } from '../http-problem.ts';
import { SignInProblem } from './sign-in-problem.ts';

/** The OAuth server of an organisation and this program's client there. */
interface OAuthOptions {
  /** `https://login.<domain>`, or plain http to this machine; already checked (`checkBaseUrl`). */
  readonly login: URL;
  readonly clientId: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** One request to the token endpoint. */
  readonly requestMs: number;
}

/** What is made for one sign-in and forgotten with it. */
interface Challenge {
  readonly state: string;
  readonly verifier: string;
}

export interface OAuth {
  challenge(): Challenge;
  /** Where the person signs in. Holds the digest of the verifier, never the verifier. */
  authorizeUrl(challenge: Challenge, redirectUri: string): Promise<URL>;
  /** Throws `SignInProblem`. */
  redeem(
    answer: URLSearchParams,
    challenge: Challenge,
    redirectUri: string,
    signal: AbortSignal,
  ): Promise<Tokens>;
  /** Throws `SignInProblem`: `refused` when the refresh token is worth nothing any more. */
  refresh(refreshToken: string): Promise<Tokens>;
}

type RequestOptions = oauth.TokenEndpointRequestOptions;

export function createOAuth({ login, clientId, fetch, clock, requestMs }: OAuthOptions): OAuth {
  // Genesys publishes no metadata, so the server is described by hand.
  const server: oauth.AuthorizationServer = {
    issuer: login.origin,
    authorization_endpoint: new URL('/oauth/authorize', login).href,
    token_endpoint: new URL('/oauth/token', login).href,
  };
  const client: oauth.Client = { client_id: clientId };
  const host = login.host;

  /** Asks the token endpoint within the limit; whatever goes wrong is a `SignInProblem`. */
  async function askServer<T>(
    signal: AbortSignal | null,
    work: (options: RequestOptions) => Promise<T>,
  ): Promise<T> {
    const late = new AbortController();
    const cancelTimer = clock.after(requestMs, () => {
      late.abort();
    });
    try {
      return await work({
        [oauth.customFetch]: (url, init) => fetch(url, { ...init, redirect: 'manual' }),
        // Plain http was allowed to this machine only, where the address was checked.
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that it stands out
        [oauth.allowInsecureRequests]: login.protocol === 'http:',
        signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
      });
    } catch (error) {
      throw signInProblemOf(error, host);
    } finally {
      cancelTimer();
    }
  }

  function tokensOf(answer: oauth.TokenEndpointResponse, before: string | null): Tokens {
    if (answer.token_type !== 'bearer') throw new SignInProblem('refused', say('signIn.oddAnswer', { host }));
    const lifeS = answer.expires_in;
    return {
      accessToken: answer.access_token,
      // Without a new refresh token the old one stays in use.
      refreshToken: answer.refresh_token ?? before,
      obtainedAt: clock.now(),
      expiresAt: lifeS === undefined ? null : clock.now() + lifeS * 1000,
    };
  }

  return {
    challenge: () => ({
      state: oauth.generateRandomState(),
      verifier: oauth.generateRandomCodeVerifier(),
    }),

    async authorizeUrl({ state, verifier }, redirectUri) {
      const url = new URL('/oauth/authorize', login);
      url.search = new URLSearchParams({
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
      }).toString();
      return url;
    },

    redeem: (answer, { state, verifier }, redirectUri, signal) =>
      askServer(signal, async (options) => {
        const response = await oauth.authorizationCodeGrantRequest(
          server,
          client,
          oauth.None(),
          oauth.validateAuthResponse(server, client, answer, state),
          redirectUri,
          verifier,
          options,
        );
        return tokensOf(await oauth.processAuthorizationCodeResponse(server, client, response), null);
      }),

    refresh: (refreshToken) =>
      askServer(null, async (options) => {
        const response = await oauth.refreshTokenGrantRequest(
          server,
          client,
          oauth.None(),
          refreshToken,
          options,
        );
        return tokensOf(await oauth.processRefreshTokenResponse(server, client, response), refreshToken);
      }),
  };
}

/** A code with the server's explanation, cut, and without what could be a secret. */
function inBrackets(code: string, description: string | undefined): string {
  const said = oneLine(description ?? '').replaceAll(/[\w-]{24,}/g, '…');
  return said === '' ? oneLine(code).slice(0, 60) : `${oneLine(code).slice(0, 60)}: ${said}`;
}

/** What an error means, in words. The error itself is dropped: its cause may be the answer with the tokens. */
function signInProblemOf(error: unknown, host: string): SignInProblem {
  if (error instanceof SignInProblem) return error;
  if (error instanceof oauth.AuthorizationResponseError) {
    return error.error === 'access_denied'
      ? new SignInProblem('refused', say('signIn.denied'))
      : new SignInProblem(
          'refused',
          say('signIn.refused', { host, why: inBrackets(error.error, error.error_description) }),
          say('signIn.refused', { host, why: inBrackets(error.error, undefined) }),
        );
  }
  if (error instanceof oauth.ResponseBodyError) {
    const [kind, words] =
      error.status >= 500 || error.status === 429
        ? (['unreachable', 'signIn.serverTrouble'] as const)
        : (['refused', 'signIn.refused'] as const);
    const saying = (description: string | undefined): string =>
      say(words, { host, why: inBrackets(error.error, description) });
    return new SignInProblem(kind, saying(error.error_description), saying(undefined));
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) {
    return new SignInProblem('refused', say('signIn.refused', { host, why: String(error.status) }));
  }
  const odd =
    error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError;
  return odd
    ? new SignInProblem('unreachable', say('signIn.oddAnswer', { host }))
    : new SignInProblem('unreachable', say('signIn.unreachable', { host }));
}
