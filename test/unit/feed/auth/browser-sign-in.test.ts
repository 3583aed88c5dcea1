import { createHash } from 'node:crypto';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { revokeToken, whoIs } from '../../../../electron/feed/genesys/auth/current-user.ts';
import type { RunningSimulator } from '../../../../electron/feed/simulator/server.ts';
import { createManualClock } from '../manual-clock.ts';
import { begin, oauthAt, startService } from './service.ts';

let service: RunningSimulator;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.close());

/** Asks as no `fetch` would: any method, any Host. */
function ask(url: URL, over: { method?: string; path?: string; host?: string }) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>(
    (resolve, reject) => {
      const { port } = url;
      const headers = { host: over.host ?? `localhost:${port}` };
      request(
        { host: '127.0.0.1', port, method: over.method ?? 'GET', path: over.path ?? url.pathname, headers },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
          });
        },
      )
        .on('error', reject)
        .end();
    },
  );
}

async function blockedPort(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
/** Of this machine, as they stand in a URL; not every one has the second. */
const loopbackHosts = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, address }) => internal && (address === '127.0.0.1' || address === '::1'))
  .map(({ address }) => (address === '::1' ? '[::1]' : address))
  .sort();
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

describe('signing in', () => {
  it('brings tokens that the API takes, and says whose they are', async () => {
    const begun = await begin(oauthAt(service));
    const page = await begun.follow();
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('You can close this page');
    const { accessToken, refreshToken, obtainedAt, expiresAt } = await begun.tokens;
    expect(refreshToken).toMatch(/\S/);
    expect((expiresAt ?? 0) - obtainedAt).toBe(64_800_000);
    const { person, granted } = await whoIs({ api: service.apiUrl, accessToken });
    expect(person.id).toBe(service.userId);
    expect(person.name).toMatch(/\S/);
    expect(granted).toContain('conversation:participant:wrapup');
  });

  it('shows the browser the digest of the verifier, never the verifier', async () => {
    const oauth = oauthAt(service);
    const challenge = oauth.challenge();
    const url = await oauth.authorizeUrl(challenge, 'http://localhost:1/oauth/callback');
    const digest = createHash('sha256').update(challenge.verifier).digest('base64url');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client-1',
      response_type: 'code',
      redirect_uri: 'http://localhost:1/oauth/callback',
      code_challenge: digest,
      code_challenge_method: 'S256',
      state: challenge.state,
    });
    expect(url.href).not.toContain(challenge.verifier);
  });

  it('frees the port, however it ended', async () => {
    const begun = await begin(oauthAt(service));
    await begun.follow();
    await begun.tokens;
    await expect(fetch(begun.redirectUri)).rejects.toThrow();

    const given = await begin(oauthAt(service));
    given.giveUp();
    await expect(given.tokens).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(fetch(given.redirectUri)).rejects.toThrow();
  });

  it('says so when the person does not agree', async () => {
    service.control.faults.set({ on: 'http', kind: 'denyLogin' });
    const begun = await begin(oauthAt(service));
    expect(await (await begun.follow()).text()).toContain('declined');
    await expect(begun.tokens).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('declined in the browser') as string,
    });
  });

  it('ends when the person does not come back in time', async () => {
    const clock = createManualClock();
    const begun = await begin(oauthAt(service), { clock, limitMs: 600_000 });
    await clock.advance(599_999);
    expect((await ask(begun.redirectUri, { path: '/' })).status).toBe(404);
    await clock.advance(1);
    await expect(begun.tokens).rejects.toMatchObject({
      message: expect.stringContaining('within 10 minutes') as string,
    });
  });

  it('does not begin without a browser', async () => {
    const beginning = begin(oauthAt(service), { openBrowser: () => Promise.reject(new Error('none')) });
    await expect(beginning).rejects.toMatchObject({ kind: 'local' });
  });

  it('refuses a code that was given for another verifier', async () => {
    const oauth = oauthAt(service);
    const mine = oauth.challenge();
    const redirectUri = 'http://localhost:48651/oauth/callback';
    const url = await oauth.authorizeUrl(oauth.challenge(), redirectUri);
    url.searchParams.set('state', mine.state);
    const back = await fetch(url, { redirect: 'manual' });
    const answer = new URL(back.headers.get('location') ?? '').searchParams;
    const redeeming = oauth.redeem(answer, mine, redirectUri, new AbortController().signal);
    await expect(redeeming).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('invalid_grant') as string,
    });
  });
});

