import { createHash, randomBytes } from 'node:crypto';
import { AGENT, SUPERVISOR, type Person } from './directory.ts';
import type { Reply } from './route-table.ts';
import type { Token, World } from './world.ts';

/** Authorization Code with PKCE, as far as a desktop client uses it. Any client id is welcome. */

const CODE_LIFE_MS = 60_000;
const DEFAULT_TOKEN_LIFE_S = 64_800;

interface PendingCode {
  code: string;
  clientId: string;
  redirectUri: string;
  challenge: string;
  expiresAt: number;
}

export interface OAuth {
  /** GET /oauth/authorize: signs the one agent in at once and goes back to the loopback redirect. */
  authorize: (query: URLSearchParams, deny: boolean) => Reply;
  /** POST /oauth/token with a form. */
  token: (form: URLSearchParams) => Reply;
  /** A token for whoever started the simulator; it lasts until it is expired or revoked on purpose. */
  lastingToken: (person?: Person) => string;
  /** Whose this valid token is. */
  personOf: (accessToken: string) => Person;
  isValid: (accessToken: string) => boolean;
  /** Makes every token expired; refresh tokens go on working. */
  expireTokens: () => void;
  /** Makes every token and refresh token worthless. */
  revokeTokens: () => void;
}

export function createOAuth(world: World, wallNow: () => number): OAuth {
  const codes = new Map<string, PendingCode>();

  function issue(): Reply {
    const { tokenLifeS = DEFAULT_TOKEN_LIFE_S, noRefreshTokens = false } = world.settings;
    const token: Token = {
      accessToken: randomBytes(32).toString('base64url'),
      refreshToken: noRefreshTokens ? null : randomBytes(32).toString('base64url'),
      expiresAt: wallNow() + tokenLifeS * 1000,
    };
    world.tokens.push(token);
    return {
      status: 200,
      body: {
        access_token: token.accessToken,
        ...(token.refreshToken === null ? {} : { refresh_token: token.refreshToken }),
        token_type: 'bearer',
        expires_in: tokenLifeS,
      },
    };
  }

  function redeemCode(form: URLSearchParams): Reply {
    const code = form.get('code') ?? '';
    const pending = codes.get(code);
    // A code works once, whatever comes of it.
    codes.delete(code);
    if (!pending || pending.expiresAt < wallNow())
      return refuse('invalid_grant', 'The authorization code is invalid.');
    if (pending.clientId !== form.get('client_id'))
      return refuse('invalid_client', 'The client id does not match.');
    if (pending.redirectUri !== form.get('redirect_uri')) {
      return refuse('invalid_grant', 'The redirect URI does not match.');
    }
    const verifier = form.get('code_verifier') ?? '';
    if (!/^[A-Za-z0-9\-._~]{43,128}$/.test(verifier))
      return refuse('invalid_request', 'The code verifier is malformed.');
    if (createHash('sha256').update(verifier).digest('base64url') !== pending.challenge) {
      return refuse('invalid_grant', 'The code verifier does not match the code challenge.');
    }
    return issue();
  }

  function refresh(form: URLSearchParams): Reply {
    const refreshToken = form.get('refresh_token');
    const token = world.tokens.find(
      (candidate) => refreshToken !== null && candidate.refreshToken === refreshToken,
    );
    if (!token) return refuse('invalid_grant', 'The refresh token is invalid.');
    world.tokens = world.tokens.filter((other) => other !== token);
    return issue();
  }

  return {
    authorize: (query, deny) => {
      const redirectUri = query.get('redirect_uri') ?? '';
      const clientId = query.get('client_id') ?? '';
      if (!isLoopback(redirectUri) || clientId === '') {
        return {
          status: 400,
          html: '<!doctype html><title>Sign-in</title><p>Unknown client or redirect address.</p>',
        };
      }
      const back = (fields: Record<string, string>): Reply => {
        const target = new URL(redirectUri);
        const state = query.get('state');
        for (const [name, value] of Object.entries(fields)) target.searchParams.set(name, value);
        if (state !== null) target.searchParams.set('state', state);
        return { status: 302, headers: { Location: target.href } };
      };
      if (deny) return back({ error: 'access_denied', error_description: 'The person did not agree.' });
      if (query.get('response_type') !== 'code') return back({ error: 'unsupported_response_type' });
      const challenge = query.get('code_challenge') ?? '';
      if (query.get('code_challenge_method') !== 'S256' || !/^[A-Za-z0-9\-_]{43}$/.test(challenge)) {
        return back({ error: 'invalid_request', error_description: 'An S256 code challenge is required.' });
      }
      const code = randomBytes(24).toString('base64url');
      codes.set(code, { code, clientId, redirectUri, challenge, expiresAt: wallNow() + CODE_LIFE_MS });
      return back({ code });
    },
    token: (form) => {
      const grant = form.get('grant_type');
      if (grant === 'authorization_code') return redeemCode(form);
      if (grant === 'refresh_token') return refresh(form);
      return refuse('unsupported_grant_type', 'The grant type is not supported.');
    },
    lastingToken: (person = AGENT) => {
      const owner = person === SUPERVISOR ? ({ ofSupervisor: true } as const) : {};
      const lasting = world.tokens.find(
        ({ expiresAt, ofSupervisor }) => expiresAt === null && ofSupervisor === owner.ofSupervisor,
      );
      if (lasting) return lasting.accessToken;
      const accessToken = randomBytes(32).toString('base64url');
      world.tokens.push({ accessToken, refreshToken: null, expiresAt: null, ...owner });
      return accessToken;
    },
    personOf: (accessToken) =>
      world.tokens.find((token) => token.accessToken === accessToken)?.ofSupervisor ? SUPERVISOR : AGENT,
    isValid: (accessToken) =>
      world.tokens.some(
        (token) =>
          token.accessToken === accessToken && (token.expiresAt === null || token.expiresAt > wallNow()),
      ),
    expireTokens: () => {
      for (const token of world.tokens) token.expiresAt = wallNow();
    },
    revokeTokens: () => {
      world.tokens = [];
    },
  };
}

function refuse(error: string, description: string): Reply {
  return {
    status: error === 'invalid_client' ? 401 : 400,
    body: { error, description, error_description: description },
  };
}

function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}
