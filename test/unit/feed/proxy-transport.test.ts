import { once, type EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket as BrowserWebSocket } from 'undici';
import { WebSocketServer } from 'ws';
import type { Feed } from '../../../domain/feed.ts';
import { createOAuth } from '../../../electron/feed/genesys/auth/oauth.ts';
import { systemClock } from '../../../electron/system-clock.ts';
import { EngineSocket } from '../../../electron/feed/genesys/engine-socket.ts';
import { createGenesysFeed } from '../../../electron/feed/genesys/feed.ts';
import {
  createTransport,
  type ProxyFor,
  type Transport,
} from '../../../electron/feed/genesys/proxy-transport.ts';
import { startSimulator, type RunningSimulator } from '../../../electron/feed/simulator/server.ts';
import { startConnectProxy, type ConnectProxy } from '../connect-proxy.ts';
import { localhost } from './localhost.ts';
import { createRecorder, type Recorder } from './recorder.ts';

let service: RunningSimulator;
let proxy: ConnectProxy;
let recorder: Recorder;
let feed: Feed | null = null;

beforeEach(async () => {
  service = await startSimulator({ scenario: 'idle' });
  proxy = await startConnectProxy();
  recorder = createRecorder();
});
afterEach(async () => {
  await feed?.stop();
  feed = null;
  await proxy.close();
  await service.close();
});

function start(proxyFor: ProxyFor, engine: Transport | null = null): Feed {
  feed = createGenesysFeed({
    apiUrl: service.apiUrl,
    token: () => service.accessToken,
    listener: recorder.listener,
    random: () => 0,
    ...createTransport(proxyFor, engine),
  });
  feed.start();
  return feed;
}

describe('where the network has a proxy', () => {
  it('requests and the socket go through it, in tunnels', async () => {
    const feed = start(() => Promise.resolve(proxy.url));
    await recorder.link('live');
    const { host } = new URL(service.apiUrl);
    expect(new Set(proxy.asked)).toEqual(new Set([host]));
    // One for the requests, one for the socket.
    expect(proxy.asked.length).toBeGreaterThanOrEqual(2);
    expect(proxy.open).toEqual([]);

    const target = service.control.begin({ policy: 'optional' });
    await recorder.until(() => recorder.arrivals.some(({ source }) => source === 'socket'));
    expect(await feed.send(target, { kind: 'answer' })).toEqual({ kind: 'accepted' });
    expect(recorder.answers.length).toBeGreaterThan(0);
  });

  it('signing in goes through it as well, and its answers are understood', async () => {
    const oauth = createOAuth({
      login: new URL(service.loginUrl),
      clientId: 'sharelight-test',
      fetch: createTransport(() => Promise.resolve(proxy.url)).fetch,
      clock: systemClock,
      requestMs: 15_000,
    });
    await expect(oauth.refresh('worth nothing')).rejects.toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('The refresh token is invalid') as string,
    });
    expect(proxy.asked).toEqual([new URL(service.loginUrl).host]);
  });

  it('it is asked for each connection, with the address that is meant', async () => {
    const proxyFor = vi.fn<ProxyFor>(() => Promise.resolve(null));
    start(proxyFor);
    await recorder.link('live');
    const schemes = new Set(proxyFor.mock.calls.map(([address]) => address.protocol));
    expect(schemes).toEqual(new Set(['http:', 'ws:']));
    expect(proxy.asked).toEqual([]);
  });

  it('one that is not there is an offline link that is tried again', async () => {
    const away = new URL('http://127.0.0.1:9');
    start(() => Promise.resolve(away));
    const { retryAt } = await recorder.link('offline');
    expect(retryAt).not.toBeNull();
  });
});

describe('where the proxy wants to know who asks', () => {
  let strict: ConnectProxy;
  beforeEach(async () => {
    strict = await startConnectProxy('me:se cret');
  });
  afterEach(() => strict.close());

  /** The browser engine's way: it knows how to get through. */
  function engine(): Transport & { readonly fetched: string[]; readonly dialled: string[] } {
    const fetched: string[] = [];
    const dialled: string[] = [];
    return {
      fetched,
      dialled,
      fetch: (input, init) => {
        const address = input instanceof Request ? input.url : String(input);
        fetched.push(`${init?.method ?? 'GET'} ${new URL(address).pathname}`);
        return fetch(input, init);
      },
      dial: (address, { maxPayload = 0 }) => {
        dialled.push(address.pathname);
        return new EngineSocket(new BrowserWebSocket(address.href), maxPayload);
      },
    };
  }

  it('everything goes by the engine, and each request is sent once', async () => {
    const way = engine();
    const feed = start(() => Promise.resolve(strict.url), way);
    await recorder.link('live');
    expect(strict.asked).toEqual([]);
    expect(way.dialled).toHaveLength(1);
    expect(way.fetched.filter((one) => one === 'POST /api/v2/notifications/channels')).toHaveLength(1);
    const target = service.control.begin({ policy: 'optional' });
    await recorder.until(() => recorder.arrivals.some(({ source }) => source === 'socket'));
    expect(await feed.send(target, { kind: 'answer' })).toEqual({ kind: 'accepted' });
  });

  it('without the engine it is an offline link', async () => {
    start(() => Promise.resolve(strict.url));
    const { reason } = await recorder.link('offline');
    expect(reason).toContain(new URL(service.apiUrl).host);
  });

  it('a name and password in its address open the tunnels, and the engine is not needed', async () => {
    const way = engine();
    const known = Object.assign(new URL(strict.url), { username: 'me', password: 'se%20cret' });
    start(() => Promise.resolve(known), way);
    await recorder.link('live');
    expect(strict.asked.length).toBeGreaterThanOrEqual(2);
    expect([...way.fetched, ...way.dialled]).toEqual([]);
  });

  it('one of another kind is left to the engine', async () => {
    const way = engine();
    start(() => Promise.resolve(new URL('socks5://socks.example:1080')), way);
    await recorder.link('live');
    expect(way.dialled).toHaveLength(1);
  });

  it.each([
    ['one that asks', () => strict.url],
    ['one of another kind', () => new URL('socks5://socks.example:1080')],
  ])(
    'a socket finds its way without a request before it, where the network has become one with %s',
    async (_which, its) => {
      const way = engine();
      let now: URL | null = null;
      const feed = start(() => Promise.resolve(now), way);
      await recorder.link('live');
      now = its();
      feed.reconnect();
      await recorder.link('live', 2);
      expect(way.dialled).toHaveLength(1);
    },
  );

  it('an ordinary one is never the engine’s', async () => {
    const way = engine();
    start(() => Promise.resolve(proxy.url), way);
    await recorder.link('live');
    expect([...way.fetched, ...way.dialled]).toEqual([]);
    expect(proxy.asked.length).toBeGreaterThanOrEqual(2);
  });
});

