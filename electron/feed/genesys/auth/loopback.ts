import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { say, type MessageKey } from '../../../../domain/words/say.ts';
import { createDeferred } from '../deferred.ts';
import { page, pageHeaders } from './page.ts';
import { SignInProblem } from './problem.ts';

/** Waiting, on this machine only, for the browser to come back with the answer. */
export interface Loopback {
  /** What the browser is to be sent back to: `http://localhost:<port>/oauth/callback`. */
  readonly redirectUri: string;
  /** The parameters of the one answer that belongs to this sign-in. Never settles once closed. */
  readonly answer: Promise<URLSearchParams>;
  /** Resolves when the port is free again. */
  close(): Promise<void>;
}

export interface LoopbackOptions {
  /** Tried in this order; the first free one is taken. */
  readonly ports: readonly number[];
  readonly path: string;
  /** Only an answer that carries it is ours; any other is turned away and the wait goes on. */
  readonly state: string;
}

/** A browser asks for a page and perhaps an icon; nobody else has any business here. */
const connectionsAtMost = 8;
const headersMs = 5_000;

function listen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const failed = (): void => {
      resolve(false);
    };
    server.once('error', failed);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', failed);
      resolve(true);
    });
  });
}

async function firstFree(server: Server, ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    if (await listen(server, port)) return (server.address() as AddressInfo).port;
  }
  throw new SignInProblem('local', say('signIn.portsTaken', { ports: ports.join(', ') }));
}

/** Opens the port. Throws `SignInProblem` when every one is taken. */
export async function openLoopback({ ports, path, state }: LoopbackOptions): Promise<Loopback> {
  const answer = createDeferred<URLSearchParams>();
  const server = createServer({ headersTimeout: headersMs, requestTimeout: headersMs });
  server.maxConnections = connectionsAtMost;
  const port = await firstFree(server, ports);
  const hosts = [`localhost:${String(port)}`, `127.0.0.1:${String(port)}`];
  let taken = false;

  function reply(
    response: ServerResponse,
    status: number,
    title: MessageKey,
    text: MessageKey,
  ): Promise<void> {
    return new Promise((resolve) => {
      // Gone is as good as sent: the browser may have closed the tab.
      response.once('close', resolve);
      response.writeHead(status, pageHeaders).end(page(say(title), say(text)));
    });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url ?? '';
    const url = URL.canParse(target, 'http://localhost') ? new URL(target, 'http://localhost') : null;
    // A name of somebody else's that was made to point here is not us.
    if (url?.pathname !== path || !hosts.includes(request.headers.host ?? '')) {
      return reply(response, 404, 'signIn.page.nothing', 'signIn.page.nothing.text');
    }
    if (request.method !== 'GET') {
      response.setHeader('allow', 'GET');
      return reply(response, 405, 'signIn.page.nothing', 'signIn.page.nothing.text');
    }
    const parameters = url.searchParams;
    if (taken || parameters.get('state') !== state) {
      return reply(response, 400, 'signIn.page.stranger', 'signIn.page.stranger.text');
    }
    taken = true;
    const denied = parameters.has('error');
    await reply(
      response,
      200,
      denied ? 'signIn.page.denied' : 'signIn.page.done',
      denied ? 'signIn.page.denied.text' : 'signIn.page.done.text',
    );
    answer.resolve(parameters);
  }

  server.on('request', (request, response) => {
    request.resume();
    void serve(request, response);
  });
  return {
    redirectUri: `http://localhost:${String(port)}${path}`,
    answer: answer.promise,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
