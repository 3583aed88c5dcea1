import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';

/** A small server that behaves until it is told not to: one route at a time can be made hostile. */

export interface Asked {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly body: string;
  readonly authorization: string | undefined;
}

export type Reply = (response: ServerResponse, asked: Asked) => void;

export interface Peer {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Open notification sockets, oldest first. */
  readonly sockets: readonly WebSocket[];
  /** TCP connections with a socket or a request on them; idle keep-alive ones do not count. */
  busy(): number;
  /** Answers this route so, until told otherwise; `null` behaves again. */
  route(route: string, reply: Reply | null): void;
  /** The status with which upgrades are declined, `never` for no answer at all; null accepts them. */
  decline(how: number | 'never' | null, headers?: Readonly<Record<string, string>>): void;
  /** Called for each notification socket as it opens. */
  onSocket(listener: (socket: WebSocket) => void): void;
  requests(route: string): readonly Asked[];
  close(): Promise<void>;
}

export const userId = 'a7c3e5d0-1111-4222-8333-444455556666';
export const topic = `v2.users.${userId}.conversations`;
export const channelId = 'channel-0f8b2c41';

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

export function text(status: number, body: string, contentType = 'text/html'): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': contentType });
    response.end(body);
  };
}

/** Takes the request and never says a word. */
export const hang: Reply = () => undefined;

export function event(body: unknown, topicName = topic): string {
  return JSON.stringify({ topicName, version: '2', eventBody: body, metadata: { CorrelationId: 'c' } });
}

export async function startPeer(): Promise<Peer> {
  const asked: Asked[] = [];
  const routes = new Map<string, Reply>();
  const sockets: WebSocket[] = [];
  const unanswered: Duplex[] = [];
  const listeners: ((socket: WebSocket) => void)[] = [];
  let declined: number | 'never' | null = null;
  let declinedWith = '';
  let pending = 0;
  let url = '';

  const behaved = new Map<string, Reply>([
    ['GET /api/v2/users/me', json(200, { id: userId, name: 'Ada Agent' })],
    [
      'POST /api/v2/notifications/channels',
      (response, request) => {
        json(200, { id: channelId, connectUri: `${url.replace('http', 'ws')}/channels/${channelId}` })(
          response,
          request,
        );
      },
    ],
    [
      `POST /api/v2/notifications/channels/${channelId}/subscriptions`,
      json(200, { entities: [{ id: topic, state: 'Permitted' }] }),
    ],
    ['GET /api/v2/conversations', json(200, { entities: [], total: 0 })],
  ]);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    pending += 1;
    response.on('close', () => {
      pending -= 1;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const one: Asked = {
      method: request.method ?? '',
      path: request.url ?? '',
      body: Buffer.concat(chunks).toString(),
      authorization: request.headers.authorization,
    };
    asked.push(one);
    const route = `${one.method} ${one.path.replace(/\?.*/, '')}`;
    const reply =
      routes.get(route) ?? behaved.get(route) ?? json(404, { message: 'Not found', code: 'not.found' });
    reply(response, one);
  }

  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const socketServer = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, stream, head) => {
    if (declined === 'never') {
      unanswered.push(stream);
      return;
    }
    if (declined !== null) {
      stream.end(
        `HTTP/1.1 ${declined} Declined\r\n${declinedWith}Content-Length: 0\r\nConnection: close\r\n\r\n`,
      );
      return;
    }
    socketServer.handleUpgrade(request, stream, head, (socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.splice(sockets.indexOf(socket), 1);
      });
      for (const listener of listeners) listener(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    asked,
    sockets,
    busy: () => pending + sockets.length,
    route(route, reply) {
      if (reply) routes.set(route, reply);
      else routes.delete(route);
    },
    decline(how, headers = {}) {
      declined = how;
      declinedWith = Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('');
    },
    onSocket(listener) {
      listeners.push(listener);
    },
    requests: (route) =>
      asked.filter(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}` === route),
    async close() {
      for (const socket of sockets) socket.terminate();
      for (const stream of unanswered) stream.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