describe('a protected socket', () => {
  let server: HttpsServer;
  let address: URL;
  const names: string[] = [];
  const tokens: string[] = [];
  beforeEach(async () => {
    names.length = 0;
    tokens.length = 0;
    server = createSecureServer({ key: localhost.key, cert: localhost.certificate }).listen(0, '127.0.0.1');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      tokens.push(request.headers.authorization ?? '');
      response.end('{}');
    });
    server.on('secureConnection', ({ servername }) => names.push(servername || 'nobody'));
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket, request) => {
      socket.send(request.url ?? '');
    });
    await once(server, 'listening');
    address = new URL(`wss://localhost:${String((server.address() as AddressInfo).port)}/channels/one?x=1`);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const opened = async (proxied: boolean, ca?: string): Promise<string> => {
    const { dial } = createTransport(() => Promise.resolve(proxied ? proxy.url : null));
    const socket = dial(address, { ...(ca === undefined ? {} : { ca }), family: 4 });
    const [said] = (await once(socket as unknown as EventEmitter, 'message')) as [Buffer];
    socket.terminate();
    return said.toString();
  };

  it.each([
    ['through a proxy', true],
    ['without one', false],
  ])('%s says whom it means and believes only who can prove it', async (_how, proxied) => {
    expect(await opened(proxied, localhost.certificate)).toBe('/channels/one?x=1');
    expect(names).toEqual(['localhost']);
    await expect(opened(proxied)).rejects.toThrow(/self-signed/);
    expect(names).toHaveLength(1);
    expect(proxy.asked.length > 0).toBe(proxied);
  });

  it.each([
    ['through a proxy', true],
    ['without one', false],
  ])('%s stays protected where the environment would trust anybody', async (_how, proxied) => {
    const { fetch } = createTransport(() => Promise.resolve(proxied ? proxy.url : null));
    const open = new URL(`https://localhost:${address.port}/api/v2/users/me`);
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      await expect(opened(proxied)).rejects.toThrow(/self-signed/);
      const asked = fetch(open, { headers: { authorization: 'Bearer secret' } });
      await expect(asked).rejects.toThrow();
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
    expect(tokens).toEqual([]);
  });
});

describe('a request', () => {
  let odd: Server;
  let address: URL;
  beforeEach(async () => {
    odd = createServer((request, response) => {
      if (request.url === '/elsewhere') response.writeHead(302, { location: '/there' }).end();
      else if (request.url === '/never') return;
      else response.writeHead(200, { 'set-cookie': 'a=b' }).end(request.headers.cookie ?? 'none');
    }).listen(0, '127.0.0.1');
    await once(odd, 'listening');
    address = new URL(`http://127.0.0.1:${String((odd.address() as AddressInfo).port)}`);
  });
  afterEach(() => {
    odd.closeAllConnections();
    odd.close();
  });

  it('never goes unprotected to another machine', async () => {
    const proxyFor = vi.fn<ProxyFor>(() => Promise.resolve(null));
    const { fetch } = createTransport(proxyFor);
    await expect(fetch('http://api.mypurecloud.de/api/v2/users/me')).rejects.toThrow(/Use https/);
    expect(proxyFor).not.toHaveBeenCalled();
  });

  it.each([
    ['through a proxy', true],
    ['without one', false],
  ])('%s follows no redirect, sends no cookie, and is given up when told', async (_how, proxied) => {
    const { fetch } = createTransport(() => Promise.resolve(proxied ? proxy.url : null));
    const elsewhere = await fetch(new URL('/elsewhere', address), { redirect: 'manual' });
    expect(elsewhere.status).toBe(302);
    await fetch(address).then((answer) => answer.text());
    const again = await fetch(address);
    expect(await again.text()).toBe('none');
    expect(again.headers.get('date')).not.toBeNull();
    const abort = new AbortController();
    const never = fetch(new URL('/never', address), { signal: abort.signal });
    abort.abort();
    await expect(never).rejects.toThrow(/abort/i);
    expect(proxy.asked.length > 0).toBe(proxied);
  });
});