describe('the loopback address', () => {
  it('takes the next port when one is in use, and says so when all are', async () => {
    const blocked = [await blockedPort(), await blockedPort(), await blockedPort()];
    const ports = blocked.map(portOf);
    await expect(begin(oauthAt(service), { ports })).rejects.toMatchObject({
      kind: 'local',
      message: expect.stringContaining(ports.join(', ')) as string,
    });

    const free = blocked[1];
    if (!free) throw new Error('There are three.');
    const freed = portOf(free);
    await new Promise((resolve) => free.close(resolve));
    const begun = await begin(oauthAt(service), { ports });
    expect(begun.redirectUri.href).toBe(`http://localhost:${String(freed)}/oauth/callback`);
    begun.giveUp();
    await expect(begun.tokens).rejects.toThrow();
    for (const server of [blocked[0], blocked[2]]) server?.close();
  });

  it('knows one path, one method and its own name; nothing else ends the wait', async () => {
    const begun = await begin(oauthAt(service));
    const answer = `/oauth/callback?code=stolen&state=${begun.opened.searchParams.get('state') ?? ''}`;
    const refusals = [
      [404, { path: '/' }],
      [404, { path: '/oauth/callback/more' }],
      [404, { path: '//oauth/callback' }],
      [404, { path: answer, host: 'evil.example' }],
      [405, { path: answer, method: 'POST' }],
      [405, { path: answer, method: 'HEAD' }],
      [400, { path: '/oauth/callback' }],
      [400, { path: '/oauth/callback?code=stolen&state=guessed' }],
      [400, { path: '/oauth/callback?error=access_denied&state=guessed' }],
    ] as const;
    for (const [status, over] of refusals) expect((await ask(begun.redirectUri, over)).status).toBe(status);

    await begun.follow();
    expect((await begun.tokens).accessToken).toMatch(/\S/);
  });

  it('answers with a page that keeps nothing, loads nothing and repeats nothing', async () => {
    const begun = await begin(oauthAt(service));
    const { headers, text } = await ask(begun.redirectUri, { path: '/oauth/callback?state=<script>' });
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'") as string,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(text).not.toContain('<script');
    begun.giveUp();
    await expect(begun.tokens).rejects.toThrow();
  });

  it('is every address a browser may take localhost for', async () => {
    const begun = await begin(oauthAt(service));
    const { port } = begun.redirectUri;
    for (const host of loopbackHosts) expect((await fetch(`http://${host}:${port}/`)).status).toBe(404);
    const back = await fetch(begun.opened, { redirect: 'manual' });
    const answer = new URL(back.headers.get('location') ?? '');
    answer.hostname = loopbackHosts.at(-1) ?? '';
    expect((await fetch(answer)).status).toBe(200);
    expect((await begun.tokens).accessToken).toMatch(/\S/);
    for (const host of loopbackHosts) await expect(fetch(`http://${host}:${port}/`)).rejects.toThrow();
  });

  it.each(loopbackHosts)('passes over a port that somebody else has at %s', async (host) => {
    const blocked = createServer();
    await new Promise<void>((resolve) => blocked.listen(0, host.replace(/[[\]]/g, ''), resolve));
    const begun = await begin(oauthAt(service), { ports: [portOf(blocked), 0] });
    expect(begun.redirectUri.port).not.toBe(String(portOf(blocked)));
    begun.giveUp();
    await expect(begun.tokens).rejects.toThrow();
    blocked.close();
  });

  it('is on this machine only', async () => {
    const begun = await begin(oauthAt(service));
    const { port } = begun.redirectUri;
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of outside) await expect(fetch(`http://${address}:${port}/`)).rejects.toThrow();
    begun.giveUp();
    await expect(begun.tokens).rejects.toThrow();
  });
});

describe('the token endpoint', () => {
  it('renews, once for each refresh token', async () => {
    const oauth = oauthAt(service);
    const begun = await begin(oauth);
    await begun.follow();
    const { accessToken, refreshToken } = await begun.tokens;
    const next = await oauth.refresh(refreshToken ?? '');
    expect(next.accessToken).not.toBe(accessToken);
    await expect(oauth.refresh(refreshToken ?? '')).rejects.toMatchObject({ kind: 'refused' });
  });

  it.each([
    ['a web page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['a problem of the server', () => Response.json({ error: 'server_error' }, { status: 503 })],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://portal.example' } }),
    ],
  ])('tells %s from a refusal', async (_name, answer) => {
    const oauth = oauthAt(service, { fetch: () => Promise.resolve(answer()) });
    await expect(oauth.refresh('anything')).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('does not wait for ever', async () => {
    const never: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => {
          reject(new DOMException('Aborted', 'AbortError'));
        });
      });
    const oauth = oauthAt(service, { requestMs: 20, fetch: never });
    await expect(oauth.refresh('anything')).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('forgets the token after signing out', async () => {
    const begun = await begin(oauthAt(service));
    await begun.follow();
    const { accessToken } = await begun.tokens;
    const asked = { api: service.apiUrl, accessToken };
    expect(await revokeToken(asked)).toBe('revoked');
    await expect(whoIs(asked)).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(await revokeToken(asked)).toBe('unknown');
  });
});

describe('what an error tells', () => {
  it('never holds what was secret, not even in what caused it', async () => {
    const canary = 'canary-Zq3vX9rT7kLm2pWs8yBn';
    const answers = [
      Response.json({ access_token: canary, token_type: 'mac', expires_in: 5 }),
      Response.json({ access_token: canary, token_type: 'bearer', expires_in: 'soon' }),
      Response.json({ access_token: canary, refresh_token: canary }),
      Response.json({ error: 'invalid_grant', error_description: `not ${canary}` }, { status: 400 }),
      new Response(`{"access_token":"${canary}"`, { headers: { 'content-type': 'application/json' } }),
    ];
    for (const answer of answers) {
      const oauth = oauthAt(service, { fetch: () => Promise.resolve(answer) });
      const error: unknown = await oauth.refresh(canary).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      const { stack, message, cause } = error as Error;
      expect(`${String(stack)} ${message} ${JSON.stringify(error)}`).not.toContain(canary);
      expect(cause).toBeUndefined();
    }
  });
});
