import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createControlDoor } from '../../../electron/feed/simulator/control-door.ts';
import type { Begun } from '../../../electron/feed/simulator/control.ts';
import type { RunningSimulator } from '../../../electron/feed/simulator/server.ts';
import { call, listen, still, type ErrorDocument } from './client.ts';

let simulator: RunningSimulator;
beforeEach(async () => {
  simulator = await still();
});
afterEach(() => simulator.close());

describe('every answer', () => {
  it('carries a correlation id, the service’s clock and the count of requests', async () => {
    simulator.control.advance(90 * 60_000);
    const { headers } = await call(simulator, 'GET', '/api/v2/users/me');
    expect(headers.get('inin-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('inin-ratelimit-allowed')).toBe('300');
    expect(Date.parse(headers.get('date') ?? '') - Date.now()).toBeGreaterThan(89 * 60_000);
  });

  it('to an accepted command is empty, and its event names the same correlation', async () => {
    const listener = await listen(simulator);
    const { conversationId, participantId } = simulator.control.begin();
    const path = `/api/v2/conversations/${conversationId}/participants/${participantId}`;
    const { status, text, headers } = await call(simulator, 'PATCH', path, { state: 'connected' });
    expect([status, text, headers.get('content-type')]).toEqual([202, '', null]);
    const event = await listener.next(
      ({ eventBody }) => eventBody?.participants?.at(-1)?.['connectedTime'] !== undefined,
    );
    expect(event.metadata?.CorrelationId).toBe(headers.get('inin-correlation-id'));
  });
});

describe('a request is refused', () => {
  it.each([
    ['GET', '/api/v2/nowhere', undefined, 404, 'not.found'],
    ['GET', '/api/v2/conversations/none', undefined, 404, 'not.found'],
    ['DELETE', '/api/v2/users/me', undefined, 405, 'method.not.allowed'],
    ['POST', '/api/v2/notifications/channels/none/subscriptions', [], 404, 'not.found'],
    ['POST', '/api/v2/notifications/channels', '{"half":', 400, 'bad.request'],
  ])('%s %s %j → %i %s', async (method, path, body, status, code) => {
    const answer = await call<ErrorDocument>(simulator, method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, code, details: [], errors: [] });
    expect(answer.body.contextId).toBe(answer.headers.get('inin-correlation-id'));
  });

  it('without a token, and with a wrong one', async () => {
    const get = (authorization: string) =>
      call<ErrorDocument>(simulator, 'GET', '/api/v2/users/me', undefined, { Authorization: authorization });
    expect((await get('')).body).toMatchObject({ status: 401, code: 'authentication.required' });
    expect((await get('Bearer wrong')).body).toMatchObject({ status: 401, code: 'bad.credentials' });
    simulator.control.expireTokens();
    expect((await get(`Bearer ${simulator.accessToken}`)).body).toMatchObject({
      status: 401,
      code: 'bad.credentials',
    });
  });

  it('with another content type', async () => {
    const { body } = await call<ErrorDocument>(simulator, 'POST', '/api/v2/notifications/channels', '{}', {
      'Content-Type': 'text/plain',
    });
    expect(body).toMatchObject({ status: 415, code: 'unsupported.media.type' });
  });

  it('when it is too large', async () => {
    const { body } = await call<ErrorDocument>(
      simulator,
      'POST',
      '/api/v2/notifications/channels',
      'x'.repeat(1_100_000),
    );
    expect(body).toMatchObject({ status: 413 });
  });

  it('above the rate, until the minute is over', async () => {
    await simulator.close();
    let wall = Date.now();
    simulator = await still({ rateLimit: 1, now: () => wall });
    await call(simulator, 'GET', '/api/v2/users/me');
    wall += 20_000;
    const { status, headers } = await call(simulator, 'GET', '/api/v2/users/me');
    expect([status, headers.get('retry-after')]).toEqual([429, '40']);
    wall += 40_000;
    expect((await call(simulator, 'GET', '/api/v2/users/me')).status).toBe(200);
  });
});

describe('what clients have sent', () => {
  it('is kept in order, with the answer it got', async () => {
    const { conversationId, participantId } = simulator.control.begin();
    const path = `/api/v2/conversations/${conversationId}/participants/${participantId}`;
    await call(simulator, 'PATCH', path, { state: 'connected' });
    await call(simulator, 'PATCH', path, { wrapup: { code: 'nonsense' } });
    await call(simulator, 'GET', '/api/v2/conversations');
    expect(simulator.control.received()).toEqual([
      expect.objectContaining({ method: 'PATCH', path, body: { state: 'connected' }, status: 202 }),
      expect.objectContaining({ method: 'PATCH', path, body: { wrapup: { code: 'nonsense' } }, status: 400 }),
    ]);
  });
});

describe('control over HTTP', () => {
  const secret = 'printed-at-the-start';
  const Authorization = `Bearer ${secret}`;
  let driven: RunningSimulator;
  beforeEach(async () => {
    driven = await still({ door: createControlDoor(secret) });
  });
  afterEach(() => driven.close());

  const control = <Body = Begun>(command: unknown) =>
    call<Body>(driven, 'POST', '/_simulator/control', command, { Authorization });
  const state = () =>
    call<{ conversations: { phase: string }[] }>(driven, 'GET', '/_simulator/state', undefined, {
      Authorization,
    });

  it('drives a conversation and shows the world', async () => {
    const { status, body } = await control({
      do: 'begin',
      options: { policy: 'optional', queue: 'Billing help' },
    });
    expect(status).toBe(200);
    expect(body.conversationId).toMatch(/^[0-9a-f-]{36}$/);
    await control({ do: 'answer' });
    await control({ do: 'startSharing', peers: 3 });
    expect((await state()).body.conversations).toMatchObject([{ phase: 'connected' }]);
    expect(driven.control.world.conversations[0]?.parties.at(-1)?.leg).toMatchObject({
      sharing: true,
      peerCount: 3,
    });
  });

  it('shows no token, wherever one may lie', async () => {
    const { world } = driven.control;
    world.tokens.push({
      accessToken: 'access-of-a-person',
      refreshToken: 'refresh-of-a-person',
      expiresAt: 1,
    });
    await listen(driven);
    const [channel] = world.channels;
    Object.assign(channel ?? {}, { accessToken: driven.accessToken, note: `Bearer ${driven.accessToken}` });
    const { status, text } = await state();
    expect(status).toBe(200);
    expect(text).toContain(channel?.id);
    for (const secretText of [driven.accessToken, 'access-of-a-person', 'refresh-of-a-person', 'accessToken'])
      expect(text).not.toContain(secretText);
  });

  it.each([
    [{ do: 'answer' }, 409],
    [{ do: 'begin', options: { queue: 'Nowhere' } }, 409],
    [{ do: 'dance' }, 400],
    [{ do: 'begin', options: { policy: 'never' } }, 400],
    ['{', 400],
  ])('%j → %i with a word why', async (command, status) => {
    const answer = await control<{ message: string }>(command);
    expect(answer.status).toBe(status);
    expect(answer.body.message.length).toBeGreaterThan(5);
  });

  it('takes faults and server commands', async () => {
    await control({ do: 'faults', faults: [{ on: 'http', kind: 'status', path: '/users/me', times: 1 }] });
    expect((await call(driven, 'GET', '/api/v2/users/me')).status).toBe(503);
    await control({ do: 'expireTokens' });
    expect((await call(driven, 'GET', '/api/v2/users/me')).status).toBe(401);
  });

  it('comes back by itself after going dark', async () => {
    await control({ do: 'goDark', forMs: 30 });
    const reached = () =>
      fetch(`${driven.apiUrl}/_simulator/state`).then(
        () => true,
        () => false,
      );
    while (await reached()) await new Promise(setImmediate);
    while (!(await reached())) await new Promise(setImmediate);
    expect((await call(driven, 'GET', '/api/v2/users/me')).status).toBe(200);
  });

  it('is closed without the secret, with a token of the service, and to a form’s content type', async () => {
    for (const wrong of [
      '',
      'Bearer',
      'Bearer ',
      `Bearer ${driven.accessToken}`,
      `Bearer ${secret}x`,
      secret,
    ]) {
      const headers = { Authorization: wrong };
      expect((await call(driven, 'GET', '/_simulator/state', undefined, headers)).status).toBe(401);
      const begun = await call(driven, 'POST', '/_simulator/control', { do: 'begin' }, headers);
      expect(begun.status).toBe(401);
    }
    const headers = { Authorization, 'Content-Type': 'text/plain' };
    const form = await call(driven, 'POST', '/_simulator/control', '{"do":"begin"}', headers);
    expect(form.status).toBe(415);
    expect(driven.control.world.conversations).toEqual([]);
  });

  it('is not there in the simulator of the product', async () => {
    for (const headers of [{}, { Authorization }])
      expect((await call(simulator, 'GET', '/_simulator/state', undefined, headers)).status).not.toBe(200);
    const command = await call(simulator, 'POST', '/_simulator/control', { do: 'begin' }, { Authorization });
    expect(command.status).not.toBe(200);
    expect(simulator.control.world.conversations).toEqual([]);
  });
});

describe('a web page that had its name point to this machine', () => {
  const asked = (path: string, host: string, more: Record<string, string> = {}) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request(simulator.apiUrl + path, { headers: { host, ...more } }, (answer) =>
        resolve(answer.resume().statusCode),
      );
      sent.on('error', reject).end();
    });

  it.each([
    '/api/v2/users/me',
    '/oauth/authorize?client_id=a&redirect_uri=http://localhost/',
    '/oauth/token',
    '/_simulator/state',
    '/',
  ])('is refused at %s', async (path) => {
    const headers = { authorization: `Bearer ${simulator.accessToken}` };
    for (const host of ['pages.example', '127.0.0.1.pages.example', 'localhost.pages.example:80'])
      expect(await asked(path, host, headers)).toBe(403);
  });

  it('is refused at the socket too, and this machine is not', async () => {
    const { channelId } = await listen(simulator);
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    expect(await asked(`/channels/${channelId}`, 'pages.example', upgrade)).toBe(403);
    for (const host of [new URL(simulator.apiUrl).host, 'localhost:1'])
      expect(await asked('/api/v2/users/me', host)).toBe(401);
  });
});
