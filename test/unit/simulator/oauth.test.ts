import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createOAuth, type OAuth } from '../../../electron/feed/simulator/oauth.ts';
import { newWorld } from '../../../electron/feed/simulator/world.ts';

const VERIFIER = 'v'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const REDIRECT = 'http://127.0.0.1:4711/callback';

let now: number;
let oauth: OAuth;
beforeEach(() => {
  now = 1_000_000;
  oauth = createOAuth(newWorld('idle', 1, now), () => now);
});

const authorize = (over: Record<string, string> = {}) =>
  oauth.authorize(
    new URLSearchParams({
      client_id: 'client',
      response_type: 'code',
      redirect_uri: REDIRECT,
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
      ...over,
    }),
    false,
  );

const back = (answer: ReturnType<typeof authorize>): URLSearchParams =>
  new URL(answer.headers?.['Location'] ?? '').searchParams;

const exchange = (over: Record<string, string> = {}) =>
  oauth.token(
    new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'client',
      redirect_uri: REDIRECT,
      code_verifier: VERIFIER,
      code: back(authorize()).get('code') ?? '',
      ...over,
    }),
  );

interface Tokens {
  access_token: string;
  refresh_token: string;
}

describe('authorize', () => {
  it('goes back with a code and the state', () => {
    const answer = authorize({ state: 'xyz' });
    expect(answer.status).toBe(302);
    expect(back(answer).get('state')).toBe('xyz');
    expect(back(answer).get('code')).toMatch(/^[\w-]{32}$/);
  });

  it.each([
    [{ redirect_uri: 'https://elsewhere.example/' }],
    [{ redirect_uri: 'not an address' }],
    [{ client_id: '' }],
  ])('never redirects where it must not: %j', (over) => {
    expect(authorize(over)).toMatchObject({
      status: 400,
      html: expect.stringContaining('<!doctype html>') as string,
    });
  });

  it.each([
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge: '' }, 'invalid_request'],
  ])('tells the client its mistake: %j → %s', (over, error) => {
    expect(back(authorize({ ...over, state: 's' })).get('error')).toBe(error);
    expect(back(authorize({ ...over, state: 's' })).get('state')).toBe('s');
  });

  it('may be denied by the person', () => {
    const query = new URLSearchParams({ client_id: 'client', redirect_uri: REDIRECT });
    expect(back(oauth.authorize(query, true)).get('error')).toBe('access_denied');
  });
});

describe('token', () => {
  it('answers with a bearer token that is valid for its time', () => {
    const { status, body } = exchange();
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'bearer', expires_in: 64_800 });
    const { access_token: token } = body as Tokens;
    expect(oauth.isValid(token)).toBe(true);
    now += 64_800_000;
    expect(oauth.isValid(token)).toBe(false);
  });

  it.each([
    [{ code_verifier: 'w'.repeat(43) }, 400, 'invalid_grant'],
    [{ code_verifier: 'short' }, 400, 'invalid_request'],
    [{ redirect_uri: 'http://127.0.0.1:4712/callback' }, 400, 'invalid_grant'],
    [{ client_id: 'other' }, 401, 'invalid_client'],
    [{ code: 'made-up' }, 400, 'invalid_grant'],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('refuses %j → %i %s', (over, status, error) => {
    expect(exchange(over)).toMatchObject({ status, body: { error } });
  });

  it('takes a code once, and not after a minute', () => {
    const code = back(authorize()).get('code') ?? '';
    expect(exchange({ code }).status).toBe(200);
    expect(exchange({ code }).status).toBe(400);
    const late = back(authorize()).get('code') ?? '';
    now += 60_001;
    expect(exchange({ code: late }).status).toBe(400);
  });

  it('is refreshed, and the old pair ends', () => {
    const first = exchange().body as Tokens;
    oauth.expireTokens();
    const refresh = (token: string) =>
      oauth.token(
        new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, client_id: 'client' }),
      );
    const second = refresh(first.refresh_token).body as Tokens;
    expect(oauth.isValid(first.access_token)).toBe(false);
    expect(oauth.isValid(second.access_token)).toBe(true);
    expect(refresh(first.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('is worthless when revoked, its refresh token too', () => {
    const { access_token: access, refresh_token: token } = exchange().body as Tokens;
    oauth.revokeTokens();
    expect(oauth.isValid(access)).toBe(false);
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token });
    expect(oauth.token(form).status).toBe(400);
  });
});
